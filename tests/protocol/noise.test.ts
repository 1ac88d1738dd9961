/** Noise handshakes: published vectors, another implementation, and what does not authenticate. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { join } from "node:path";
import { CipherState } from "../../src/protocol/noise/cipher-state.ts";
import {
  type HandshakeResult,
  NoiseHandshake,
  type PatternName,
} from "../../src/protocol/noise/handshake.ts";
import { computeShared, makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import published from "../support/corpora/noise/cacophony-xx.json" with { type: "json" };

const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));
const toHex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");
const keyOf = (byte: number) => makeKeyPair(new Uint8Array(32).fill(byte));
const psk = new Uint8Array(32).fill(0x77);

interface Vector {
  readonly protocol_name: string;
  readonly init_prologue: string;
  readonly init_static: string;
  readonly init_ephemeral: string;
  readonly init_psks?: readonly string[];
  readonly resp_prologue: string;
  readonly resp_static: string;
  readonly resp_ephemeral: string;
  readonly resp_psks?: readonly string[];
  readonly handshake_hash: string;
  readonly messages: readonly { readonly payload: string; readonly ciphertext: string }[];
}

const vectors = (published.vectors as readonly Vector[]).filter((one) =>
  one.protocol_name.includes("AESGCM"),
);

/** The two sides of a vector, the initiator first. */
function sidesOf(vector: Vector): readonly [NoiseHandshake, NoiseHandshake] {
  const pattern = vector.protocol_name.split("_")[1] as PatternName;
  const make = (side: "init" | "resp"): NoiseHandshake =>
    new NoiseHandshake({
      pattern,
      isInitiator: side === "init",
      prologue: fromHex(vector[`${side}_prologue`]),
      ours: makeKeyPair(fromHex(vector[`${side}_static`])),
      ephemeral: makeKeyPair(fromHex(vector[`${side}_ephemeral`])),
      ...(vector[`${side}_psks`] && { psk: fromHex(vector[`${side}_psks`]![0]!) }),
    });
  return [make("init"), make("resp")];
}

test("the published vectors of XX and XXpsk3 with AESGCM hold, message by message", () => {
  expect(vectors.map((one) => one.protocol_name)).toEqual([
    "Noise_XX_25519_AESGCM_SHA256",
    "Noise_XXpsk3_25519_AESGCM_SHA256",
  ]);
  for (const vector of vectors) {
    const sides = sidesOf(vector);
    for (const [index, { payload, ciphertext }] of vector.messages.slice(0, 3).entries()) {
      const written = sides[index % 2 === 0 ? 0 : 1].write(fromHex(payload));
      expect(toHex(written)).toBe(ciphertext);
      expect(toHex(sides[index % 2 === 0 ? 1 : 0].read(fromHex(ciphertext)))).toBe(payload);
    }
    const [first, second] = sides.map((side) => side.finish()!) as [HandshakeResult, HandshakeResult];
    expect([toHex(first.handshakeHash), toHex(second.handshakeHash)]).toEqual([
      vector.handshake_hash,
      vector.handshake_hash,
    ]);
    const sending = [new CipherState(second.sendKey), new CipherState(first.sendKey)] as const;
    const receiving = [new CipherState(first.receiveKey), new CipherState(second.receiveKey)] as const;
    for (const [index, { payload, ciphertext }] of vector.messages.slice(3).entries()) {
      expect(toHex(sending[index % 2 === 0 ? 0 : 1].encrypt(fromHex(payload)))).toBe(ciphertext);
      expect(toHex(receiving[index % 2 === 0 ? 0 : 1].decrypt(fromHex(ciphertext)))).toBe(payload);
    }
  }
});

/** XX or XXpsk3 with fixed keys; `change` may alter a message on its way. */
function runXX(pattern: "XX" | "XXpsk3", change: (message: Uint8Array, index: number) => Uint8Array) {
  const prologue = Buffer.from("a prologue");
  const base = { pattern, prologue, ...(pattern === "XXpsk3" && { psk }) } as const;
  const initiator = new NoiseHandshake({ ...base, isInitiator: true, ours: keyOf(1), ephemeral: keyOf(2) });
  const responder = new NoiseHandshake({ ...base, isInitiator: false, ours: keyOf(3), ephemeral: keyOf(4) });
  for (let index = 0; index < 3; index += 1) {
    const [from, to] = index === 1 ? [responder, initiator] : [initiator, responder];
    const message = from.write(new Uint8Array(0));
    if (message === undefined || to.read(change(message, index)) === undefined) return undefined;
  }
  return { initiator: initiator.finish()!, responder: responder.finish()! };
}

