/** `/verify`: two people compare digits, directly and through a host, with somebody in between or without. */

import { describe, expect, test } from "bun:test";
import type { Config } from "../../src/chat/config/config.ts";
import { sendFrameTo } from "../../src/chat/outbound/sending.ts";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import { commitTo } from "../../src/protocol/identity/comparison.ts";
import { formatKey } from "../../src/protocol/identity/key-text.ts";
import type { ComparisonStep } from "../../src/protocol/frames/frame.ts";
import {
  comparisonBurst,
  comparisonMs,
  comparisonPauseMs,
  comparisonsMax,
  comparisonStepMs,
} from "../../src/protocol/limits.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import type { TransportName } from "../../src/protocol/sockets/socket-event.ts";
import { type Duet, homeTarget, World } from "../support/chat-world.ts";
import { fakePeople } from "../support/fake-ports.ts";

function keyOf({ people }: Duet): string {
  return formatKey(makeKeyPair(people.readIdentity()?.secret ?? new Uint8Array(32)).publicKey);
}

/** bob's room, which anybody may join. */
function openRoom(transport: TransportName = "tcp", over: Partial<Config> = {}) {
  const world = new World();
  const bob = world.duet({ name: "bob", ...over }, fakePeople(1));
  bob.open({ role: "listen", target: homeTarget }, transport);
  let people = 1;
  const join = (name: string, config: Partial<Config> = {}): Duet => {
    people += 1;
    const member = world.duet({ name, duet: true, encrypt: "require", ...config }, fakePeople(people));
    member.open({ role: "connect", target: homeTarget }, transport);
    world.pass(2000);
    return member;
  };
  const run = (duet: Duet, line: string): void => {
    duet.command(line);
    world.pass(500);
  };
  return { world, bob, join, run };
}

type Verification = {
  readonly event: string;
  readonly name: string;
  readonly key: string;
  readonly digits?: string;
};

function eventsOf(duet: Duet): readonly Verification[] {
  return duet.outputs.flatMap((output) =>
    output.type === "verify"
      ? [{ event: output.event, name: output.name, key: output.key, digits: output.digits ?? "" }]
      : [],
  );
}

/** The events of a kind that were reported. */
function countOf(duet: Duet, event: string): number {
  return eventsOf(duet).filter((one) => one.event === event).length;
}

function digitsOf(duet: Duet): string | undefined {
  return eventsOf(duet).findLast(({ event }) => event === "digits")?.digits;
}

function endsOf(duet: Duet): readonly string[] {
  return duet.notices().filter((notice) => notice.includes("was not verified"));
}

function isVerified(duet: Duet, other: Duet): boolean {
  return duet.people.readKnown().get(keyOf(other))?.isVerified === true;
}

/** The security on the rows of the peers panel, by name. */
function rowsOf(duet: Duet): readonly unknown[] {
  return selectScreen(duet.chat).peers.map(({ name, security }) => [name, security]);
}

