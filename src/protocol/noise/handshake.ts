/**
 * A Noise handshake (revision 34, §5.3) of the patterns XX, XXpsk3 and X over 25519, AESGCM and SHA256. It makes and reads
 * messages; the caller moves them.
 */

import { tagBytes } from "./cipher-state.ts";
import { SymmetricState } from "./symmetric-state.ts";
import { computeShared, keyBytes, type KeyPair } from "./x25519.ts";

type Token = "e" | "s" | "ee" | "es" | "se" | "ss" | "psk";
export type PatternName = "XX" | "XXpsk3" | "X";

/** The tokens of each message; the initiator writes the first, the responder the second, and so on. */
const patterns: Readonly<Record<PatternName, readonly (readonly Token[])[]>> = {
  XX: [["e"], ["e", "ee", "s", "es"], ["s", "se"]],
  XXpsk3: [["e"], ["e", "ee", "s", "es"], ["s", "se", "psk"]],
  X: [["e", "es", "s", "ss"]],
};

interface HandshakeStart {
  readonly pattern: PatternName;
  readonly isInitiator: boolean;
  readonly prologue: Uint8Array;
  readonly ours: KeyPair;
  /** For the one message in which we send it. */
  readonly ephemeral: KeyPair | undefined;
  /** X, at the initiator: the receiver's public key. */
  readonly theirs?: Uint8Array;
  /** XXpsk3: 32 bytes, which are copied. */
  readonly psk?: Uint8Array;
}

/** The secrets of both sides when the last message was written or read. */
export interface HandshakeResult {
  readonly sendKey: Uint8Array;
  readonly receiveKey: Uint8Array;
  readonly handshakeHash: Uint8Array;
  /** The public key of the other side. */
  readonly theirs: Uint8Array;
}

export class NoiseHandshake {
  readonly #start: HandshakeStart;
  readonly #tokens: readonly (readonly Token[])[];
  #state: SymmetricState;
  #theirEphemeral: Uint8Array | undefined;
  #theirs: Uint8Array | undefined;
  #psk: Uint8Array | undefined;
  #messages = 0;
  #hasReadStatic = false;

  constructor(start: HandshakeStart) {
    this.#start = start;
    this.#tokens = patterns[start.pattern];
    this.#state = new SymmetricState(`Noise_${start.pattern}_25519_AESGCM_SHA256`);
    this.#state.mixHash(start.prologue);
    this.#psk = start.psk && new Uint8Array(start.psk);
    this.#theirs = start.theirs;
    if (start.pattern === "X") this.#state.mixHash(start.theirs ?? start.ours.publicKey);
  }

  /** The last message was written or read. */
  get isDone(): boolean {
    return this.#messages === this.#tokens.length;
  }

  /** The public key of the other side, once a message has had it. */
  get theirs(): Uint8Array | undefined {
    return this.#theirs;
  }

  /** The static key in the last message was right, whatever followed it: who sent the ephemeral key has sealed it. */
  get hasReadStatic(): boolean {
    return this.#hasReadStatic;
  }

  /** XXpsk3: the key for the third message, 32 bytes, which is the handshake's from now on. */
  setPsk(psk: Uint8Array): void {
    this.#psk?.fill(0);
    this.#psk = psk;
  }

  /** The next message. Undefined if the other side's key is of low order; the handshake is over then. */
  write(payload: Uint8Array): Uint8Array | undefined {
    const parts: Uint8Array[] = [];
    for (const token of this.#takeTokens()) {
      if (token === "e") parts.push(this.#writeEphemeral());
      else if (token === "s") parts.push(this.#state.encryptAndHash(this.#start.ours.publicKey));
      else if (!this.#mix(token)) return undefined;
    }
    parts.push(this.#state.encryptAndHash(payload));
    return Buffer.concat(parts);
  }

  /** The payload of the other side's next message. Undefined if it is wrong; then the handshake is as it was before. */
  read(message: Uint8Array): Uint8Array | undefined {
    const before = this.#state.copy();
    const payload = this.#read(message);
    if (payload !== undefined) {
      before.erase();
      return payload;
    }
    this.#state.erase();
    this.#state = before;
    this.#messages -= 1;
    return undefined;
  }

  #read(message: Uint8Array): Uint8Array | undefined {
    let rest = message;
    this.#hasReadStatic = false;
    for (const token of this.#takeTokens()) {
      if (token === "e") {
        if (rest.length < keyBytes) return undefined;
        this.#readEphemeral(new Uint8Array(rest.subarray(0, keyBytes)));
        rest = rest.subarray(keyBytes);
      } else if (token === "s") {
        const length = keyBytes + (this.#state.hasKey ? tagBytes : 0);
        if (rest.length < length) return undefined;
        this.#theirs = this.#state.decryptAndHash(rest.subarray(0, length));
        if (this.#theirs === undefined) return undefined;
        this.#hasReadStatic = true;
        rest = rest.subarray(length);
      } else if (!this.#mix(token)) return undefined;
    }
    return this.#state.decryptAndHash(rest);
  }

  /** Once `isDone`. The caller owns the keys, and fills them with zero; the handshake's own are erased. */
  finish(): HandshakeResult | undefined {
    if (this.#theirs === undefined || !this.isDone) return undefined;
    const [first, second] = this.#state.split();
    const { isInitiator } = this.#start;
    const handshakeHash = this.#state.handshakeHash;
    this.erase();
    return {
      sendKey: isInitiator ? first : second,
      receiveKey: isInitiator ? second : first,
      handshakeHash,
      theirs: this.#theirs,
    };
  }

  erase(): void {
    this.#state.erase();
    this.#psk?.fill(0);
  }

  #takeTokens(): readonly Token[] {
    const tokens = this.#tokens[this.#messages] ?? [];
    this.#messages += 1;
    return tokens;
  }

  #writeEphemeral(): Uint8Array {
    const { publicKey } = this.#start.ephemeral!;
    this.#mixEphemeral(publicKey);
    return publicKey;
  }

  #readEphemeral(publicKey: Uint8Array): void {
    this.#theirEphemeral = publicKey;
    this.#mixEphemeral(publicKey);
  }

  /** With a pre-shared key, ephemeral keys are mixed into the key as well (§9.2). */
  #mixEphemeral(publicKey: Uint8Array): void {
    this.#state.mixHash(publicKey);
    if (this.#start.pattern === "XXpsk3") this.#state.mixKey(new Uint8Array(publicKey));
  }

  /** Mixes in a shared secret, or the pre-shared key. False for a key of low order. */
  #mix(token: Exclude<Token, "e" | "s">): boolean {
    if (token === "psk") {
      if (this.#psk === undefined) return false;
      this.#state.mixKeyAndHash(this.#psk);
      return true;
    }
    const { isInitiator, ours, ephemeral } = this.#start;
    const [initiators, responders] = token;
    const isOurEphemeral = (isInitiator ? initiators : responders) === "e";
    const isTheirEphemeral = (isInitiator ? responders : initiators) === "e";
    const secret = isOurEphemeral ? ephemeral?.secret : ours.secret;
    const publicKey = isTheirEphemeral ? this.#theirEphemeral : this.#theirs;
    if (secret === undefined || publicKey === undefined) return false;
    const shared = computeShared(secret, publicKey);
    if (shared !== undefined) this.#state.mixKey(shared);
    return shared !== undefined;
  }
}