test("both sides have the same keys, and each the other's static key", () => {
  for (const pattern of ["XX", "XXpsk3"] as const) {
    const { initiator, responder } = runXX(pattern, (message) => message)!;
    expect(toHex(initiator.sendKey)).toBe(toHex(responder.receiveKey));
    expect(toHex(initiator.receiveKey)).toBe(toHex(responder.sendKey));
    expect(toHex(initiator.sendKey)).not.toBe(toHex(initiator.receiveKey));
    expect(toHex(initiator.theirs)).toBe(toHex(keyOf(3).publicKey));
    expect(toHex(responder.theirs)).toBe(toHex(keyOf(1).publicKey));
  }
});

test("a handshake with one bit of any message changed does not end with two sides that agree", () => {
  const lengths = [32, 96, 64];
  for (const [at, length] of lengths.entries())
    for (let bit = 0; bit < length * 8; bit += 5) {
      const done = runXX("XX", (message, index) => {
        if (index !== at) return message;
        const changed = new Uint8Array(message);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        return changed;
      });
      // X25519 ignores the top bit of a public key, and the hash does not.
      expect(done).toBeUndefined();
    }
});

test("a message that does not authenticate changes nothing: the right one is read after it", () => {
  let tried = 0;
  const prologue = new Uint8Array(0);
  const initiator = new NoiseHandshake({
    ...{ pattern: "XX", prologue, isInitiator: true, ours: keyOf(1), ephemeral: keyOf(2) },
  });
  const responder = new NoiseHandshake({
    ...{ pattern: "XX", prologue, isInitiator: false, ours: keyOf(3), ephemeral: keyOf(4) },
  });
  const deliver = (message: Uint8Array, to: NoiseHandshake, forged: readonly Uint8Array[]): void => {
    for (const one of forged) expect(to.read(one)).toBeUndefined();
    tried += forged.length;
    expect(to.read(message)).toHaveLength(0);
  };
  const empty = new Uint8Array(0);
  deliver(initiator.write(empty)!, responder, [empty, new Uint8Array(31)]);
  deliver(responder.write(empty)!, initiator, [empty, new Uint8Array(40), new Uint8Array(96).fill(9)]);
  deliver(initiator.write(empty)!, responder, [empty, new Uint8Array(64), new Uint8Array(2000)]);
  expect([initiator.isDone, responder.isDone, tried]).toEqual([true, true, 8]);
});

/** The points of small order, and those that reduce to them (the table of libsodium and RFC 7748's notes). */
const lowOrder = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

test("a public key of low order is refused, as ephemeral and as static", () => {
  for (const point of lowOrder) {
    expect(computeShared(keyOf(1).secret, fromHex(point))).toBeUndefined();
    const responder = new NoiseHandshake({
      ...{ pattern: "XX", prologue: psk, isInitiator: false, ours: keyOf(3), ephemeral: keyOf(4) },
    });
    expect(responder.read(fromHex(point))).toHaveLength(0);
    expect(responder.write(new Uint8Array(0))).toBeUndefined();
  }
});

test("X25519 gives RFC 7748's public key and shared secret", () => {
  const alice = fromHex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  const bob = makeKeyPair(fromHex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
  expect(toHex(bob.publicKey)).toBe("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
  expect(toHex(computeShared(bob.secret, alice))).toBe(shared);
});

test("erased keys are zero", () => {
  const { initiator } = runXX("XX", (message) => message)!;
  const cipher = new CipherState(initiator.sendKey);
  cipher.erase();
  expect(toHex(initiator.sendKey)).toBe("00".repeat(32));
});

test("sealed bytes open with their counter, key and associated data, and with no other", () => {
  const key = new Uint8Array(32).fill(5);
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 20 }),
      fc.nat(),
      (plain, ad, place) => {
        const sealed = new CipherState(new Uint8Array(key)).encrypt(plain, ad);
        const opened = new CipherState(new Uint8Array(key));
        expect(toHex(opened.decryptAt(0, sealed, ad))).toBe(toHex(plain));
        expect(opened.decryptAt(1, sealed, ad)).toBeUndefined();
        expect(opened.decryptAt(0, sealed, Buffer.concat([ad, ad, Buffer.of(1)]))).toBeUndefined();
        const changed = new Uint8Array(sealed);
        changed[place % sealed.length]! ^= 1;
        expect(opened.decryptAt(0, changed, ad)).toBeUndefined();
        expect(opened.decryptAt(0, sealed.subarray(0, 15), ad)).toBeUndefined();
      },
    ),
    { numRuns: 200 },
  );
});

