/** A line that a duet did not confirm before the connection died: not delivered, and sent again, over TCP as over UDP. */

import { describe, expect, test } from "bun:test";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import type { TransportName } from "../../src/protocol/sockets/socket-event.ts";
import type { Peer } from "../../src/chat/model/peer.ts";
import { hasReceivedId, noteReceivedId, type ReceivedIds } from "../../src/chat/records/received-ids.ts";
import { receivedIdsMax, receivedSessionsMax } from "../../src/protocol/limits.ts";
import { type Duet, World } from "../support/chat-world.ts";
import { RoughNetwork } from "../support/rough-network.ts";
import { seeded } from "../support/seeded.ts";

function listOwn({ chat }: Duet, transport: TransportName) {
  const { scrollback } = chat.sides[transport].conversation;
  return Array.from({ length: scrollback.length }, (_, index) => scrollback.at(index)).flatMap((entry) =>
    entry?.kind === "message" && entry.direction === "out"
      ? [{ text: entry.text, stage: entry.receipt?.stage, lostFor: entry.lostFor, note: entry.note?.id }]
      : [],
  );
}

const kinds = ["tcp", "udp"] as const;

describe.each(kinds)("over %s", (transport) => {
  test("a line to a host that died is not delivered, and goes out again once we are connected again", () => {
    const world = new World();
    const hub = world.hub({}, transport);
    const bob = world.member("bob", transport);
    bob.say("confirmed");
    world.pass(1000);
    world.remove(hub);
    bob.say("lost");
    bob.command("/me waves");
    world.pass(300_000);
    const [confirmed, lost, action] = listOwn(bob, transport);
    expect(confirmed?.lostFor).toBeUndefined();
    if (transport === "tcp") expect([lost?.lostFor, action?.lostFor]).toEqual([["hub"], ["hub"]]);
    const next = world.hub({ name: "hub" }, transport);
    bob.command("/reconnect");
    world.pass(60_000);
    expect(next.receivedLines()).toEqual(["<bob> lost", "<bob> waves"]);
    const own = listOwn(bob, transport);
    expect(own.filter(({ lostFor }) => lostFor !== undefined)).toEqual([]);
    expect(own.map(({ note }) => note)).toEqual([
      undefined,
      "sent-again-below",
      "sent-again-below",
      undefined,
      undefined,
    ]);
  });

  test("a line to a member that died is not delivered, and /resend sends it once the member is back", () => {
    const world = new World();
    const hub = world.hub({}, transport);
    const bob = world.member("bob", transport);
    world.pass(1000);
    world.remove(bob);
    hub.say("lost");
    world.pass(300_000);
    expect(listOwn(hub, transport).map(({ lostFor }) => lostFor)).toEqual([["bob"]]);
    const back = world.member("bob", transport);
    world.pass(1000);
    hub.command("/resend");
    world.pass(1000);
    expect(back.receivedLines()).toEqual(["<hub> lost"]);
  });

  test("lines that were confirmed, and those before our own end, are left as they are", () => {
    const world = new World();
    const hub = world.hub({}, transport);
    const bob = world.member("bob", transport);
    bob.say("one");
    world.pass(1000);
    hub.quit();
    world.pass(1000);
    expect(listOwn(bob, transport)[0]?.lostFor).toBeUndefined();
    const other = new World();
    const host = other.hub({}, transport);
    const eve = other.member("eve", transport);
    eve.say("and off");
    eve.command("/close");
    other.pass(1000);
    expect(host.receivedLines()).toEqual(["<eve> and off"]);
    expect(listOwn(eve, transport)[0]?.lostFor).toBeUndefined();
  });
});

test("a duet that leaves confirms what it has received before its goodbye", () => {
  for (const transport of kinds) {
    const world = new World();
    const hub = world.hub({}, transport);
    const bob = world.member("bob", transport);
    world.pass(1000);
    for (let line = 0; line < 5; line += 1) bob.say(`line ${line}`);
    world.pass(20);
    expect(hub.receivedLines()).toHaveLength(5);
    hub.quit();
    world.pass(5000);
    expect(listOwn(bob, transport).map(({ lostFor }) => lostFor)).toEqual(Array(5).fill(undefined));
    expect(listOwn(bob, transport).map(({ stage }) => stage)).not.toContain("sent");
  }
});