describe.each(["tcp", "udp"] as const)("over %s", (transport) => {
  test.each(["ann", "bob"])("%s begins, both see the same digits, and both agree: VERIFIED", (first) => {
    const { bob, join, run, world } = openRoom(transport);
    const ann = join("ann");
    const [one, other, otherName] = first === "ann" ? [ann, bob, "bob"] : [bob, ann, "ann"];
    run(one, `/verify ${otherName}`);
    expect(digitsOf(one)).toMatch(/^\d{4} \d{4} \d{4}$/);
    expect(digitsOf(other)).toBe(digitsOf(one));
    const asked = other.notices().find((notice) => notice.includes("who asks to compare keys"));
    expect(asked).toContain(digitsOf(one));
    expect(asked).toContain(`/verify ${first} same`);
    run(one, `/verify ${otherName} same`);
    expect([isVerified(one, other), isVerified(other, one)]).toEqual([false, false]);
    expect(countOf(other, "agreed")).toBe(1);
    run(other, `/verify ${first} same`);
    expect([isVerified(one, other), isVerified(other, one)]).toEqual([true, true]);
    expect([countOf(one, "verified"), countOf(other, "verified")]).toEqual([1, 1]);
    expect(rowsOf(ann)).toEqual([["bob", "verified"]]);
    expect(rowsOf(bob)).toEqual([["ann", "verified"]]);
    expect(selectScreen(ann.chat).tabs[transport].security).toBe("verified");
    ann.say("hello");
    world.pass(500);
    const message = bob.outputs.find((output) => output.type === "message");
    expect(message).toMatchObject({ text: "hello", security: "verified" });
    const reported = ann.outputs.findLast((output) => output.type === "peer");
    expect(reported).toMatchObject({ event: "identified", security: "verified" });
    expect([...ann.chat.self.comparisons.running, ...bob.chat.self.comparisons.running]).toEqual([]);
    expect(ann.chat.timers.has({ kind: "comparison" })).toBe(false);
  });

  test("both begin at once: one comparison, with the same digits", () => {
    const { bob, join, world, run } = openRoom(transport);
    const ann = join("ann");
    world.run(() => {
      ann.command("/verify bob");
      bob.command("/verify ann");
    });
    world.pass(2000);
    expect([countOf(ann, "digits"), countOf(bob, "digits")]).toEqual([1, 1]);
    expect(digitsOf(ann)).toBe(digitsOf(bob));
    expect([...endsOf(ann), ...endsOf(bob)]).toEqual([]);
    run(ann, "/verify bob same");
    run(bob, "/verify ann same");
    expect([isVerified(ann, bob), isVerified(bob, ann)]).toEqual([true, true]);
  });
});

describe("nobody is VERIFIED", () => {
  test.each([
    ["the one who agreed first then refuses", ["ann same", "ann different", "bob same"]],
    ["one agrees and the other refuses", ["ann same", "bob different", "bob same"]],
    ["both refuse", ["ann different", "bob different"]],
    ["one refuses and the other agrees", ["ann different", "bob same"]],
    ["only one agrees, again and again", ["ann same", "ann same", "ann same"]],
    ["one agrees, and the comparison is cancelled", ["ann same", "bob cancel", "bob same"]],
  ])("where %s", (_what, verdicts) => {
    const { bob, join, run } = openRoom();
    const ann = join("ann");
    run(ann, "/verify bob");
    for (const verdict of verdicts) {
      const [who, word] = verdict.split(" ");
      run(who === "ann" ? ann : bob, `/verify ${who === "ann" ? "bob" : "ann"} ${word}`);
    }
    expect([isVerified(ann, bob), isVerified(bob, ann)]).toEqual([false, false]);
    expect([countOf(ann, "verified"), countOf(bob, "verified")]).toEqual([0, 0]);
  });

  test("and the difference is explained on both screens", () => {
    const { bob, join, run } = openRoom();
    const ann = join("ann");
    run(ann, "/verify bob");
    run(ann, "/verify bob different");
    expect(endsOf(ann)).toEqual([
      "bob was not verified: the digits are different; somebody between you and bob may have put other keys in place, " +
        "or one of you read other digits: write nothing secret, and compare again with /verify bob",
    ]);
    expect(endsOf(bob)[0]).toContain(
      "ann was not verified: ann says that the digits are different; somebody between",
    );
  });

  test("before the digits are known", () => {
    const { bob, join, run } = openRoom();
    const ann = join("ann");
    bob.suspend();
    run(ann, "/verify bob");
    run(ann, "/verify bob same");
    expect(ann.errors().at(-1)).toContain("the digits with bob are not known yet");
    bob.resume();
  });

  test("without a comparison", () => {
    const { join, run } = openRoom();
    const ann = join("ann");
    run(ann, "/verify bob same");
    expect(ann.errors().at(-1)).toContain("no comparison with bob is under way");
    run(ann, "/verify same");
    expect(ann.errors().at(-1)).toContain("/verify needs a name");
    run(ann, "/verify eve");
    expect(ann.errors().at(-1)).toContain("nobody is called eve");
  });
});

