/** Keys of members: what a host introduces to whom, and how each is known. */

import { describe, expect, test } from "bun:test";
import type { Config } from "../../src/chat/config/config.ts";
import { formatKey } from "../../src/protocol/identity/key-text.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import type { TransportName } from "../../src/protocol/sockets/socket-event.ts";
import { findMemberKey, type MemberKey } from "../../src/chat/room/member-keys.ts";
import { findAddressee } from "../../src/chat/outbound/addressees.ts";
import { sendFrameTo } from "../../src/chat/outbound/sending.ts";
import type { Frame } from "../../src/protocol/frames/frame.ts";
import { type Duet, homeTarget, World } from "../support/chat-world.ts";
import { fakePeople } from "../support/fake-ports.ts";

const keyOfSecret = (byte: number): string => formatKey(makeKeyPair(new Uint8Array(32).fill(byte)).publicKey);
/** The key of fakePeople(number). */
const keyOf = (number: number): string => keyOfSecret(number + 100);
const epoch = expect.stringMatching(/^[0-9a-f]{32}$/) as unknown as string;

function makeRoom(transport: TransportName = "tcp") {
  const world = new World();
  const hub = world.duet({ name: "hub" }, fakePeople(1));
  hub.open({ role: "listen", target: homeTarget }, transport);
  const join = (name: string, number: number, over: Partial<Config> = {}): Duet => {
    const member = world.duet({ name, duet: true, encrypt: "require", ...over }, fakePeople(number));
    member.open({ role: "connect", target: homeTarget }, transport);
    world.pass(2000);
    return member;
  };
  const find = (of: Duet, name: string): MemberKey | undefined => {
    const addressee = findAddressee(of.chat.room, of.chat.sides[transport], name);
    return addressee && findMemberKey(of.chat.self, addressee);
  };
  return { world, hub, join, find };
}

/** A frame that a host sends as it likes. */
function sendAsHub(hub: Duet, to: string, frame: Frame): void {
  const member = [...hub.chat.room.members.values()].find(({ name }) => name === to);
  if (member !== undefined) sendFrameTo(hub.chat, member.via, frame);
  hub.dispatch({ type: "switched", to: "tcp" });
}

describe.each(["tcp", "udp"] as const)("over %s", (transport) => {
  test("a host introduces sealed members and itself to sealed members", () => {
    const { hub, join, find } = makeRoom(transport);
    const [ann, bob] = [join("ann", 2), join("bob", 3)];
    expect(find(ann, "bob")).toEqual({ key: keyOf(3), epoch, from: "host", security: "encrypted" });
    expect(find(bob, "ann")).toEqual({ key: keyOf(2), epoch, from: "host", security: "encrypted" });
    expect(find(ann, "hub")).toEqual({ key: keyOf(1), epoch, from: "session", security: "encrypted" });
    expect(find(hub, "bob")).toEqual({ key: keyOf(3), epoch, from: "session", security: "encrypted" });
    // All three name one process by one epoch.
    expect(find(hub, "bob")?.epoch).toBe(find(ann, "bob")?.epoch);
    expect(ann.peer().hostRoom.members.get(1)?.introduced).toEqual({
      key: keyOf(1),
      epoch: find(ann, "hub")?.epoch ?? "",
    });
  });

  test("no key is sent to or of a member in the clear", () => {
    const { hub, join, find } = makeRoom(transport);
    const ann = join("ann", 2);
    const carl = join("carl", 4, { encrypt: "off" });
    const bob = join("bob", 3);
    expect([find(carl, "ann"), find(carl, "bob"), find(carl, "hub")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(find(hub, "carl")).toBeUndefined();
    expect(find(ann, "carl")).toBeUndefined();
    expect(find(bob, "ann")?.key).toBe(keyOf(2));
    expect(find(ann, "bob")?.key).toBe(keyOf(3));
    for (const { introduced } of carl.peer().hostRoom.members.values()) expect(introduced).toBeUndefined();
    expect(carl.peerNames()).toContain("bob");
  });
});

test("a host that knows nobody with a lasting key loads none", () => {
  const { hub, join } = makeRoom();
  join("ann", 2, { encrypt: "off" });
  expect(hub.chat.self.keys.ours).toBeUndefined();
});

describe("an introduced key", () => {
  function meetFirst(name: string, number: number) {
    const room = makeRoom();
    const ann = room.join("ann", 2);
    ann.people.learn({ is: "met", key: keyOf(number), name, endpoint: undefined, atMs: 1 }, () => {});
    return { ...room, ann };
  }

  test("is known by its owner's contact under the same name, and verified if the owner was", () => {
    const { ann, join, find } = meetFirst("bob", 3);
    join("bob", 3);
    expect(find(ann, "bob")).toMatchObject({ from: "contact", security: "known" });
    ann.people.learn({ is: "verified", key: keyOf(3), name: "bob", atMs: 2 }, () => {});
    expect(find(ann, "bob")).toMatchObject({ from: "contact", security: "verified" });
  });

  test("of somebody known by another name is the host's word alone", () => {
    const { ann, join, find } = meetFirst("dora", 3);
    ann.people.learn({ is: "verified", key: keyOf(3), name: "dora", atMs: 2 }, () => {});
    join("bob", 3);
    expect(find(ann, "bob")).toMatchObject({ from: "host", security: "encrypted", knownAs: "dora" });
  });

  test("that the host replaces is of another member: a private line does not follow it", () => {
    const { world, hub, join, find } = makeRoom();
    const [ann, bob] = [join("ann", 2), join("bob", 3)];
    ann.command("/to bob");
    const wasEpoch = find(ann, "bob")?.epoch ?? "";
    sendAsHub(hub, "ann", { type: "joined", number: 3, name: "bob", identity: keyOf(9), epoch: wasEpoch });
    expect(find(ann, "bob")?.key).toBe(keyOf(9));
    expect(ann.notices().filter((notice) => notice.includes("it may be lying"))).toHaveLength(1);
    ann.say("secret");
    world.pass(1000);
    expect(bob.receivedLines()).toEqual([]);
    expect(ann.returnedLines).toEqual(["secret"]);
  });

  test("whose check character is wrong, or without an epoch, is none", () => {
    const { hub, join, find } = makeRoom();
    const ann = join("ann", 2);
    const wrong = keyOf(9).replace(/.$/, (last) => (last === "a" ? "b" : "a"));
    const known = { type: "joined", number: 7, name: "eve" } as const;
    sendAsHub(hub, "ann", { ...known, identity: wrong, epoch: "0".repeat(32) });
    expect(find(ann, "eve")).toBeUndefined();
    sendAsHub(hub, "ann", { ...known, identity: keyOf(9) });
    expect(find(ann, "eve")).toBeUndefined();
    sendAsHub(hub, "ann", { ...known, identity: keyOf(9).toUpperCase(), epoch: "0".repeat(32) });
    expect(find(ann, "eve")?.key).toBe(keyOf(9));
  });
});
