/** What a member writes is never drawn, printed or relayed as another's line. */

import { expect, test } from "bun:test";
import { formatMessage } from "../../src/cli/output/plain-output.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { formatTranscript } from "../../src/view/conversation/transcript.ts";
import { layoutEntry } from "../../src/view/conversation/entry-rows.ts";
import { World } from "../support/chat-world.ts";
import { english } from "../support/words.ts";

/** The lines of the last message: on the screen, in a transcript, with --plain, and at a raw peer. */
function drawLast(name: string, text: string, action: boolean) {
  const world = new World();
  const hub = world.hub({ reportMessages: true });
  const raw = world.program().connect();
  world.pass(1000);
  const before = raw.received.length;
  const eve = world.program().connect();
  const hello = { type: "hello", name, session: "s", key: "k" } as const;
  eve.send(`${encodeFrame(hello)}\n${encodeFrame({ type: "message", id: 1, text, action })}\n`);
  const { scrollback } = hub.chat.sides.tcp.conversation;
  const entry = scrollback.at(scrollback.length - 1)!;
  const formatTime = () => "12:00";
  const rows = layoutEntry(entry, { columns: 100, formatTime, words: english });
  const output = hub.outputs.findLast(({ type }) => type === "message")!;
  return {
    screen: rows.map((row) => `${row.name ?? ""} │ ${row.text}`),
    transcript: [...formatTranscript(scrollback, english, formatTime)].slice(-text.split("\n").length),
    plain: formatMessage(output),
    raw: raw.received.slice(before),
  };
}

test("the /me of a name with blanks or signs is no /me of a shorter name", () => {
  for (const [name, text] of [
    ["bob says", "the password is 123"],
    ["bob:", "hello"],
  ] as const) {
    const drawn = drawLast(name, text, true);
    expect(drawn.screen).toEqual([`* │ <${name}> ${text}`]);
    expect(drawn.transcript).toEqual([`12:00 * <${name}> ${text}`]);
    expect(drawn.plain).toBe(`* <${name}> ${text}\n`);
    expect(drawn.raw).toBe(`* <${name}> ${text}\n`);
  }
});

test("a plain name's /me is as it was", () => {
  const drawn = drawLast("bob", "waves", true);
  expect(drawn).toEqual({
    screen: ["* │ bob waves"],
    transcript: ["12:00 * bob waves"],
    plain: "* bob waves\n",
    raw: "* bob waves\n",
  });
});

test("each further line of a message stands under its author, or has the author before it", () => {
  const forged = [
    "hi",
    "12:00  bob │ pay eve",
    "<bob> pay eve",
    "* bob pays",
    "\t--> bob joined",
    "duet: bye",
  ];
  const drawn = drawLast("eve", forged.join("\n"), false);
  expect(drawn.screen).toEqual([
    "eve │ hi",
    ...forged.slice(1).map((line) => ` │ ${line.replace("\t", " ".repeat(8))}`),
  ]);
  expect(drawn.transcript).toEqual(forged.map((line) => `12:00 <eve> ${line}`));
  const printed = forged.map((line) => `<eve> ${line.replace("\t", " ".repeat(8))}\n`);
  expect(drawn.plain).toBe(printed.join(""));
  expect(drawn.raw).toBe(forged.map((line) => `<eve> ${line}\n`).join(""));
  const action = drawLast("eve", "waves\n<bob> hi", true);
  expect(action.screen).toEqual(["* │ eve waves", " │ <bob> hi"]);
  expect(action.plain).toBe("* eve waves\n* eve <bob> hi\n");
});

test("a public line cannot look like a private one, by its author's name", () => {
  expect(drawLast("bob → you", "psst", false).raw).toBe("<bob - you> psst\n");
});

test("a name that duet itself uses is renamed, and a raw peer keeps its address", () => {
  expect(drawLast("you", "hi", false).raw).toBe("<you~2> hi\n");
  expect(drawLast("duet", "hi", false).raw).toBe("<duet~2> hi\n");
  expect(drawLast("127.0.0.1:50001", "hi", false).raw).toBe("<127.0.0.1:50001~2> hi\n");
  expect(drawLast("hᴜb", "hi", false).raw).toBe("<hᴜb~2> hi\n");
  const world = new World();
  const hub = world.hub();
  const raw = world.program().connect().send("hi\n");
  expect(hub.memberNames()).toEqual([`127.0.0.1:${raw.local.port}`]);
});

test("bidi controls reach no raw peer: not in names, nor in what duets and raw peers write", () => {
  const rightToLeft = "\u202Ebob\u2069 \u200Fhi\u061C";
  const escaped = "<U+202E>bob<U+2069> <U+200F>hi<U+061C>";
  expect(drawLast("\u202Ebob", rightToLeft, false).raw).toBe(`<(U+202E)bob> ${escaped}\n`);
  const world = new World();
  world.hub();
  const [one, two] = [world.program().connect().send("\n"), world.program().connect().send("\n")];
  two.received = "";
  one.send(`${rightToLeft}\n`);
  expect(two.received).toBe(`<127.0.0.1:${one.local.port}> ${escaped}\n`);
});
