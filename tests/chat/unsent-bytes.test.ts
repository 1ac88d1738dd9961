/** Bytes of standard input that nobody is there for: the first are reported at once, the others in one number. */

import { expect, test } from "bun:test";
import { createChat } from "../../src/chat/model/new-chat.ts";
import { update } from "../../src/chat/update.ts";
import { testConfig } from "../support/chat-world.ts";

test("a thousand pieces are one error, and a number for the exit", () => {
  const chat = createChat(testConfig({ headless: true }), "s".repeat(24), "secret", new Uint8Array(32));
  const reported: string[] = [];
  for (let piece = 0; piece < 1000; piece++)
    for (const effect of update(chat, { type: "piped", bytes: new Uint8Array(100) }, piece, piece))
      if (effect.type === "report" && effect.output.type === "error") reported.push(effect.output.message.id);
  expect(reported).toEqual(["bytes-not-sent"]);
  expect(chat.exit.unsentBytes).toBe(99_900);
});
