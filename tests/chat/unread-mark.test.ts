/** The mark where unread entries begin. */

import { expect, test } from "bun:test";
import { type Duet, World } from "../support/chat-world.ts";

function isMarked({ chat }: Duet, transport: "tcp" | "udp" = "tcp"): boolean {
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
  return { world, hub, bob };
}

test("messages received without the focus are marked until the person answers", () => {
  const { hub, bob } = room();
  hub.dispatch({ type: "focus-changed", away: true });
  expect(isMarked(hub)).toBe(false);
  bob.say("are you there?");
  hub.dispatch({ type: "focus-changed", away: false });
  expect(isMarked(hub)).toBe(true);
  hub.say("yes");
  expect(isMarked(hub)).toBe(false);
});

test("messages received after the focus returned are not marked", () => {
  const { hub, bob } = room();
  hub.dispatch({ type: "focus-changed", away: true });
  hub.dispatch({ type: "focus-changed", away: false });
  bob.say("hello");
  expect(isMarked(hub)).toBe(false);
});

test("messages on the inactive tab are marked there, and switching away clears the mark", () => {
  const { world, hub, bob } = room();
  world.connectUdpElsewhere(hub);
  hub.dispatch({ type: "switched", to: "udp" });
  bob.say("one");
  hub.dispatch({ type: "switched", to: "tcp" });
  expect(isMarked(hub)).toBe(true);
  hub.dispatch({ type: "switched", to: "udp" });
  expect(isMarked(hub)).toBe(false);
  hub.dispatch({ type: "switched", to: "udp" });
  hub.dispatch({ type: "switched", to: "tcp" });
  expect(hub.chat.sides.tcp.conversation.scrollback.unreadAfter).toBeUndefined();
});

test("messages received under an overlay are unread until it closes", () => {
  const { hub, bob } = room();
  const { tcp } = hub.chat.sides;
  bob.say("seen");
  hub.dispatch({ type: "overlay-changed", covered: true });
  hub.dispatch({ type: "overlay-changed", covered: true });
  bob.say("one");
  bob.say("two");
  expect([tcp.conversation.unread, isMarked(hub)]).toEqual([2, true]);
  hub.dispatch({ type: "overlay-changed", covered: false });
  expect([tcp.conversation.unread, isMarked(hub)]).toEqual([0, true]);
  bob.say("seen again");
  expect(tcp.conversation.unread).toBe(0);
});