test("a line that another host would receive is not sent to it", () => {
  const world = new World();
  const hub = world.hub();
  const bob = world.member("bob");
  world.pass(1000);
  world.remove(hub);
  bob.say("for hub");
  world.pass(300_000);
  const other = world.duet({ name: "dora" });
  other.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port: 9000 } });
  bob.command("/connect 127.0.0.1 9000");
  world.pass(60_000);
  expect(other.receivedLines()).toEqual([]);
  expect(listOwn(bob, "tcp").map(({ lostFor }) => lostFor)).toEqual([["hub"]]);
});

test("a duet that confirms nothing and answers pings has read what was sent before them", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  program.send(`${encodeFrame({ type: "hello", name: "quiet", session: "s", key: "k" })}\n`);
  world.pass(100);
  hub.say("read before the ping");
  world.pass(6000);
  const ping = /"number":(\d+)/.exec(
    program.received.split("\n").findLast((line) => line.includes('"ping"')) ?? "",
  );
  program.send(`${encodeFrame({ type: "pong", number: Number(ping?.[1]) })}\n`);
  hub.say("unread");
  world.pass(10);
  program.close("reset");
  expect(listOwn(hub, "tcp").map(({ lostFor }) => lostFor)).toEqual([undefined, ["quiet"]]);
});

test("a line that was typed after the end is returned; Enter connects again and sends it", () => {
  const world = new World();
  const hub = world.hub();
  const bob = world.member("bob");
  world.pass(1000);
  hub.quit();
  world.pass(1000);
  bob.say("anyone?");
  expect(bob.returnedLines).toEqual(["anyone?"]);
  expect(bob.outputs.findLast(({ type }) => type === "error")).toMatchObject({
    hint: "Enter connects to 127.0.0.1:8080 again and sends it",
  });
  const next = world.hub();
  bob.say("anyone?");
  world.pass(2000);
  expect(next.receivedLines()).toEqual(["<bob> anyone?"]);
  expect(bob.returnedLines).toEqual(["anyone?"]);
});

test("Enter on a returned line while nobody listens returns it once more, and it is never lost", () => {
  const world = new World();
  const hub = world.hub();
  const bob = world.member("bob");
  world.pass(1000);
  hub.quit();
  world.pass(1000);
  bob.say("anyone?");
  bob.say("anyone?");
  world.pass(20_000);
  expect(bob.returnedLines).toEqual(["anyone?", "anyone?"]);
});

test.each(["/reconnect", "/reconnect ", " /reconnect", "behind"])(
  "%j works while the composer holds a returned line, which stays there",
  (words) => {
    const world = new World();
    const hub = world.hub();
    const bob = world.member("bob");
    world.pass(1000);
    hub.quit();
    world.pass(1000);
    bob.say("anyone?");
    const next = world.hub();
    const line =
      words === "behind"
        ? "anyone?/reconnect"
        : words.startsWith("/")
          ? `${words}anyone?`
          : `anyone?${words}`;
    bob.submit(line);
    world.pass(2000);
    expect(next.memberNames()).toContain("bob");
    expect(next.receivedLines()).toEqual([]);
    expect(bob.returnedLines).toEqual(["anyone?", "anyone?"]);
  },
);

test("a line that was not returned is sent as it is, whatever it has in it", () => {
  const world = new World();
  const hub = world.hub();
  const bob = world.member("bob");
  world.pass(1000);
  bob.say("try /reconnect");
  world.pass(1000);
  expect(hub.receivedLines()).toEqual(["<bob> try /reconnect"]);
});

