/** A room with a password: who joins, who is refused and how each is told, and what somebody between can do. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Config } from "../../src/chat/config/config.ts";
import { tryTakeGuess } from "../../src/chat/room/half-open.ts";
import {
  acceptSilenceMs,
  guessAddressesMax,
  guessesPerMinuteMax,
  rekeyMs,
  sealTimeoutMs,
} from "../../src/protocol/limits.ts";
import { scalarSeedBytes } from "../../src/protocol/noise/cpace.ts";
import { NoiseHandshake } from "../../src/protocol/noise/handshake.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import {
  encodeRefusal,
  encodeStreamRecord,
  encodeThird,
  makePrologue,
  recordTypes,
} from "../../src/protocol/sealed/records.ts";
import { beginPasswordRun, derivePsk, type PasswordRun } from "../../src/protocol/sealed/room-password.ts";
import { type Duet, home, homeTarget, type Program, World } from "../support/chat-world.ts";
import { type IpEndpoint, loopback } from "../support/fake-network.ts";
import { seeded } from "../support/seeded.ts";

const password = "open sesame";
const transports = ["tcp", "udp"] as const;
const withPassword: Partial<Config> = { password };

function stages(duet: Duet): readonly string[] {
  return [...duet.chat.peers.values()].map(({ seal }) => seal.stage);
}

function asked(duet: Duet) {
  return duet.screenRequests.filter((request) => request.type === "password");
}

describe.each(transports)("over %s", (transport) => {
  test("a client with the password joins, and both chat in sealed records", () => {
    const world = new World();
    const hub = world.hub(withPassword, transport);
    const bob = world.member("bob", transport, withPassword);
    world.pass(1000);
    bob.say("hello");
    hub.say("hi");
    world.pass(500);
    expect(hub.receivedLines()).toEqual(["<bob> hello"]);
    expect(bob.receivedLines()).toEqual(["<hub> hi"]);
    expect([...stages(hub), ...stages(bob)]).toEqual(["sealed", "sealed"]);
    expect(hub.chat.room.guesses.size).toBe(0);
  });

  test("the password is compared in NFC", () => {
    const world = new World();
    world.hub({ password: "cafe\u0301" }, transport);
    const bob = world.member("bob", transport, { password: "café" });
    world.pass(1000);
    expect(stages(bob)).toEqual(["sealed"]);
  });

  test("a client without it is asked before it sends the first message, and joins once its person has typed it", () => {
    const world = new World();
    const hub = world.hub(withPassword, transport);
    const bob = world.member("bob", transport);
    bob.dispatch({ type: "switched", to: transport });
    world.pass(1000);
    expect(asked(bob)).toEqual([
      { type: "password", transport, target: "127.0.0.1:8080", address: "127.0.0.1:8080", isWrong: false },
    ]);
    expect([hub.chat.room.guesses.size, bob.chat.peers.size]).toEqual([0, 0]);
    expect(hub.chat.peers.size).toBe(0);
    // Longer than the host waits for a handshake.
    world.pass(10 * sealTimeoutMs);
    expect(hub.lines(transport).join("\n")).not.toContain("turned away");
    bob.dispatch({ type: "password-entered", transport, target: "127.0.0.1:8080", password });
    world.pass(1000);
    bob.say("hello");
    world.pass(500);
    expect(hub.receivedLines()).toEqual(["<bob> hello"]);
    const { connection } = bob.peer().link;
    bob.command("/reconnect");
    world.pass(1000);
    expect(bob.peer().link.connection).not.toBe(connection);
    bob.say("again");
    world.pass(500);
    expect(hub.receivedLines()).toEqual(["<bob> hello", "<bob> again"]);
    expect(asked(bob)).toHaveLength(1);
  });

  test("a wrong password is refused, which both are told, and the client is asked again", () => {
    const world = new World();
    const hub = world.hub(withPassword, transport);
    const bob = world.member("bob", transport, { password: "open barley" });
    bob.say("a secret");
    world.pass(2000);
    expect(asked(bob).map(({ isWrong }) => isWrong)).toEqual([true]);
    expect(bob.lines(transport).join("\n")).toContain("the password is wrong, says 127.0.0.1:8080");
    expect(hub.lines(transport).join("\n")).toMatch(
      /127\.0\.0\.1:\d+ was turned away: the password was wrong/,
    );
    expect([...hub.receivedLines(), ...hub.memberNames()]).toEqual([]);
    bob.dispatch({ type: "password-entered", transport, target: "127.0.0.1:8080", password });
    world.pass(2000);
    expect(stages(bob)).toEqual(["sealed"]);
    expect(hub.memberNames()).toEqual(["bob"]);
  });

  test("without a screen a client without the password, or with a wrong one, ends with a sentence", () => {
    for (const [over, sentence] of [
      [{}, "the room at 127.0.0.1:8080 has a password"],
      [{ password: "open barley" }, "the password is wrong, says 127.0.0.1:8080"],
    ] as const) {
      const world = new World();
      world.hub(withPassword, transport);
      const bob = world.member("bob", transport, { ...over, headless: true });
      world.pass(2000);
      expect(bob.exitCode).toBe(1);
      expect(bob.errors()).toEqual([expect.stringContaining(`EPASSWORD ${sentence}`)]);
    }
  });

  test("five wrong guesses a minute are answered, more are refused before any computation, and a minute later again", () => {
    const world = new World();
    const hub = world.hub(withPassword, transport);
    for (let guess = 1; guess <= guessesPerMinuteMax; guess += 1) {
      const bob = world.member("bob", transport, { password: `guess ${guess}` });
      world.pass(2000);
      expect(bob.lines(transport).join("\n")).toContain("the password is wrong");
    }
    const late = world.member("late", transport, withPassword);
    late.dispatch({ type: "switched", to: transport });
    world.pass(2000);
    expect(late.lines(transport).join("\n")).toContain("takes no more guesses");
    expect(hub.lines(transport).join("\n")).toContain("more than 5 guesses of the password in a minute");
    expect(hub.memberNames()).toEqual([]);
    world.pass(60_000);
    late.command("/reconnect");
    world.pass(2000);
    expect(hub.memberNames()).toEqual(["late"]);
  });

  test("right passwords are no guesses, however often an address joins", () => {
    const world = new World();
    const hub = world.hub(withPassword, transport);
    for (let count = 0; count < 3 * guessesPerMinuteMax; count += 1) {
      const bob = world.member("bob", transport, withPassword);
      world.pass(1000);
      expect(stages(bob)).toEqual(["sealed"]);
      bob.quit();
      world.pass(500);
    }
    expect(hub.chat.room.guesses.size).toBe(0);
  });

  test("a client that has a password for a host that asks for none ends before anything is sent", () => {
    for (const over of [{ encrypt: "require" }, { encrypt: "auto" }, { encrypt: "off" }] as const) {
      const world = new World();
      const hub = world.hub(over, transport);
      const bob = world.member("bob", transport, withPassword);
      bob.say("a secret");
      world.pass(6000);
      expect(hub.receivedLines()).toEqual([]);
      expect(bob.lines(transport).join("\n")).toContain(
        "127.0.0.1:8080 asks for no password, and you have one for it",
      );
      expect(asked(bob)).toEqual([]);
    }
  });

  test("a duet that does not encrypt is refused in words, and so is a raw program, which receives no byte", () => {
    const world = new World();
    const hub = world.hub(withPassword, transport);
    const bob = world.member("bob", transport, { encrypt: "off" });
    world.pass(sealTimeoutMs + 1000);
    expect(bob.lines(transport).join("\n")).toContain(
      "this room has a password, and your duet does not encrypt",
    );
    expect(hub.lines(transport).join("\n")).toContain("it does not encrypt, and the room has a password");
    const program = world.program(transport).connect();
    program.send("hello\n");
    world.pass(2000);
    expect(program.received).toBe("");
    expect(hub.lines(transport).join("\n")).toContain(
      "it is no duet that encrypts, and the room has a password",
    );
    expect([...hub.receivedLines(), ...hub.memberNames()]).toEqual([]);
    hub.say("to nobody");
    world.pass(1000);
    expect(program.received).toBe("");
  });
});

test("a silent connection is closed without a byte, and a half of a hello too", () => {
  for (const text of ["", "due", 'duet/1 {"type":']) {
    const world = new World();
    const hub = world.hub(withPassword);
    const program = world.program().connect();
    if (text !== "") program.send(text);
    world.pass(text === "" ? acceptSilenceMs + 10 : 11_000);
    expect(program.received).toBe("");
    expect(hub.chat.peers.size).toBe(0);
    expect(hub.lines().join("\n")).toContain("was turned away: it is no duet");
  }
});

test("a room with a password has no raw mode", () => {
  const world = new World();
  const hub = world.hub(withPassword);
  hub.command("/raw on");
  expect(hub.lines().at(-1)).toContain("a room with a password has no raw mode");
  expect(hub.chat.sides.tcp.isRaw).toBe(false);
});

/** A client that is written from SEALED.md, over a stream. */
class Stranger {
  readonly program: Program;
  readonly #received: Uint8Array[] = [];
  readonly #prologue: Uint8Array;
  readonly #run: PasswordRun;
  readonly #handshake: NoiseHandshake;