describe("a comparison ends", () => {
  test("where a duet does not answer, as one that is too old", () => {
    const { world, bob, join, run } = openRoom();
    const ann = join("ann");
    bob.suspend();
    run(ann, "/verify bob");
    world.pass(comparisonStepMs - 1000);
    expect(endsOf(ann)).toEqual([]);
    world.pass(1000);
    expect(endsOf(ann)[0]).toContain("bob's duet did not answer: it may be too old");
    // Its late answer changes nothing.
    bob.resume();
    world.pass(1000);
    expect(countOf(ann, "digits")).toBe(0);
    expect(countOf(bob, "digits")).toBe(0);
    expect(endsOf(bob)).toEqual([]);
  });

  test("where the people take too long, on both sides", () => {
    const { world, bob, join, run } = openRoom();
    const ann = join("ann");
    run(ann, "/verify bob");
    run(bob, "/verify ann same");
    world.pass(comparisonMs - 2000);
    expect([endsOf(ann), endsOf(bob)]).toEqual([[], []]);
    world.pass(2000);
    for (const duet of [ann, bob]) {
      expect(endsOf(duet)).toHaveLength(1);
      expect(endsOf(duet)[0]).toContain("ten minutes passed");
    }
    run(ann, "/verify bob same");
    expect(isVerified(ann, bob)).toBe(false);
  });

  test.each(["a goodbye", "a crash"])("with %s of the other", (how) => {
    const { world, bob, join, run } = openRoom();
    const ann = join("ann");
    run(ann, "/verify bob");
    if (how === "a crash") world.remove(ann);
    else ann.quit();
    world.pass(60_000);
    expect(endsOf(bob)[0]).toContain("ann is no longer here");
    expect(bob.chat.self.comparisons.running.size).toBe(0);
    expect(bob.chat.timers.has({ kind: "comparison" })).toBe(false);
  });

  test("where one cancels it, and another can begin at once", () => {
    const { bob, join, run } = openRoom();
    const ann = join("ann");
    run(ann, "/verify bob");
    run(ann, "/verify bob cancel");
    expect(endsOf(ann)[0]).toContain("you ended the comparison");
    expect(endsOf(bob)[0]).toContain("ann ended the comparison");
    run(ann, "/verify bob");
    expect(countOf(bob, "digits")).toBe(2);
    expect(digitsOf(ann)).toBe(digitsOf(bob));
  });

  test("where the other's program takes no commands", () => {
    const { join, run } = openRoom("tcp", { headless: true });
    const ann = join("ann");
    run(ann, "/verify bob");
    expect(endsOf(ann)[0]).toContain("bob's duet takes no commands");
  });
});

test("a second /verify shows the digits of the first again, and begins nothing", () => {
  const { bob, join, run } = openRoom();
  const ann = join("ann");
  run(ann, "/verify bob");
  const digits = digitsOf(ann);
  run(bob, "/verify ann");
  run(ann, "/verify bob");
  expect([digitsOf(ann), digitsOf(bob)]).toEqual([digits, digits]);
  expect(ann.notices().filter((notice) => notice.includes(digits ?? "none"))).toHaveLength(2);
  expect([countOf(ann, "ended"), countOf(bob, "ended")]).toEqual([0, 0]);
});

test("a session that goes on with a renewed identity's earlier key compares that one", () => {
  const { bob, join, run } = openRoom();
  const ann = join("ann");
  ann.people.changeIdentity({ is: "renew", key: keyOf(ann), sessions: 1 }, () => {});
  run(ann, "/verify bob");
  expect(digitsOf(ann)).toMatch(/^\d{4}/);
  expect(digitsOf(bob)).toBe(digitsOf(ann));
});

