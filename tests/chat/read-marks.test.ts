/** Where what was not read begins. */

import { expect, test } from "bun:test";
import { type Duet, World } from "../support/chat-world.ts";

function marked({ chat }: Duet, transport: "tcp" | "udp" = "tcp"): boolean {
  const {
    conversation: { scrollback },
  } = chat.sides[transport];
  const newest = scrollback.at(scrollback.length - 1)?.id ?? 0;
  return scrollback.unreadAfter !== undefined && scrollback.unreadAfter < newest;
}

function room() {
  const world = new World();
  const hub = world.hub();
  const bob = world.member("bob");
  return { hub, bob };
}

test("what comes while the window has no focus is marked, until one answers", () => {
  const { hub, bob } = room();
  hub.dispatch({ type: "focus-changed", away: true });
  expect(marked(hub)).toBe(false);
  bob.say("are you there?");
  hub.dispatch({ type: "focus-changed", away: false });
  expect(marked(hub)).toBe(true);
  hub.say("yes");
  expect(marked(hub)).toBe(false);
});

test("when nothing came meanwhile, what comes later is not marked", () => {
  const { hub, bob } = room();
  hub.dispatch({ type: "focus-changed", away: true });
  hub.dispatch({ type: "focus-changed", away: false });
  bob.say("hello");
  expect(marked(hub)).toBe(false);
});

test("what comes on the tab that is not looked at is marked there, and moved when one looks away again", () => {
  const { hub, bob } = room();
  hub.dispatch({ type: "switched", to: "udp" });
  bob.say("one");
  hub.dispatch({ type: "switched", to: "tcp" });
  expect(marked(hub)).toBe(true);
  hub.dispatch({ type: "switched", to: "udp" });
  expect(marked(hub)).toBe(false);
  hub.dispatch({ type: "switched", to: "udp" });
  hub.dispatch({ type: "switched", to: "tcp" });
  expect(hub.chat.sides.tcp.conversation.scrollback.unreadAfter).toBeUndefined();
});

test("what comes while something lies over the conversation is unread, until it lies there no more", () => {
  const { hub, bob } = room();
  const { tcp } = hub.chat.sides;
  bob.say("seen");
  hub.dispatch({ type: "overlay-changed", covered: true });
  hub.dispatch({ type: "overlay-changed", covered: true });
  bob.say("one");
  bob.say("two");
  expect([tcp.conversation.unread, marked(hub)]).toEqual([2, true]);
  hub.dispatch({ type: "overlay-changed", covered: false });
  expect([tcp.conversation.unread, marked(hub)]).toEqual([0, true]);
  bob.say("seen again");
  expect(tcp.conversation.unread).toBe(0);
});