  constructor(world: World, guess: string, from?: IpEndpoint) {
    this.program = world.program().connect(from);
    tap(this.program, (bytes) => this.#received.push(bytes));
    const offer = `duet/1 {"type":"hello","name":"","session":"0123456789abcdef01234567","key":"0011223344556677","seal":1}`;
    this.program.send(`${offer}\n`);
    world.pass(10);
    const answer = this.program.received.split("\n")[0]!;
    expect(answer).toContain('"password":1');
    this.#received.length = 0;
    this.#prologue = makePrologue(offer, answer);
    this.#run = beginPasswordRun(guess, this.#prologue, new Uint8Array(scalarSeedBytes).fill(7));
    const keys = {
      ours: makeKeyPair(new Uint8Array(32).fill(1)),
      ephemeral: makeKeyPair(new Uint8Array(32).fill(2)),
    };
    this.#handshake = new NoiseHandshake({
      ...{ pattern: "XXpsk3", isInitiator: true, prologue: this.#prologue, ...keys },
    });
  }

  get received(): Uint8Array {
    return Buffer.concat(this.#received.splice(0));
  }

  sendFirst(share: Uint8Array = this.#run.share): this {
    this.program.send(encodeStreamRecord(recordTypes.first, this.#handshake.write(share)!));
    return this;
  }

  /** `change` may change the third message. */
  sendThird(change: (third: Uint8Array) => Uint8Array = (third) => third): this {
    const payload = this.#handshake.read(this.received.subarray(3))!;
    this.#handshake.setPsk(derivePsk(this.#run, payload, true)!);
    const third = this.#handshake.write(new Uint8Array(0))!;
    this.program.send(encodeStreamRecord(recordTypes.third, change(third)));
    return this;
  }
}

function tap(program: Program, onBytes: (bytes: Uint8Array) => void): void {
  const { onEvent } = program;
  program.onEvent = (transport, event) => {
    onEvent.call(program, transport, event);
    if (event.type === "received") onBytes(new Uint8Array(event.bytes));
  };
}

const refusal = (reason: number): Uint8Array => encodeStreamRecord(recordTypes.refusal, Buffer.of(reason));

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const changed = new Uint8Array(bytes);
  changed[at]! ^= 1;
  return changed;
}

describe("a client that is written from SEALED.md", () => {
  test("is a member with the password, and is refused with 2 without it", () => {
    for (const [guess, answer] of [
      [password, new Uint8Array(0)],
      ["open barley", refusal(2)],
    ] as const) {
      const world = new World();
      const hub = world.hub(withPassword);
      const stranger = new Stranger(world, guess).sendFirst();
      world.pass(10);
      stranger.sendThird();
      world.pass(10);
      expect(Buffer.from(stranger.received)).toEqual(Buffer.from(answer));
      expect(stages(hub)).toEqual(guess === password ? ["unconfirmed"] : []);
    }
  });

  test("is refused with 3 if its key was changed on the way, which is no word about the password", () => {
    const world = new World();
    const hub = world.hub(withPassword);
    for (const at of [0, 31, 47]) {
      const stranger = new Stranger(world, password).sendFirst();
      world.pass(10);
      stranger.sendThird((third) => flip(third, at));
      world.pass(10);
      expect(Buffer.from(stranger.received)).toEqual(Buffer.from(refusal(3)));
    }
    expect(hub.lines().join("\n")).not.toContain("password was wrong");
  });

  test("with a share that is no point, the neutral element or too short, is no client", () => {
    const shares = [
      ...[new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(31), new Uint8Array(0)],
      // An odd number encodes no point of ristretto255.
      Buffer.concat([Buffer.of(1), Buffer.alloc(31)]),
    ];
    for (const share of shares) {
      const world = new World();
      const hub = world.hub(withPassword);
      const stranger = new Stranger(world, password).sendFirst(share);
      world.pass(10);
      expect(Buffer.from(stranger.received)).toEqual(Buffer.from(refusal(3)));
      expect(hub.chat.peers.size).toBe(0);
    }
  });

  test("counts as a guess from its first message on: handshakes that are left open are five at most", () => {
    const world = new World();
    const hub = world.hub(withPassword);
    const crowd = Array.from({ length: guessesPerMinuteMax + 1 }, () => new Stranger(world, password));
    const state = (): string => Buffer.from(hub.chat.self.keys.state).toString("hex");
    for (const stranger of crowd.slice(0, guessesPerMinuteMax)) stranger.sendFirst();
    world.pass(10);
    const before = state();
    const last = crowd.at(-1)!.sendFirst();
    world.pass(10);
    expect(Buffer.from(last.received)).toEqual(Buffer.from(refusal(1)));
    // Nothing was drawn, and so nothing computed.
    expect(state()).toBe(before);
    crowd[0]!.sendThird();
    world.pass(10);
    expect(stages(hub)).toContain("unconfirmed");
    const next = new Stranger(world, password).sendFirst();
    world.pass(10);
    expect(next.received).toHaveLength(131);
  });

  test("at any address of an IPv6 /64 has the guesses of all of them", () => {
    const world = new World();
    world.hub(withPassword);
    const from = (address: string, port: number): IpEndpoint => ({ family: "IPv6", address, port });
    for (let guess = 0; guess < guessesPerMinuteMax; guess += 1)
      new Stranger(world, password, from(`2001:db8::${guess + 1}`, 1000 + guess)).sendFirst();
    const refused = new Stranger(world, password, from("2001:db8::ffff:1", 2000)).sendFirst();
    const other = new Stranger(world, password, from("2001:db8:0:1::1", 2000)).sendFirst();
    world.pass(10);
    expect(Buffer.from(refused.received)).toEqual(Buffer.from(refusal(1)));
    expect(other.received).toHaveLength(131);
  });
});

test("the addresses whose guesses are remembered are bounded", () => {
  const guesses = new Map<string, readonly number[]>();
  for (let number = 0; number <= guessAddressesMax; number += 1)
    expect(tryTakeGuess({ guesses }, `address ${number}`, 0)).toBe(true);
  expect(guesses.size).toBe(guessAddressesMax);
});

/** A host and a client, and somebody between who changes the bytes each way. */
function between(overHub: Partial<Config>, overBob: Partial<Config>, change: (text: string) => string) {
  const world = new World();
  const hub = world.hub(overHub);
  const port = { ...home, port: 9000 };
  const toBob = world.program().listen(port);
  const toHub = world.program();
  const carry = (bytes: Uint8Array): Uint8Array =>
    Buffer.from(change(Buffer.from(bytes).toString("latin1")), "latin1");
  tap(toBob, (bytes) => toHub.send(carry(bytes)));
  tap(toHub, (bytes) => toBob.send(carry(bytes)));
  toHub.connect();
  const bob = world.duet({ name: "bob", duet: true, ...overBob });
  bob.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 9000 } });
  bob.say("a secret");
  world.pass(sealTimeoutMs + 1000);
  return { hub, bob };
}