test("comparisons with two people run side by side", () => {
  const { bob, join, run } = openRoom();
  const [ann, carol] = [join("ann"), join("carol")];
  run(ann, "/verify bob");
  run(carol, "/verify bob");
  expect(digitsOf(ann)).not.toBe(digitsOf(carol));
  run(carol, "/verify bob same");
  run(bob, "/verify carol same");
  expect([isVerified(bob, carol), isVerified(bob, ann)]).toEqual([true, false]);
  run(ann, "/verify bob same");
  run(bob, "/verify ann same");
  expect(isVerified(bob, ann)).toBe(true);
});

test("a member whose name ends in a verdict is compared with by its name in quotes alone", () => {
  const { bob, join, run } = openRoom();
  const ann = join("ann");
  const trap = join("ann same");
  run(ann, "/verify bob");
  run(bob, "/verify ann same");
  expect(countOf(trap, "digits")).toBe(0);
  expect(countOf(ann, "agreed")).toBe(1);
  run(bob, '/verify "ann same"');
  expect(countOf(trap, "digits")).toBe(1);
  expect(bob.notices().at(-1)).toContain('/verify "ann same" same');
});

describe("who has no key cannot be compared with", () => {
  test("a duet in the clear, and a raw peer", () => {
    const { bob, join, run, world } = openRoom();
    join("carl", { encrypt: "off" });
    const program = world.program().connect();
    program.send("hello\n");
    world.pass(2000);
    run(bob, "/verify carl");
    expect(bob.errors().at(-1)).toContain("carl has no key to compare: the connection is PLAIN");
    run(bob, `/verify ${bob.memberNames().at(-1)}`);
    expect(bob.errors().at(-1)).toContain("it is no duet");
    expect(program.received).not.toContain("verify");
  });

  test("and frames in the clear are ignored", () => {
    const { bob, join, world } = openRoom();
    const carl = join("carl", { encrypt: "off" });
    send(carl, commitment());
    world.pass(500);
    expect(bob.chat.self.comparisons.running.size).toBe(0);
    expect(countOf(bob, "digits")).toBe(0);
  });
});

function commitment(fill = 1): ComparisonStep {
  const value = commitTo(new Uint8Array(16).fill(fill));
  return { step: "commit", of: value.slice(0, 16), value };
}

/** A frame that a client sends to its host as it likes. */
function send(duet: Duet, step: ComparisonStep, to?: number): void {
  sendFrameTo(duet.chat, duet.peer(), { type: "verify", ...step, ...(to === undefined ? {} : { to }) });
  duet.dispatch({ type: "switched", to: "tcp" });
}