const prologue = Buffer.from("between two implementations");

/** A handshake with dissononce, which takes `role`. Returns what it showed after the messages, and what it sealed. */
async function meetDissononce(pattern: PatternName, role: "initiator" | "responder") {
  const isInitiator = role === "responder";
  const theirs = keyOf(0x33).publicKey;
  const remote = pattern !== "X" ? [] : [toHex(isInitiator ? undefined : keyOf(0x11).publicKey)];
  const peer = Bun.spawn({
    cmd: [
      ...[
        "/usr/bin/python3",
        join(import.meta.dir, "../support/noise-peer.py"),
        pattern,
        role,
        toHex(prologue),
      ],
      ...["33".repeat(32), ...remote.filter((one) => one !== "")],
    ],
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const lines = readLines(peer.stdout);
  const ours = new NoiseHandshake({
    ...{ pattern, isInitiator, prologue, ours: keyOf(0x11), ephemeral: keyOf(0x22) },
    ...(pattern === "X" && isInitiator && { theirs }),
    ...(pattern === "XXpsk3" && { psk }),
  });
  const payloads: string[] = [];
  for (let writes = isInitiator; !ours.isDone; writes = !writes) {
    if (writes) {
      await peer.stdin.write(`${toHex(ours.write(Buffer.from("from duet")))}\n`);
      await peer.stdin.flush();
      payloads.push(Buffer.from(await lines(), "hex").toString());
    } else payloads.push(Buffer.from(ours.read(fromHex(await lines())) ?? []).toString());
  }
  const done = ours.finish()!;
  const [hash, ours32] = [await lines(), toHex(done.handshakeHash)];
  const sealed = pattern === "X" && isInitiator ? undefined : await lines();
  const opened = sealed && new CipherState(done.receiveKey).decrypt(fromHex(sealed));
  if (pattern !== "X" || isInitiator) {
    await peer.stdin.write(
      `${toHex(new CipherState(done.sendKey).encrypt(Buffer.from("sealed by duet")))}\n`,
    );
    await peer.stdin.flush();
    payloads.push(Buffer.from(await lines(), "hex").toString());
  }
  await peer.stdin.end();
  expect(await peer.exited).toBe(0);
  const isTheirs = toHex(done.theirs) === toHex(theirs);
  return {
    isSameHash: hash === ours32,
    isTheirs,
    payloads,
    opened: opened && Buffer.from(opened).toString(),
  };
}

function readLines(stream: ReadableStream<Uint8Array>): () => Promise<string> {
  const reader = stream.getReader();
  let rest = "";
  return async () => {
    while (!rest.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`dissononce ended: ${rest}`);
      rest += Buffer.from(value).toString();
    }
    const line = rest.slice(0, rest.indexOf("\n"));
    rest = rest.slice(line.length + 1);
    return line;
  };
}

for (const pattern of ["XX", "XXpsk3", "X"] as const)
  for (const role of ["initiator", "responder"] as const)
    test(`dissononce agrees as the ${role} of ${pattern}, and each opens what the other sealed`, async () => {
      const met = await meetDissononce(pattern, role);
      expect(met.isSameHash).toBe(true);
      expect(met.isTheirs).toBe(true);
      expect(new Set(met.payloads)).toEqual(
        new Set(
          pattern === "X"
            ? role === "initiator"
              ? ["from dissononce"]
              : ["from duet", "sealed by duet"]
            : ["from duet", "from dissononce", "sealed by duet"],
        ),
      );
      if (pattern !== "X" || role === "initiator") expect(met.opened).toBe("sealed by dissononce");
    });