test("an offer whose password was stripped or added on the way ends the handshake", () => {
  const untouched = between(withPassword, withPassword, (text) => text);
  expect(untouched.hub.receivedLines()).toEqual(["<bob> a secret"]);
  const strip = (text: string): string => text.replace(',"password":1', "");
  const add = (text: string): string => text.replace('"seal":1', '"seal":1,"password":1');
  const require: Partial<Config> = { encrypt: "require" };
  for (const [overHub, overBob, change] of [
    [withPassword, require, strip],
    [withPassword, withPassword, strip],
    [require, withPassword, add],
    [require, require, add],
  ] as const) {
    const { hub, bob } = between(overHub, overBob, change);
    expect([...hub.receivedLines(), ...hub.memberNames()]).toEqual([]);
    expect(stages(bob)).toEqual([]);
  }
});

describe("over UDP, by somebody who sends datagrams", () => {
  const clientAt = loopback(50_001);
  const lose = ({ network }: World, isLost: (bytes: Uint8Array) => boolean): void => {
    network.forward = (from, to, bytes) => void (isLost(bytes) || network.datagram(from, to, bytes));
  };

  /** A client whose third message the network loses. */
  function almostJoined() {
    const world = new World();
    const hub = world.hub(withPassword, "udp");
    lose(world, (bytes) => bytes[0] === recordTypes.third);
    const bob = world.member("bob", "udp", withPassword);
    world.pass(100);
    expect([...stages(hub), ...stages(bob)]).toEqual(["awaiting-third", "unconfirmed"]);
    return { world, hub, bob, ours: hub.peer().seal.ourIndex };
  }

  test("a third message that is not the initiator's ends no handshake, and is no guess", () => {
    const { world, hub, bob, ours } = almostJoined();
    const random = seeded(5);
    for (let count = 0; count < 100; count += 1) {
      const message = Uint8Array.from({ length: 64 }, () => Math.floor(random() * 256));
      world.network.datagram(clientAt, home, encodeThird({ ours: 0, theirs: ours }, message));
    }
    world.network.forward = undefined;
    world.pass(1000);
    expect([...stages(hub), ...stages(bob)]).toEqual(["sealed", "sealed"]);
    expect(hub.lines("udp").join("\n")).not.toContain("turned away");
  });

  test("a refusal does not end a handshake that succeeds, with or without the index", () => {
    const { world, hub, bob } = almostJoined();
    const { ourIndex } = bob.peer().seal;
    world.network.datagram(home, clientAt, encodeRefusal((ourIndex ^ 1) >>> 0, 2));
    world.pass(10);
    expect(bob.peer().seal.refusal).toBeUndefined();
    world.network.datagram(home, clientAt, encodeRefusal(ourIndex, 2));
    world.network.forward = undefined;
    world.pass(3000);
    expect([...stages(hub), ...stages(bob)]).toEqual(["sealed", "sealed"]);
  });

  test("a refusal that is lost is sent again, to each message of the client, and is one guess", () => {
    const world = new World();
    const hub = world.hub(withPassword, "udp");
    let lost = 0;
    lose(world, (bytes) => {
      if (bytes[0] !== recordTypes.refusal || lost === 2) return false;
      lost += 1;
      return true;
    });
    const bob = world.member("bob", "udp", { password: "open barley" });
    world.pass(4000);
    expect(lost).toBe(2);
    expect(bob.lines("udp").join("\n")).toContain("the password is wrong");
    expect(hub.lines("udp").join("\n").split("turned away")).toHaveLength(2);
    expect([...hub.chat.room.guesses.values()].map(({ length }) => length)).toEqual([1]);
    world.pass(sealTimeoutMs);
    expect([hub.chat.peers.size, hub.chat.room.halfOpen.size]).toEqual([0, 0]);
  });
});