describe("who sends what it likes", () => {
  test("a reveal that the commitment is not to ends the comparison, and no digits were shown", () => {
    const { bob, join, world } = openRoom();
    const ann = join("ann");
    const first = commitment();
    send(ann, first);
    send(ann, { step: "reveal", of: first.of, value: "02".repeat(16) });
    world.pass(500);
    expect(countOf(bob, "digits")).toBe(0);
    expect(endsOf(bob)[0]).toContain("the numbers received do not agree");
    send(ann, { step: "reveal", of: first.of, value: "01".repeat(16) });
    send(ann, { step: "same", of: first.of });
    world.pass(500);
    expect(countOf(bob, "digits")).toBe(0);
  });

  test("an agreement before the digits, and a second reveal, lead to nothing", () => {
    const { bob, join, world, run } = openRoom();
    const ann = join("ann");
    const first = commitment();
    send(ann, first);
    send(ann, { step: "same", of: first.of });
    world.pass(500);
    expect(bob.chat.self.comparisons.running.size).toBe(0);
    const second = commitment(2);
    send(ann, second);
    send(ann, { step: "reveal", of: second.of, value: "02".repeat(16) });
    world.pass(500);
    const digits = digitsOf(bob);
    send(ann, { step: "reveal", of: second.of, value: "02".repeat(16) });
    send(ann, { step: "number", of: second.of, value: "02".repeat(16) });
    world.pass(500);
    run(bob, "/verify ann");
    expect(digitsOf(bob)).toBe(digits);
  });

  test("a step of another comparison is ignored, as a late one of a cancelled comparison", () => {
    const { bob, join, run, world } = openRoom();
    const ann = join("ann");
    run(bob, "/verify ann");
    const shown = digitsOf(bob);
    send(ann, { step: "same", of: commitment().of });
    send(ann, { step: "end", of: commitment().of, why: "different" });
    world.pass(500);
    expect([countOf(bob, "agreed"), countOf(bob, "ended")]).toEqual([0, 0]);
    ann.suspend();
    run(bob, "/verify ann cancel");
    bob.command("/verify ann");
    send(bob, { step: "number", of: commitment().of, value: "01".repeat(16) });
    ann.resume();
    world.pass(500);
    expect(digitsOf(ann)).toBe(digitsOf(bob));
    expect(digitsOf(bob)).not.toBe(shown);
  });

  test("a commitment while digits are shown changes nothing of them", () => {
    const { bob, join, run, world } = openRoom();
    const ann = join("ann");
    run(ann, "/verify bob");
    const digits = digitsOf(bob);
    const step = commitment();
    send(ann, step);
    send(ann, { step: "reveal", of: step.of, value: "01".repeat(16) });
    world.pass(500);
    expect([digitsOf(bob), countOf(bob, "digits"), countOf(bob, "ended")]).toEqual([digits, 1, 0]);
  });

  test("a commitment of ours that comes back ends it", () => {
    const { bob, join, world } = openRoom();
    const ann = join("ann");
    bob.suspend();
    ann.command("/verify bob");
    const [running] = ann.chat.self.comparisons.running.values();
    const step = { step: "commit", of: running!.id, value: running!.commitment } as const;
    const [member] = bob.chat.room.members.values();
    sendFrameTo(bob.chat, member!.via, { type: "verify", ...step });
    bob.resume();
    bob.dispatch({ type: "switched", to: "tcp" });
    world.pass(500);
    expect(endsOf(ann)[0]).toContain("the numbers received do not agree");
  });

  test("again and again: so many are answered at once, then one each pause, and rows stay few", () => {
    const { bob, join, world } = openRoom();
    const ann = join("ann");
    const rows = (): number => bob.notices().length;
    const before = rows();
    const begin = (fill: number): void => {
      const step = commitment(fill);
      send(ann, step);
      send(ann, { step: "reveal", of: step.of, value: Buffer.alloc(16, fill).toString("hex") });
      send(ann, { step: "end", of: step.of, why: "cancelled" });
    };
    for (let fill = 1; fill <= 100; fill += 1) begin(fill);
    world.pass(500);
    expect(countOf(bob, "digits")).toBe(comparisonBurst);
    expect(rows() - before).toBeLessThanOrEqual(2 * comparisonBurst);
    world.pass(comparisonPauseMs);
    begin(101);
    begin(102);
    world.pass(500);
    expect(countOf(bob, "digits")).toBe(comparisonBurst + 1);
  });

  test("at most so many run at once, whoever began them; one past it is refused in words", () => {
    const { bob, join, run } = openRoom();
    const members = Array.from({ length: comparisonsMax + 1 }, (_, index) => join(`m${index}`));
    for (const member of members.slice(0, comparisonsMax)) run(member, "/verify bob");
    expect(bob.chat.self.comparisons.running.size).toBe(comparisonsMax);
    run(members.at(-1)!, "/verify bob");
    expect(endsOf(members.at(-1)!)[0]).toContain("try again in half a minute");
    run(bob, `/verify m${comparisonsMax}`);
    expect(bob.errors().at(-1)).toContain(`${comparisonsMax} comparisons are under way already`);
    run(members[0]!, "/verify bob cancel");
    run(bob, `/verify m${comparisonsMax}`);
    expect(digitsOf(members.at(-1)!)).toMatch(/^\d{4} \d{4} \d{4}$/);
  });
});