test("a line that was lost is not sent to a host of another name, nor to a member behind the host", () => {
  const world = new World();
  const hub = world.hub();
  const bob = world.member("bob");
  world.member("eve");
  world.pass(1000);
  world.remove(hub);
  bob.say("for hub");
  bob.command("/msg eve secret");
  world.pass(300_000);
  expect(listOwn(bob, "tcp").map(({ lostFor }) => lostFor?.length)).toEqual([1, 1]);
  const other = world.hub({ name: "mallory" });
  bob.command("/reconnect");
  world.pass(60_000);
  expect(other.receivedLines()).toEqual([]);
  other.quit();
  world.pass(1000);
  const again = world.hub();
  bob.command("/reconnect");
  world.pass(60_000);
  expect(again.receivedLines()).toEqual(["<bob> for hub"]);
});

describe.each(kinds)("a host that showed lines, and whose receipts were lost, over %s", (transport) => {
  /** Lets bob's connection end after these lines were shown and before their receipts arrive. */
  function loseReceipts(act: (bob: Duet) => void) {
    const world = new World();
    const network = new RoughNetwork(world, seeded(1), { loss: 0, duplicated: 0, delayMs: 5, jitterMs: 0 });
    const hub = world.hub({}, transport);
    const bob = world.member("bob", transport);
    const eve = world.member("eve", transport);
    for (const duet of [hub, bob, eve]) duet.dispatch({ type: "switched", to: transport });
    world.pass(1000);
    const isBob = (peer: Peer): boolean => peer.membership.member?.name === "bob";
    const { endpoint, connection } = [...hub.chat.peers.values()].find(isBob)!.link;
    const port = endpoint.family === "unix" ? 0 : endpoint.port;
    if (transport === "udp") network.setCutOneWay(port, "to", true);
    act(bob);
    if (transport === "tcp") world.run(() => world.network.closeTcp(connection, "reset"));
    world.pass(500);
    if (transport === "udp") network.setCut(port, true);
    world.pass(300_000);
    return { world, hub, bob, eve };
  }

  const lines = ["<bob> once", "<bob> and once", "<bob> waves"];

  function sayAll(bob: Duet): void {
    bob.say("once");
    bob.say("and once");
    bob.command("/me waves");
  }

  test("shows and relays them once after the reconnect, and confirms the copies", () => {
    const { world, hub, bob, eve } = loseReceipts(sayAll);
    expect(listOwn(bob, transport).map(({ lostFor }) => lostFor)).toEqual([["hub"], ["hub"], ["hub"]]);
    bob.command("/reconnect");
    world.pass(60_000);
    bob.say("later");
    world.pass(5000);
    for (const duet of [hub, eve]) expect(duet.receivedLines(transport)).toEqual([...lines, "<bob> later"]);
    expect(
      listOwn(bob, transport)
        .slice(3)
        .map(({ stage }) => stage),
    ).toEqual(Array(4).fill("received"));
  });

  test("shows a private line to its person once, and one that /resend repeats as well", () => {
    const { world, hub, bob } = loseReceipts((one) => one.command("/msg hub psst"));
    bob.command("/reconnect");
    world.pass(60_000);
    expect(hub.receivedLines(transport)).toEqual(["<bob> psst"]);
  });

  test("a host that was started again shows them", () => {
    const { world, hub, bob } = loseReceipts(sayAll);
    world.remove(hub);
    const next = world.hub({ name: "hub" }, transport);
    bob.command("/reconnect");
    world.pass(60_000);
    expect(next.receivedLines(transport)).toEqual(lines);
  });
});

test("ids are remembered up to their bound for each session, and sessions up to theirs", () => {
  const received: ReceivedIds = new Map();
  for (let id = 1; id <= receivedIdsMax; id += 1) noteReceivedId(received, "a", id);
  expect([hasReceivedId(received, "a", 1), hasReceivedId(received, "b", 1)]).toEqual([true, false]);
  noteReceivedId(received, "a", receivedIdsMax + 1);
  expect([hasReceivedId(received, "a", 1), hasReceivedId(received, "a", 2)]).toEqual([false, true]);
  for (let count = 1; count < receivedSessionsMax; count += 1) noteReceivedId(received, `s${count}`, 1);
  expect(hasReceivedId(received, "a", 2)).toBe(true);
  noteReceivedId(received, "one more", 1);
  expect([hasReceivedId(received, "a", 2), received.size]).toEqual([false, receivedSessionsMax]);
});