test.each(transports)("over %s new keys inside a session need no password", (transport) => {
  const world = new World();
  const hub = world.hub(withPassword, transport);
  const bob = world.member("bob", transport, withPassword);
  world.pass(1000);
  const hash = Buffer.from(bob.peer().seal.handshakeHash!);
  world.pass(rekeyMs + 1000);
  expect(Buffer.from(bob.peer().seal.handshakeHash!).equals(hash)).toBe(false);
  bob.say("later");
  world.pass(500);
  expect(hub.receivedLines()).toEqual(["<bob> later"]);
});

test("over UDP a client joins a restarted host again without asking, and one with a new password after asking", () => {
  const world = new World();
  const hub = world.hub(withPassword, "udp");
  const bob = world.member("bob", "udp");
  bob.dispatch({ type: "switched", to: "udp" });
  const enter = (typed: string): void =>
    bob.dispatch({ type: "password-entered", transport: "udp", target: "127.0.0.1:8080", password: typed });
  world.pass(1000);
  enter(password);
  world.pass(1000);
  expect(hub.memberNames()).toEqual(["bob"]);
  const hosts = [hub];
  const restart = (over: Partial<Config>): Duet => {
    world.remove(hosts.at(-1)!);
    const again = world.duet({ name: "hub", ...over }, hub.people);
    hosts.push(again);
    again.open({ role: "listen", target: homeTarget }, "udp");
    return again;
  };
  const second = restart(withPassword);
  world.pass(40_000);
  bob.say("there you are");
  world.pass(1000);
  expect(second.receivedLines()).toEqual(["<bob> there you are"]);
  expect(asked(bob)).toHaveLength(1);
  const third = restart({ password: "open barley" });
  world.pass(120_000);
  expect(asked(bob).map(({ isWrong }) => isWrong)).toEqual([false, true]);
  enter("open barley");
  world.pass(2000);
  expect(third.memberNames()).toEqual(["bob"]);
});

