/** New keys of a session: agreed inside it every hour, or when much was sealed, and never with another identity. */

import { expect, test } from "bun:test";
import { oldKeysMs, rekeyMs, rekeyPauseMs } from "../../src/protocol/limits.ts";
import { NoiseHandshake } from "../../src/protocol/noise/handshake.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import { makeRenewalPrologue } from "../../src/protocol/sealed/records.ts";
import type { SocketEvent } from "../../src/protocol/sockets/socket-event.ts";
import { sendFrameTo } from "../../src/chat/outbound/sending.ts";
import { setHandshake } from "../../src/chat/peer/seal.ts";
import type { Peer } from "../../src/chat/model/peer.ts";
import { type Duet, World } from "../support/chat-world.ts";

const transports = ["tcp", "udp"] as const;

function sealedPair(transport: (typeof transports)[number]) {
  const world = new World();
  const types: number[] = [];
  const note = (event: SocketEvent): void => {
    if (event.type !== "called" || event.sealed === undefined) return;
    if (event.call !== "send" && event.call !== "sendto") return;
    types.push(event.sealed.payload[transport === "tcp" ? 2 : 0] ?? 0);
  };
  world.network.reportsAllCalls = true;
  const hub = world.hub({ encrypt: "require" }, transport);
  const bob = world.member("bob", transport, { encrypt: "require" });
  for (const duet of [hub, bob]) {
    duet.dispatch({ type: "switched", to: transport });
    const onEvent = duet.onEvent.bind(duet);
    duet.onEvent = (name, event) => {
      note(event);
      onEvent(name, event);
    };
  }
  world.pass(1000);
  return { world, hub, bob, types };
}

const peerOf = (duet: Duet): Peer => [...duet.chat.peers.values()][0]!;
const hashOf = (duet: Duet): string => Buffer.from(peerOf(duet).seal.handshakeHash ?? []).toString("hex");
const stagesOf = (...duets: readonly Duet[]) => duets.map((duet) => peerOf(duet).seal.stage);

for (const transport of transports)
  test(`over ${transport} keys are renewed each hour, and nothing that was said is lost`, () => {
    const { world, hub, bob, types } = sealedPair(transport);
    const hashes = [hashOf(bob)];
    const said: string[] = [];
    for (const [hour, phase] of [1, 0, 1].entries()) {
      world.pass(rekeyMs / 2);
      world.pass(rekeyMs / 2 + 1000);
      for (const text of [`bob ${hour}`, `again ${hour}`]) {
        bob.say(text);
        said.push(`<bob> ${text}`);
      }
      hub.say(`hub ${hour}`);
      types.length = 0;
      world.pass(2000);
      hub.say("then");
      bob.say("then");
      said.push("<bob> then");
      world.pass(2000);
      expect(new Set(types)).toEqual(new Set([0x90 + phase]));
      expect(hashOf(hub)).toBe(hashOf(bob));
      hashes.push(hashOf(bob));
    }
    expect(new Set(hashes).size).toBe(4);
    expect(hub.receivedLines()).toEqual(said);
    expect(bob.receivedLines().filter((line) => line !== "<hub> then")).toEqual([
      "<hub> hub 0",
      "<hub> hub 1",
      "<hub> hub 2",
    ]);
    expect(stagesOf(hub, bob)).toEqual(["sealed", "sealed"]);
  });

test("keys that have sealed much are renewed at once, but not within a minute of the last time", () => {
  const { world, hub, bob } = sealedPair("tcp");
  const [first, due] = [hashOf(bob), { type: "keys-due", connection: peerOf(bob).link.connection } as const];
  bob.dispatch({ type: "socket", transport: "tcp", event: due });
  world.pass(100);
  const second = hashOf(bob);
  expect([second === first, hashOf(hub) === second]).toEqual([false, true]);
  bob.dispatch({ type: "socket", transport: "tcp", event: due });
  world.pass(oldKeysMs - 1000);
  expect(hashOf(bob)).toBe(second);
  world.pass(2000);
  expect(hashOf(bob)).not.toBe(second);
});

/** Bob's handshake with another static key, begun. */
function forge(bob: Duet): void {
  const [ours, ephemeral] = [5, 6].map((byte) => makeKeyPair(new Uint8Array(32).fill(byte))) as never as [
    ReturnType<typeof makeKeyPair>,
    ReturnType<typeof makeKeyPair>,
  ];
  const prologue = makeRenewalPrologue(peerOf(bob).seal.handshakeHash!);
  const handshake = new NoiseHandshake({ pattern: "XX", isInitiator: true, prologue, ours, ephemeral });
  setHandshake(peerOf(bob).seal, handshake);
  sendStep(bob, 1, Buffer.from(handshake.write(new Uint8Array(0))!).toString("base64"));
}

function sendStep(from: Duet, step: 1 | 2 | 3, noise: string): void {
  sendFrameTo(from.chat, peerOf(from), { type: "rekey", step, noise });
  // Any event carries it out.
  from.dispatch({ type: "switched", to: "tcp" });
}

test("who asks for new keys with another identity is reset, and the reason is shown", () => {
  const { world, hub, bob } = sealedPair("tcp");
  forge(bob);
  world.pass(1000);
  expect(hub.chat.peers.size).toBe(0);
  expect(hub.lines("tcp").join("\n")).toContain("new keys were asked for with another identity");
});

test("steps out of order, wrong ones and a flood of requests change nothing and cost one key", () => {
  const { world, hub, bob } = sealedPair("tcp");
  const before = hashOf(hub);
  for (const step of [2, 3] as const) sendStep(bob, step, Buffer.alloc(64, 9).toString("base64"));
  sendStep(hub, 1, Buffer.alloc(32, 9).toString("base64"));
  for (let count = 0; count < 50; count += 1) sendStep(bob, 1, Buffer.alloc(32, 9).toString("base64"));
  world.pass(100);
  const keys = Buffer.from(hub.chat.self.keys.state);
  world.pass(rekeyPauseMs - 1000);
  for (let count = 0; count < 50; count += 1) sendStep(bob, 1, Buffer.alloc(32, 9).toString("base64"));
  world.pass(100);
  expect([hashOf(hub), hashOf(bob), Buffer.from(hub.chat.self.keys.state).equals(keys)]).toEqual([
    before,
    before,
    true,
  ]);
  hub.say("still here");
  world.pass(100);
  expect(bob.receivedLines()).toEqual(["<hub> still here"]);
  world.pass(rekeyMs);
  expect(hashOf(hub)).not.toBe(before);
  expect(hashOf(hub)).toBe(hashOf(bob));
});
