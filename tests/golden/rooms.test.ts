/** Rooms of three and more: joins, names, private lines, leaves. */

import { type Duet, Folder, type JsonEvent, startDuet } from "../support/duet.ts";
import { EventLog } from "./event-log.ts";
import { startSpoken } from "./spoken.ts";
import { golden, type Transcript } from "./transcript.ts";
import { connectWire } from "./wire.ts";

/** Waits until the hub has identified the client, and names its port. */
async function nameGuest(transcript: Transcript, hub: Duet, name: string, portName: string): Promise<void> {
  const { peer } = await hub.waitForEvent({ type: "peer", event: "identified", name });
  transcript.namePort(Number(String(peer).split(":").at(-1)), portName);
}

/** Sends a line, and waits until each of the others received it and the sender has all receipts. */
async function sendAndAwaitReceipts(sender: Duet, others: readonly Duet[], text: string): Promise<void> {
  sender.write(`${text}\n`);
  const { id } = await sender.waitForEvent({ type: "message", direction: "out", text });
  for (const other of others) await other.waitForEvent({ type: "message", direction: "in", text });
  await sender.waitFor(
    () => sender.eventsOf("receipt").some((event) => event["id"] === id && isLast(event, others.length)),
    `the receipts of ${text}`,
  );
}

function isLast(event: Readonly<Record<string, unknown>>, count: number): boolean {
  return event["stage"] === "received" && (event["of"] === undefined || event["by"] === count);
}

/**
 * Waits until a client has received the frame that ann left: before, its line would await a receipt of ann. The hub sends
 * that frame after its last recv from ann.
 */
async function waitForLeave(hub: Duet, client: Duet, name: string): Promise<void> {
  const { peer } = await hub.waitForEvent({ type: "peer", event: "identified", name });
  const { peer: ann } = await hub.waitForEvent({ type: "peer", event: "identified", name: "ann" });
  const isCall = (event: JsonEvent, call: RegExp): boolean => call.test(String(event["call"]));
  await client.waitFor(() => {
    const { events } = hub;
    const last = events.findLastIndex((event) => isCall(event, /^recv/) && event["peer"] === ann);
    const sent = events.slice(last).filter((event) => isCall(event, /^send/) && event["peer"] === peer);
    const received = client.events.filter((event) => isCall(event, /^recv/));
    return sent.length > 0 && endOf(received.at(-1)) >= endOf(sent[0]);
  }, "the frame that ann left");
}

/** The offset after a call's bytes. */
function endOf(call: JsonEvent | undefined): number {
  return Number(call?.["offset"] ?? 0) + Number(call?.["bytes"] ?? 0);
}

for (const [transport, flags] of [
  ["tcp", []],
  ["udp", ["-u"]],
] as const) {
  golden(`room-${transport}-json`, async (transcript) => {
    using folder = new Folder();
    await using hub = startDuet([...flags, "-l", "127.0.0.1", "0", "--json", "--name", "hub"], { folder });
    const port = await hub.port();
    transcript.namePort(port, "p-hub");
    const to = [...flags, "--duet", "127.0.0.1", String(port), "--json"];
    await using ann = startDuet([...to, "--name", "ann"], { folder });
    await nameGuest(transcript, hub, "ann", "p-ann");
    await ann.waitForEvent({ type: "peer", event: "identified" });
    await using bob = startDuet([...to, "--name", "bob"], { folder });
    await nameGuest(transcript, hub, "bob", "p-bob");
    await bob.waitForEvent({ type: "peer", event: "identified" });
    await sendAndAwaitReceipts(ann, [hub, bob], "hello from ann");
    await sendAndAwaitReceipts(bob, [hub, ann], "hello from bob");
    await sendAndAwaitReceipts(hub, [ann, bob], "hello from the hub");
    await transcript.stop("ann", ann);
    await hub.waitForEvent({ type: "state", to: "CLOSED" });
    await waitForLeave(hub, bob, "bob");
    await sendAndAwaitReceipts(bob, [hub], "who is left?");
    await transcript.stop("bob", bob);
    await hub.waitFor(
      () => hub.eventsOf("state").filter(({ to }) => to === "CLOSED").length === 2,
      "both to be gone",
    );
    if (transport === "udp") await hub.waitForEvent({ type: "state", from: "OPEN", to: "BOUND" });
    await transcript.stop("hub", hub);
  });
}

