/** The client of a sealed session over a stream, written from SEALED.md: it sends what a test wants. */

import { NoiseHandshake } from "../../src/protocol/noise/handshake.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import { encodeStreamRecord, makePrologue, recordTypes } from "../../src/protocol/sealed/records.ts";
import { StreamSession } from "../../src/protocol/sealed/stream-session.ts";
import type { Program, World } from "./chat-world.ts";

/** A duet that is written from the protocol: the client of a sealed session with a host. */
export class Stranger {
  readonly program: Program;
  readonly #world: World;
  readonly #handshake: NoiseHandshake;
  session: StreamSession | undefined;

  constructor(world: World, hubKey = "0011223344556677") {
    this.#world = world;
    this.program = world.program().connect();
    const offer = `duet/1 {"type":"hello","name":"","session":"0123456789abcdef01234567","key":"${hubKey}","seal":1}`;
    this.program.send(`${offer}\n`);
    world.pass(10);
    const answer = this.program.received.split("\n")[0]!;
    this.#handshake = new NoiseHandshake({
      ...{ pattern: "XX", isInitiator: true, prologue: makePrologue(offer, answer) },
      ours: makeKeyPair(new Uint8Array(32).fill(1)),
      ephemeral: makeKeyPair(new Uint8Array(32).fill(2)),
    });
  }

  first(): Uint8Array {
    return encodeStreamRecord(recordTypes.first, this.#handshake.write(new Uint8Array(0))!);
  }

  /** Reads the second message out of the bytes of the network, and returns the third. */
  third(second: Uint8Array): Uint8Array | undefined {
    if (this.#handshake.read(second.subarray(3)) === undefined) return undefined;
    const third = encodeStreamRecord(recordTypes.third, this.#handshake.write(new Uint8Array(0))!);
    this.session = new StreamSession(this.#handshake.finish()!);
    this.#world.pass(0);
    return third;
  }
}

/** The bytes of each record that the host has sent to a program, as text is no form for them. */
export function tapBytes(program: Program): Uint8Array[] {
  const received: Uint8Array[] = [];
  const { onEvent } = program;
  program.onEvent = (transport, event) => {
    if (event.type === "received") received.push(new Uint8Array(event.bytes));
    onEvent.call(program, transport, event);
  };
  return received;
}