test("a raw server in the place of the host receives nothing of a client with a password", () => {
  const world = new World();
  const server = world.program().listen();
  const bob = world.member("bob", "tcp", withPassword);
  bob.say("a secret");
  server.send("220 welcome\n");
  world.pass(5000);
  expect(server.received).not.toContain("secret");
  expect(bob.lines().join("\n")).toContain("127.0.0.1:8080 asks for no password");
  expect(bob.returnedLines).toEqual(["a secret"]);
});

test("a client that waits to be greeted is closed before its words leave, and is told what it may be", () => {
  const world = new World();
  world.hub(withPassword);
  world.areAnnouncementsVisible = false;
  const bob = world.duet({ name: "bob" });
  bob.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } });
  world.pass(1000);
  const hints = bob.outputs.map((output) => (output.type === "notice" ? output.hint : undefined));
  expect(hints).toContainEqual(
    expect.stringContaining("it closed without a word, as a duet's room with a password does"),
  );
});

test("over UDP a host that greets first cannot begin the handshake of a room with a password", () => {
  const hello = (password: string): string =>
    `duet/1 {"type":"hello","name":"","session":"${"0".repeat(24)}","key":"00112233445566aa","delivery":1,"seal":1${password}}`;
  for (const [over, field] of [
    [withPassword, ""],
    [withPassword, ',"password":1'],
    [{ encrypt: "require" }, ',"password":1'],
  ] as const) {
    const world = new World();
    world.program("udp").listen();
    const bob = world.member("bob", "udp", over);
    world.pass(10);
    const at = bob.peer().link.local;
    if (at.family === "unix") throw new Error("no port");
    expect(world.network.datagram(home, loopback(at.port), Buffer.from(hello(field)))).toBe(true);
    world.pass(10);
    expect(stages(bob)).toEqual(["offered"]);
  }
});

