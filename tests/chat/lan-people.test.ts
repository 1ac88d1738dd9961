/** Known people on the local network: keys in announcements, and the sessions that prove them or do not. */

import { describe, expect, test } from "bun:test";
import type { Config } from "../../src/chat/config/config.ts";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import { formatKey } from "../../src/protocol/identity/key-text.ts";
import { parseLanAnnouncement } from "../../src/protocol/lan/lan-announcement.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import type { PeopleFiles } from "../../src/session/ports.ts";
import { type Duet, homeTarget, World } from "../support/chat-world.ts";
import { fakePeople } from "../support/fake-ports.ts";
import { announcement, eth, lo, receiveAnnouncement } from "../support/lan-fixture.ts";

const here = "127.0.0.1";

function keyOf({ readIdentity }: PeopleFiles): string {
  return formatKey(makeKeyPair(readIdentity()?.secret ?? new Uint8Array(32)).publicKey);
}

/** The keys that a listening duet announces on each interface, by the interface's name. */
function findAnnouncedKeys(config: Partial<Config>, host = "0.0.0.0"): readonly unknown[] {
  const duet = new World().duet({ lan: true, ...config }, fakePeople(1));
  duet.open({ role: "listen", target: { kind: "ip", host, port: 8080 } });
  duet.dispatch({ type: "lan", event: { type: "interfaces", interfaces: [eth, lo] } });
  return duet.sent.flatMap((effect) =>
    effect.type === "lan" && effect.work.type === "send"
      ? [parseLanAnnouncement(effect.work.payload)?.identity]
      : [],
  );
}

describe("an announcement has our key", () => {
  const ours = keyOf(fakePeople(1));
  test("where a friend's duet is answered encrypted", () => {
    expect(findAnnouncedKeys({ encrypt: "auto" })).toContain(ours);
    expect(findAnnouncedKeys({ encrypt: "require" }, here)).toContain(ours);
  });
  test.each<[Partial<Config>, string]>([
    [{ encrypt: "off" }, "0.0.0.0"],
    [{ encrypt: "auto", telnet: true }, "0.0.0.0"],
    [{ encrypt: "auto", raw: true }, "0.0.0.0"],
    [{ encrypt: "auto" }, here],
  ])("and not with %j at %s", (config, host) => {
    const keys = findAnnouncedKeys(config, host);
    expect(keys.length).toBeGreaterThan(0);
    expect(keys).not.toContain(ours);
  });
});

/** ann, who knows bob (1) and carol (2), and listens to announcements. */
function startAnn(config: Partial<Config> = {}) {
  const world = new World();
  const [bob, carol, eve] = [fakePeople(1), fakePeople(2), fakePeople(3)];
  const person = fakePeople(50);
  const learn = (key: string, name: string): void =>
    person.learn({ is: "met", key, name, endpoint: undefined, atMs: 1 }, () => {});
  learn(keyOf(bob), "bob");
  learn(keyOf(carol), "carol");
  person.learn({ is: "verified", key: keyOf(carol), name: "carol", atMs: 1 }, () => {});
  const ann = world.duet({ name: "ann", lan: true, encrypt: "auto", ...config }, person);
  ann.open({ role: "listen", target: { kind: "ip", host: here, port: 9999 } });
  ann.dispatch({ type: "lan", event: { type: "interfaces", interfaces: [eth, lo] } });
  const announce = (name: string, people: PeopleFiles | undefined, from = here, number = 1): void =>
    receiveAnnouncement(
      ann,
      from,
      announcement(number, { name, ...(people !== undefined && { identity: keyOf(people) }) }),
    );
  const host = (people: PeopleFiles, over: Partial<Config> = {}): Duet => {
    const duet = world.duet({ name: "robert", encrypt: "auto", ...over }, people);
    duet.open({ role: "listen", target: homeTarget });
    return duet;
  };
  const rows = () => selectScreen(ann.chat).lan?.rows ?? [];
  const join = (): void => {
    ann.dispatch({ type: "lan-chosen", key: rows()[0]!.key, sure: true });
    world.pass(200);
  };
  return { world, ann, person, bob, carol, eve, announce, host, rows, join };
}

function keyErrorsOf(duet: Duet): readonly string[] {
  return duet.errors().filter((error) => error.startsWith("EKEY"));
}

function securityOf(duet: Duet): readonly unknown[] {
  return duet.outputs.flatMap((output) =>
    output.type === "peer" && output.event === "identified" ? [output.security] : [],
  );
}

