/** Sealed calls in the wire panel: a record is shown as what it is, and opened as both, what crossed and what was in it. */

import { expect, test } from "bun:test";
import type { WireModel } from "../../src/chat/log/wire-log.ts";
import { parseRecorded } from "../../src/replay/recorded-event.ts";
import { Replay } from "../../src/replay/recording.ts";
import { formatJson } from "../../src/cli/output/json-output.ts";
import { describeCall } from "../../src/view/wire/call-text.ts";
import { dumpCall } from "../../src/view/wire/wire-dump.ts";
import { World } from "../support/chat-world.ts";
import { english } from "../support/words.ts";

function sealedChat() {
  const world = new World();
  world.network.reportsAllCalls = true;
  const reported = { reportCalls: true, reportPayloads: true, reportSpans: true } as const;
  const hub = world.hub({ encrypt: "require", ...reported });
  const bob = world.member("bob", "tcp", { encrypt: "require", ...reported });
  world.pass(500);
  bob.say("xylophone");
  world.pass(500);
  return { hub, bob };
}

/** The calls as rows and, of the last recv that brought the word, its bytes. */
function readPanel(wire: WireModel) {
  const rows = Array.from({ length: wire.length }, (_, index) => wire.at(index)!);
  const found = rows.findLast((row) => Buffer.from(wire.payloadOf(row) ?? []).includes("xylophone"))!;
  const dump = dumpCall(wire, found, english, 100).map(({ text }) => text);
  return { calls: rows.map((row) => describeCall(row, english.wire)), found, dump };
}

test("the handshake is rows of its bytes, and what follows rows of sealed records", () => {
  const { bob } = sealedChat();
  const { calls } = readPanel(bob.chat.sides.tcp.calls!);
  const moved = calls.filter((call) => /^(send|recv)/.test(call));
  // Two hellos, and three messages of 35, 99 and 67 bytes.
  expect(moved.slice(0, 5).map((call) => call.replace(/ 1\d\d B$/, " hello"))).toEqual([
    "send hello",
    "recv hello",
    "send 35 B",
    "recv 99 B",
    "send 67 B",
  ]);
  expect(moved.slice(5).every((call) => /^(send|recv) \d+ B sealed/.test(call))).toBe(true);
});

test("an open call has the frames that were in it, and the bytes that crossed", () => {
  const { hub } = sealedChat();
  const { found, dump } = readPanel(hub.chat.sides.tcp.calls!);
  const { bytes = 0, sealed } = found;
  expect(sealed!.bytes).toBe(bytes + 19);
  const text = dump.join("\n");
  expect(text).toContain(`opened, ${bytes} B, which nobody between read:`);
  expect(text).toContain('“ duet/1 {"type":"message"');
  const crossed = text.slice(text.indexOf(`what crossed, ${sealed!.bytes} B sealed:`));
  expect(crossed).toMatch(/^what crossed.*\n0000 {2}00 [\da-f]{2} 90 /);
  expect(crossed).not.toContain("xylo");
});

test("a recording of a sealed chat has the same rows and dumps when it is replayed, and no key", () => {
  const { hub } = sealedChat();
  const lines = hub.unwordedOutputs.flatMap((output) => {
    const worded = hub.outputs[hub.unwordedOutputs.indexOf(output)]!;
    return formatJson(worded) ?? [];
  });
  const events = lines.flatMap((line) => parseRecorded(line) ?? []);
  const replay = new Replay(events, english);
  replay.goTo(events.length);
  const wire = replay.model().wire.tcp;
  const live = readPanel(hub.chat.sides.tcp.calls!);
  const again = readPanel(wire);
  expect(again.calls.filter((call) => call.includes("sealed"))).toEqual(
    live.calls.filter((call) => call.includes("sealed")),
  );
  expect(again.dump.slice(1)).toEqual(live.dump.slice(1));
  const recorded = lines.join("");
  expect(recorded).toContain('"security":"encrypted"');
  const { keys } = hub.chat.self;
  expect(recorded).not.toContain(Buffer.from(keys.state).toString("hex"));
});
