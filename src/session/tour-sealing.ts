/** The bytes of an encrypted conversation for the tour: two hellos, the three records of a handshake, and sealed text. */

import { encodeFrame } from "../protocol/frames/frame-codec.ts";
import { lendBytes } from "../protocol/borrowed-bytes.ts";
import { NoiseHandshake } from "../protocol/noise/handshake.ts";
import { keyBytes, makeKeyPair } from "../protocol/noise/x25519.ts";
import { encodeStreamRecord, makePrologue, recordTypes } from "../protocol/sealed/records.ts";
import { StreamSession } from "../protocol/sealed/stream-session.ts";
import type { TourEnd } from "../words/tables/tour-words.ts";

/** A payload that one end sends. */
export interface SealedSend {
  readonly from: TourEnd;
  readonly payload: Uint8Array;
}

interface SealedTalk {
  /** In the clear, each with its LF. */
  readonly hellos: readonly SealedSend[];
  readonly handshake: readonly SealedSend[];
  /** Seals a text of the client. */
  readonly seal: (plain: Uint8Array) => Uint8Array;
  /** Opens a record at the server; undefined if it does not authenticate. */
  readonly open: (record: Uint8Array) => Uint8Array | undefined;
}

const noBytes = new Uint8Array(0);

/** So many random bytes. */
type MakeRandom = (bytes: number) => Uint8Array;

/** Both ends of one session, with keys of their own. */
export function makeSealedTalk(makeRandom: MakeRandom): SealedTalk {
  const [clientHello, serverHello] = [makeHello(makeRandom), makeHello(makeRandom)];
  const prologue = makePrologue(clientHello, serverHello);
  const client = makeHandshake(makeRandom, prologue, true);
  const server = makeHandshake(makeRandom, prologue, false);
  const first = pass(client, server);
  const second = pass(server, client);
  const third = pass(client, server);
  const [ours, theirs] = [client.finish(), server.finish()];
  if (ours === undefined || theirs === undefined) throw new Error("the handshake is not complete");
  const [sealing, opening] = [new StreamSession(ours), new StreamSession(theirs)];
  return {
    hellos: [
      { from: "client", payload: Buffer.from(`${clientHello}\n`) },
      { from: "server", payload: Buffer.from(`${serverHello}\n`) },
    ],
    handshake: [
      { from: "client", payload: encodeStreamRecord(recordTypes.first, first) },
      { from: "server", payload: encodeStreamRecord(recordTypes.second, second) },
      { from: "client", payload: encodeStreamRecord(recordTypes.third, third) },
    ],
    seal: (plain) => sealing.seal(lendBytes(plain)),
    open: (record) => {
      const { plain, fault } = opening.open(lendBytes(record));
      return fault === undefined ? plain : undefined;
    },
  };
}

/** An offer to seal, without its LF. */
function makeHello(makeRandom: MakeRandom): string {
  const [session = "", key = ""] = [12, 8].map((bytes) => Buffer.from(makeRandom(bytes)).toString("hex"));
  return encodeFrame({ type: "hello", name: "", session, key, seal: 1 });
}

function makeHandshake(makeRandom: MakeRandom, prologue: Uint8Array, isInitiator: boolean): NoiseHandshake {
  return new NoiseHandshake({
    ...{ pattern: "XX", isInitiator, prologue },
    ours: makeKeyPair(makeRandom(keyBytes)),
    ephemeral: makeKeyPair(makeRandom(keyBytes)),
  });
}

/** Writes the next message of one end, and reads it at the other. */
function pass(from: NoiseHandshake, to: NoiseHandshake): Uint8Array {
  const message = from.write(noBytes);
  if (message === undefined || to.read(message) === undefined) throw new Error("the handshake has failed");
  return message;
}