describe("the list", () => {
  test("shows known people by the name that ann knows, whatever they announce, and the VERIFIED ones", () => {
    const { announce, bob, carol, eve, rows } = startAnn();
    announce("robert", bob, "192.0.2.1", 1);
    announce("anonymous", carol, "192.0.2.2", 2);
    announce("eve", eve, "192.0.2.3", 3);
    announce("dora", undefined, "192.0.2.4", 4);
    const shown = rows().map(({ name, person, doubt }) => [name, person, doubt?.id]);
    expect(shown.toSorted()).toEqual([
      ["bob", "known", undefined],
      ["carol", "verified", undefined],
      ["dora", undefined, undefined],
      ["eve", undefined, undefined],
    ]);
  });

  test("marks a known person's name with another key, and without one", () => {
    const { announce, eve, rows } = startAnn();
    announce("bob", eve, "192.0.2.1", 1);
    announce("carol", undefined, "192.0.2.2", 2);
    expect(rows().map(({ name, person, doubt }) => [name, person, doubt?.id])).toEqual([
      ["bob", undefined, "lan-other-key"],
      ["carol", undefined, "lan-other-key"],
    ]);
  });

  test("knows nobody where no session would prove a key", () => {
    const { announce, bob, rows } = startAnn({ encrypt: "off" });
    announce("robert", bob, "192.0.2.1");
    expect(rows().map(({ name, person }) => [name, person])).toEqual([["robert", undefined]]);
  });

  test("shows a joined duet by the key that it has proven, not by one that it announces", () => {
    const { ann, world, announce, bob, eve, host, rows } = startAnn({ encrypt: "require" });
    host(eve, { name: "robert" });
    ann.command("/connect 127.0.0.1 8080");
    world.pass(200);
    announce("robert", bob);
    // Not bob: eve has met ann as robert.
    expect(rows().map(({ name, joined, person }) => [name, joined, person])).toEqual([
      ["robert", true, "known"],
    ]);
  });

  test("printed: the announced name with whose key it is, and --key only for a VERIFIED person", () => {
    const { ann, world, announce, bob, carol } = startAnn({ headless: true });
    announce("robert", bob, "192.0.2.1", 1);
    announce("caroline", carol, "192.0.2.2", 2);
    const found = ann.notices().filter((text) => text.includes("is on the local network"));
    expect(found[0]).toContain(
      "robert is on the local network: TCP 192.0.2.1:8080 (announced with the key of bob,",
    );
    expect(found[1]).toContain(
      "caroline is on the local network: TCP 192.0.2.2:8080 (announced with the VERIFIED key of carol,",
    );
    ann.dispatch({ type: "lan-requested" });
    world.pass(5000);
    const hints = ann.unwordedOutputs.flatMap((output) =>
      output.type === "notice" && output.hint?.id === "lan-found-hint" ? [output.hint.params] : [],
    );
    expect(hints).toEqual([
      { words: "--duet 192.0.2.1 8080" },
      { words: `--duet 192.0.2.2 8080 --key ${keyOf(carol)}` },
    ]);
  });
});

describe("joining a known person of the list", () => {
  test("meets that person, on loopback too, where a key makes auto encrypt", () => {
    const { ann, announce, bob, host, join, rows } = startAnn();
    const hub = host(bob);
    announce("robert", bob);
    join();
    expect(hub.memberNames()).toEqual(["ann"]);
    expect(securityOf(ann)).toEqual(["known"]);
    expect(rows()).toMatchObject([{ name: "robert", joined: true, person: "known" }]);
  });

  test("meets a VERIFIED one as that, and does not make one of a known one", () => {
    const { ann, announce, carol, host, join, person, bob } = startAnn();
    host(carol);
    announce("carol", carol);
    join();
    expect(securityOf(ann)).toEqual(["verified"]);
    expect(person.readKnown().get(keyOf(bob))?.isVerified).toBe(false);
  });

  test.each<[string, Partial<Config>]>([
    ["another key", {}],
    ["no encryption", { encrypt: "off" }],
  ])("sends and shows nothing where %s answers, until /trust", (_what, over) => {
    const { ann, world, announce, bob, eve, host, join } = startAnn();
    const hub = host(eve, over);
    announce("bob", bob);
    join();
    ann.say("secret");
    world.pass(10_000);
    expect(keyErrorsOf(ann)).toHaveLength(1);
    expect(keyErrorsOf(ann)[0]).toContain("was announced with the key of bob");
    expect(JSON.stringify(ann.outputs)).not.toContain("KEY CHANGED");
    expect(hub.memberNames()).toEqual([]);
    expect(JSON.stringify(hub.outputs)).not.toContain("secret");
    expect(ann.receivedLines()).toEqual([]);
    ann.command("/trust");
    world.pass(2000);
    expect(hub.memberNames()).toEqual(["ann"]);
    expect(keyErrorsOf(ann)).toHaveLength(1);
  });

  test("counts in place of an endpoint that had another key: addresses of a local network change hands", () => {
    const { ann, announce, bob, carol, person, host, join } = startAnn();
    const met = { is: "met", key: keyOf(bob), name: "bob", endpoint: `${here}:8080`, atMs: 2 } as const;
    person.learn(met, () => {});
    host(carol);
    announce("carol", carol);
    join();
    expect(keyErrorsOf(ann)).toEqual([]);
    expect(securityOf(ann)).toEqual(["verified"]);
  });
});

describe("joining an unknown duet of the list", () => {
  test("fixes no key at its address, and so raises no alarm when the address has another owner", () => {
    const { ann, world, announce, eve, host, join, person } = startAnn({ encrypt: "require" });
    const first = host(eve);
    announce("eve", eve);
    join();
    expect(securityOf(ann)).toEqual(["encrypted"]);
    expect(person.readKnown().get(keyOf(eve))?.endpoints).toEqual([]);
    first.quit();
    world.pass(5000);
    const mallory = fakePeople(4);
    host(mallory, { name: "dora" });
    announce("dora", mallory);
    join();
    expect(keyErrorsOf(ann)).toEqual([]);
    expect(securityOf(ann)).toEqual(["encrypted", "encrypted"]);
  });

  test("is held where the address was typed before, and had another key", () => {
    const { ann, announce, bob, eve, person, host, join } = startAnn();
    const met = { is: "met", key: keyOf(bob), name: "bob", endpoint: `${here}:8080`, atMs: 2 } as const;
    person.learn(met, () => {});
    host(eve);
    announce("eve", eve);
    join();
    expect(keyErrorsOf(ann)).toHaveLength(1);
    expect(keyErrorsOf(ann)[0]).toContain("KEY CHANGED");
  });
});
