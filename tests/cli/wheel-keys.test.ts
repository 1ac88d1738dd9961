import { expect, test } from "bun:test";
import { enterScreen, leaveScreen } from "../../src/cli/terminal/terminal-modes.ts";
import { WheelKeys } from "../../src/cli/terminal/wheel-keys.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";

test.each([
  ["off", "\x1b[?1007;2$y", false],
  ["permanently off", "\x1b[?1007;4$y", false],
  ["on", "\x1b[?1007;1$y", true],
  ["unknown to the terminal, which may still restore it", "\x1b[?1007;0$y", true],
  ["not reported, but another mode is off", "\x1b[?2026;2$y", true],
  ["not reported", "", true],
])("the wheel's keys are turned on again at the end, but where they were off: %s", (_what, reply, isOn) => {
  const wheelKeys = new WheelKeys("xterm-256color");
  for (const event of new KeyDecoder().push(Buffer.from(reply)))
    if (event.type === "reply") wheelKeys.query.onReply(event);
  expect(wheelKeys.isOn).toBe(isOn);
  expect(
    leaveScreen({ hadWheelKeys: wheelKeys.isOn, hasLinks: true }).includes("\x1b[?1007h\x1b[?1007r"),
  ).toBe(isOn);
});

test("the wheel's keys are asked for and saved before they are turned off, not on the Linux console", () => {
  const { query } = new WheelKeys("xterm");
  const sequence = enterScreen({ hasMouse: false, title: undefined, hasLinks: true }, query.getSequence());
  expect(sequence).toMatch(/\?1007s.*\?1007\$p.*\?1007l/u);
  expect(new WheelKeys("linux").query.getSequence()).toBe("");
});