test("a client with a typed password joins over the other transport too, as the same member", () => {
  const world = new World();
  const hub = world.hub(withPassword);
  hub.open({ role: "listen", target: homeTarget }, "udp");
  const bob = world.member("bob");
  world.pass(1000);
  bob.dispatch({ type: "password-entered", transport: "tcp", target: "127.0.0.1:8080", password });
  world.pass(1000);
  bob.open({ role: "connect", target: homeTarget }, "udp");
  world.pass(2000);
  expect(stages(bob)).toEqual(["sealed", "sealed"]);
  expect(hub.memberNames()).toEqual(["bob"]);
  expect(asked(bob)).toHaveLength(1);
});

test("what is no handshake, at any stage, joins no room with a password", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 2, maxLength: 300 }),
    fc
      .tuple(fc.constantFrom(0x90, 0x91, 0x92, 0x94, 0x96, 0x98), fc.uint8Array({ maxLength: 200 }))
      .map(([type, body]) => encodeStreamRecord(type, body)),
  );
  fc.assert(
    fc.property(fc.boolean(), bytes, (isBegun, wrong) => {
      const world = new World();
      const hub = world.hub(withPassword);
      const stranger = new Stranger(world, password);
      if (isBegun) stranger.sendFirst();
      world.pass(10);
      stranger.program.send(wrong);
      world.pass(sealTimeoutMs + 100);
      expect([...hub.receivedLines(), ...hub.memberNames(), ...stages(hub)]).toEqual([]);
      expect(hub.chat.room.halfOpen.size).toBe(0);
    }),
    { numRuns: 60 },
  );
});