golden("room-tcp-plain", async (transcript) => {
  using folder = new Folder();
  const log = new EventLog(folder, "hub");
  const here = ["-l", "127.0.0.1", "0", "--plain", "--name", "hub", ...log.option];
  await using hub = startDuet(here, { folder });
  const port = await hub.port();
  transcript.namePort(port, "p-hub");
  const to = ["--duet", "127.0.0.1", String(port), "--plain", "--name"];
  await using ann = startDuet([...to, "ann"], { folder });
  await ann.waitForError(/you are ann in hub's room/);
  await using bob = startDuet([...to, "bob"], { folder });
  await bob.waitForError(/you are bob in hub's room/);
  await ann.waitForError(/bob .*joined/);
  for (const [name, portName] of [
    ["ann", "p-ann"],
    ["bob", "p-bob"],
  ] as const) {
    const [, joined] = await hub.waitForError(new RegExp(`${name} \\(127\\.0\\.0\\.1:(\\d+)\\) joined`));
    transcript.namePort(Number(joined), portName);
  }
  using raw = await connectWire(port);
  transcript.namePort(raw.port, "p-raw");
  raw.send("hello, I am nc\n");
  for (const other of [hub, ann, bob]) await other.waitForLine("hello, I am nc");
  bob.write("hello from bob\n");
  for (const other of [hub, ann]) await other.waitForLine("hello from bob");
  await raw.takes("hello from bob");
  hub.write("hello from the hub\n");
  for (const other of [ann, bob]) await other.waitForLine("hello from the hub");
  await raw.takes("hello from the hub");
  await log.waitForReceipts(1);
  bob.signal("SIGINT");
  await transcript.writeEnd("bob", bob);
  for (const other of [hub, ann]) await other.waitForError(/<-- bob .*left/);
  raw.send("one more line\n");
  for (const other of [hub, ann]) await other.waitForLine("one more line");
  raw.shutdown();
  await hub.waitForError(/HALF-CLOSED \(theirs\)/);
  hub.signal("SIGTERM");
  await transcript.writeEnd("hub", hub);
  await transcript.writeEnd("ann", ann);
  await raw.takesEnd();
  transcript.write("the raw member's wire", raw.text);
});

golden("room-commands", async (transcript) => {
  using folder = new Folder();
  await using hub = await startSpoken(["-l", "127.0.0.1", "0", "--name", "hub"], folder);
  const port = await hub.port();
  transcript.namePort(port, "p-hub");
  await using ann = await startSpoken(["--duet", "127.0.0.1", String(port), "--name", "ann"], folder);
  await ann.reads(/you are ann in hub's room/);
  await hub.reads(/ann .*joined/);
  using raw = await connectWire(port);
  transcript.namePort(raw.port, "p-raw");
  raw.send("hello, I am nc\n");
  for (const other of [hub, ann]) await other.reads(/says: hello, I am nc/);
  await ann.type("/nick anna", /duet: you are now anna/);
  await hub.reads("ann is now anna");
  ann.write("/me waves");
  await hub.reads(/anna.*waves/);
  await raw.takes(/anna.*waves/);
  hub.write("/msg anna psst");
  await ann.reads(/hub .*psst/);
  ann.write("/msg hub to you alone");
  await hub.reads(/anna .*to you alone/);
  await hub.type(`/nick 127.0.0.1:${raw.port} nick`, /duet: .*nick$/);
  await ann.reads(/is now nick/);
  raw.send("my name is nick\n");
  for (const other of [hub, ann]) await other.reads(/nick says: my name is nick/);
  await hub.type("/msg nobody hello", /error: .*nobody/);
  await hub.type("/who", /duet: nick, .*/);
  await ann.type("/who", /duet: nick, .*/);
  await ann.type("/nope", /error: .*nope/);
  await ann.type("/why", /duet: .*nothing has gone wrong/);
  await hub.type("/to anna", /duet: .*anna/);
  hub.write("to anna alone");
  await ann.reads(/hub .*to anna alone/);
  ann.terminal.write("/quit\r");
  await transcript.writeFarewell("ann", ann.terminal);
  await hub.reads(/anna .*left/);
  raw.reset();
  await hub.reads(/nick .*left/);
  hub.terminal.write("/quit\r");
  await transcript.writeFarewell("hub", hub.terminal);
  transcript.write("the raw member's wire", raw.text);
});
