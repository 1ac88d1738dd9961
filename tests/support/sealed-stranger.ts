/** The client of a sealed session, written from SEALED.md: it sends what a test wants. */

import { NoiseHandshake } from "../../src/protocol/noise/handshake.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import { DatagramSession } from "../../src/protocol/sealed/datagram-session.ts";
import {
  encodeFirst,
  encodeStreamRecord,
  encodeThird,
  makePrologue,
  readHandshakeDatagram,
  recordTypes,
} from "../../src/protocol/sealed/records.ts";
import { StreamSession } from "../../src/protocol/sealed/stream-session.ts";
import { home, type Program, type World } from "./chat-world.ts";
import { type IpEndpoint, loopback, type Node } from "./fake-network.ts";

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

/** The same over UDP: its session is there once it is made. */
export class DatagramStranger {
  readonly #world: World;
  readonly #from: IpEndpoint;
  readonly #session: DatagramSession;
  /** The plain texts of what it received in the session. */
  readonly received: string[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#from = loopback(world.network.takePort());
    const datagrams: Uint8Array[] = [];
    let session: DatagramSession | undefined;
    const onEvent: Node["onEvent"] = (_transport, event) => {
      if (event.type !== "received") return;
      const opened = session?.open(event.bytes, 0);
      if (opened !== undefined) this.received.push(Buffer.from(opened.plain).toString());
      datagrams.push(new Uint8Array(event.bytes));
    };
    world.network.bindUdp({ onEvent }, this.#from);
    const fields = { type: "hello", name: "", session: "0123456789abcdef01234567", key: "0011223344556677" };
    const offer = `duet/1 ${JSON.stringify({ ...fields, delivery: 1, seal: 1, pad: "-".repeat(900) })}`;
    this.#sendPlain(Buffer.from(offer));
    const answer = Buffer.from(datagrams.at(-1)!).toString();
    const [, cookie = ""] = /"key":"(\w{16})"/.exec(answer) ?? [];
    const handshake = new NoiseHandshake({
      ...{ pattern: "XX", isInitiator: true, prologue: makePrologue(offer, answer) },
      ours: makeKeyPair(new Uint8Array(32).fill(1)),
      ephemeral: makeKeyPair(new Uint8Array(32).fill(2)),
    });
    this.#sendPlain(encodeFirst(7, cookie, handshake.write(new Uint8Array(0))!));
    const second = readHandshakeDatagram(datagrams.at(-1)!);
    if (second?.is !== "second" || handshake.read(second.message) === undefined) throw new Error("no answer");
    const indices = { ours: 7, theirs: second.theirs };
    this.#sendPlain(encodeThird(indices, handshake.write(new Uint8Array(0))!));
    session = new DatagramSession(handshake.finish()!, indices);
    this.#session = session;
  }

  #sendPlain(bytes: Uint8Array): void {
    this.#world.network.datagram(this.#from, home, bytes);
    this.#world.pass(10);
  }

  /** Sends one sealed datagram. */
  send(plain: Uint8Array): void {
    this.#world.network.datagram(this.#from, home, this.#session.seal(plain));
  }
}