describe("through a host", () => {
  test.each(["tcp", "udp"] as const)(
    "over %s two members compare, and their keys are VERIFIED for good",
    (over) => {
      const { bob, join, run } = openRoom(over);
      const [ann, carol] = [join("ann"), join("carol")];
      run(ann, "/verify carol");
      expect(digitsOf(ann)).toMatch(/^\d{4} \d{4} \d{4}$/);
      expect(digitsOf(carol)).toBe(digitsOf(ann));
      expect(carol.notices().some((notice) => notice.includes("your digits with ann, who asks"))).toBe(true);
      expect(countOf(bob, "digits")).toBe(0);
      run(carol, "/verify ann same");
      run(ann, "/verify carol same");
      expect([isVerified(ann, carol), isVerified(carol, ann)]).toEqual([true, true]);
      expect([isVerified(ann, bob), isVerified(bob, ann)]).toEqual([false, false]);
      expect(ann.people.readKnown().get(keyOf(carol))?.names).toEqual(["carol"]);
    },
  );

  test("a host that names other keys gets other digits, so nobody is VERIFIED", () => {
    const { bob, join, run } = openRoom();
    const ann = join("ann");
    // The host in between names its own key as ann's to carol, and as carol's to ann.
    bob.peer(0).seal.theirKey = keyOf(bob);
    const carol = join("carol");
    const members = ann.peer().hostRoom.members;
    for (const member of members.values())
      if (member.name === "carol") member.introduced = { key: keyOf(bob), epoch: "00".repeat(16) };
    run(ann, "/verify carol");
    expect([countOf(ann, "digits"), countOf(carol, "digits")]).toEqual([1, 1]);
    expect(digitsOf(ann)).not.toBe(digitsOf(carol));
    run(ann, "/verify carol different");
    expect(endsOf(carol)[0]).toContain("ann says that the digits are different");
    expect([isVerified(ann, carol), isVerified(carol, ann)]).toEqual([false, false]);
  });

  test("a key that the host replaces meanwhile is not the one that was compared", () => {
    const { join, run } = openRoom();
    const [ann, carol] = [join("ann"), join("carol")];
    run(ann, "/verify carol");
    run(carol, "/verify ann same");
    for (const member of ann.peer().hostRoom.members.values())
      if (member.name === "carol") member.introduced = { key: keyOf(ann), epoch: "00".repeat(16) };
    run(ann, "/verify carol same");
    expect([isVerified(ann, carol), isVerified(ann, ann)]).toEqual([false, false]);
    expect(endsOf(ann)).toHaveLength(1);
  });

  test("a member that has left, or is in the clear, is reported", () => {
    const { join, run, world } = openRoom();
    const ann = join("ann");
    const carl = join("carl", { encrypt: "off" });
    run(ann, "/verify carl");
    expect(ann.errors().at(-1)).toContain("carl has no key to compare: it is not encrypted to the host");
    // Nor does the host forward a frame to it.
    send(ann, commitment(), 3);
    world.pass(500);
    expect(JSON.stringify(carl.outputs)).not.toContain("verify");
    const carol = join("carol");
    run(ann, "/verify carol");
    carol.quit();
    world.pass(5000);
    expect(endsOf(ann)[0]).toContain("carol is no longer here");
  });

  test("a member can speak for itself alone, whatever it writes into its frames", () => {
    const { join, run, bob, world } = openRoom();
    const [ann, carol, mallory] = [join("ann"), join("carol"), join("mallory")];
    run(ann, "/verify carol");
    const [running] = carol.chat.self.comparisons.running.values();
    const same = { type: "verify", step: "same", of: running!.id, to: 3, from: 2 } as const;
    sendFrameTo(mallory.chat, mallory.peer(), same);
    mallory.dispatch({ type: "switched", to: "tcp" });
    world.pass(500);
    run(carol, "/verify ann same");
    expect([isVerified(carol, ann), isVerified(carol, mallory), isVerified(bob, mallory)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
