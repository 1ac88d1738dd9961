/** Identities that are proven in the greeting, and renewed: on the wire, among the known peers, and for the person. */

import { describe, expect, test } from "bun:test";
import type { Config } from "../../src/chat/config/config.ts";
import { type Identity, proveIdentity, renewIdentity } from "../../src/protocol/identity/identity.ts";
import { toBase64, toProofFields } from "../../src/protocol/identity/identity-proof.ts";
import { formatKey } from "../../src/protocol/identity/key-text.ts";
import { rekeyMs } from "../../src/protocol/limits.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import type { TransportName } from "../../src/protocol/sockets/socket-event.ts";
import type { PeopleFiles } from "../../src/session/ports.ts";
import { type Duet, homeTarget, World } from "../support/chat-world.ts";
import { fakePeople } from "../support/fake-ports.ts";
import { Stranger, tapBytes } from "../support/sealed-stranger.ts";

const required: Partial<Config> = { encrypt: "require" };
const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const transports: readonly TransportName[] = ["tcp", "udp"];

function identityOf({ people }: { readonly people: PeopleFiles }): Identity {
  const identity = people.readIdentity();
  if (identity === undefined) throw new Error("no identity");
  return identity;
}

function keyOf(duet: { readonly people: PeopleFiles }): string {
  return formatKey(makeKeyPair(identityOf(duet).secret).publicKey);
}

const signingOf = (duet: Duet): string => toBase64(proveIdentity(identityOf(duet)).signing);
const errorsOf = (duet: Duet): readonly string[] => duet.errors().filter((error) => error.startsWith("EKEY"));
const securityOf = (duet: Duet): readonly unknown[] =>
  duet.outputs.flatMap((output) =>
    output.type === "peer" && output.event === "identified" ? [output.security] : [],
  );

/** Meetings of one person with another, over one transport, at one endpoint. */
class Meetings {
  readonly world = new World();
  readonly ann = fakePeople(50);
  readonly bob = fakePeople(1);
  readonly #transport: TransportName;

  constructor(transport: TransportName) {
    this.#transport = transport;
  }

  listen(people: PeopleFiles = this.bob, over: Partial<Config> = {}): Duet {
    const host = this.world.duet({ name: "bob", ...required, ...over }, people);
    host.open({ role: "listen", target: homeTarget }, this.#transport);
    host.dispatch({ type: "switched", to: this.#transport });
    return host;
  }

  connect(over: Partial<Config> = {}): Duet {
    const client = this.world.duet({ name: "ann", duet: true, ...required, ...over }, this.ann);
    client.open({ role: "connect", target: homeTarget }, this.#transport);
    client.dispatch({ type: "switched", to: this.#transport });
    this.world.pass(1000);
    return client;
  }

  leave(...duets: readonly Duet[]): void {
    for (const duet of duets) duet.quit();
    this.world.pass(5000);
  }

  meetOnce(): void {
    const host = this.listen();
    this.leave(this.connect(), host);
  }

  renew(people: PeopleFiles): void {
    people.changeIdentity({ is: "renew", key: keyOf({ people }), sessions: 0 }, () => {});
  }
}

describe.each(transports)("over %s", (transport) => {
  test("both hellos prove the identity, and the known peers keep the key that signs", () => {
    const { listen, connect } = bound(new Meetings(transport));
    const host = listen();
    const client = connect();
    expect(client.people.readKnown().get(keyOf(host))?.signing).toBe(signingOf(host));
    expect(host.people.readKnown().get(keyOf(client))?.signing).toBe(signingOf(client));
  });

  test("a host that was renewed keeps its place at the endpoint: no changed key, and a row that says so", () => {
    const meetings = new Meetings(transport);
    meetings.meetOnce();
    const before = keyOf({ people: meetings.bob });
    meetings.ann.learn({ is: "verified", key: before, name: "bob", atMs: 2 }, () => {});
    meetings.renew(meetings.bob);
    const host = meetings.listen();
    const client = meetings.connect();
    client.say("hello");
    meetings.world.pass(500);
    expect(errorsOf(client)).toEqual([]);
    expect(securityOf(client)).toEqual(["verified"]);
    expect(host.receivedLines()).toEqual(["<ann> hello"]);
    const rows = client.notices().filter((notice) => notice.includes("bob has renewed the identity"));
    expect(rows).toHaveLength(1);
    const known = meetings.ann.readKnown();
    expect([known.has(before), known.size]).toEqual([false, 1]);
    const expected = { names: ["bob"], endpoints: ["127.0.0.1:8080"], isVerified: true, replaced: [before] };
    expect(known.get(keyOf(host))).toMatchObject(expected);
    meetings.leave(client);
    const again = meetings.connect();
    expect([errorsOf(again), securityOf(again)]).toEqual([[], ["verified"]]);
    expect(again.notices().filter((notice) => notice.includes("renewed"))).toEqual([]);
  });

  test("a renewed host is the one of a --key that names the key before, from then on", () => {
    const meetings = new Meetings(transport);
    meetings.meetOnce();
    const expectedKey = keyOf({ people: meetings.bob });
    meetings.renew(meetings.bob);
    meetings.listen();
    for (const _ of [1, 2]) {
      const client = meetings.connect({ expectedKey });
      expect([errorsOf(client), securityOf(client)]).toEqual([[], ["verified"]]);
      meetings.leave(client);
    }
  });

  test("a host that another identity has renewed, or nobody, is held and gets not even our key", () => {
    for (const whose of ["nobody", "another", "forged"] as const) {
      const meetings = new Meetings(transport);
      meetings.meetOnce();
      const old = identityOf({ people: meetings.bob });
      const other = identityOf({ people: fakePeople(77) });
      const by = renewIdentity(whose === "another" ? other : old, fill(0x71), fill(0x72));
      const signature = by.renewal!.signature.map((byte, at) => (at === 40 ? byte ^ 1 : byte));
      const renewal = whose === "forged" ? { ...by.renewal!, signature } : by.renewal;
      const identity = { ...by, renewal: whose === "nobody" ? undefined : renewal };
      const host = meetings.listen({ ...fakePeople(2), readIdentity: () => identity });
      const client = meetings.connect();
      client.say("a secret");
      meetings.world.pass(10_000);
      expect(errorsOf(client)).toHaveLength(1);
      expect([host.receivedLines(), host.memberNames(), host.people.readKnown().size]).toEqual([[], [], 0]);
      const seen = [...host.chat.peers.values()].map(({ seal }) => seal.theirStatic);
      expect(seen.filter((key) => key !== undefined)).toEqual([]);
      expect(meetings.ann.readKnown().has(keyOf({ people: meetings.bob }))).toBe(true);
    }
  });

  test("a member that was renewed is known by its names, and is no other than the one before", () => {
    const meetings = new Meetings(transport);
    const host = meetings.listen();
    meetings.leave(meetings.connect());
    meetings.renew(meetings.ann);
    const client = meetings.connect();
    expect(securityOf(host)).toEqual(["encrypted", "known"]);
    expect(host.notices().filter((notice) => notice.includes("ann has renewed"))).toHaveLength(1);
    expect(host.notices().filter((notice) => notice.includes("another key than"))).toEqual([]);
    expect([...meetings.bob.readKnown().keys()]).toEqual([keyOf(client)]);
  });

  test("a session goes on with the key that it began with, and renews its keys, after a renewal", () => {
    const meetings = new Meetings(transport);
    const host = meetings.listen();
    const client = meetings.connect();
    const before = keyOf(client);
    for (const people of [meetings.ann, meetings.bob]) meetings.renew(people);
    meetings.world.pass(rekeyMs + 60_000);
    client.say("hello");
    host.say("hi");
    client.command("/msg bob a private line");
    host.command("/msg ann another one");
    meetings.world.pass(1000);
    expect(host.receivedLines()).toEqual(["<ann> hello", "<ann> a private line"]);
    expect(client.receivedLines()).toEqual(["<bob> hi", "<bob> another one"]);
    expect(host.peer().seal.renewedMs).toBeGreaterThan(0);
    expect(host.peer().seal.theirKey).toBe(before);
    const later = meetings.connect();
    expect(host.peer(1).seal.theirKey).toBe(keyOf(later));
    expect(keyOf(later)).not.toBe(before);
  });

  test("a renewed host that was started again, and forgot, is joined again", () => {
    const meetings = new Meetings(transport);
    const before = meetings.listen();
    const client = meetings.connect();
    meetings.world.remove(before);
    meetings.renew(meetings.bob);
    meetings.world.pass(1000);
    const host = meetings.listen();
    if (transport === "tcp") client.command("/reconnect");
    meetings.world.pass(40_000);
    client.say("there you are");
    meetings.world.pass(1000);
    expect([errorsOf(client), host.receivedLines()]).toEqual([[], ["<ann> there you are"]]);
    expect([...meetings.ann.readKnown().keys()]).toEqual([keyOf(host)]);
  });
});

function bound(meetings: Meetings) {
  return { listen: () => meetings.listen(), connect: () => meetings.connect() };
}

/** What a host shows after the first hello of a client that has these fields. */
function greet(fields: Readonly<Record<string, unknown>>) {
  const world = new World();
  const host = world.hub(required);
  const stranger = new Stranger(world);
  const received = tapBytes(stranger.program);
  stranger.program.send(stranger.first());
  world.pass(10);
  stranger.program.send(stranger.third(received.at(-1)!)!);
  const hello = { type: "hello", name: "eve", session: "s", key: "k", ...fields };
  stranger.program.send(stranger.session!.seal(Buffer.from(`duet/1 ${JSON.stringify(hello)}\n`)));
  world.pass(1000);
  return host;
}

describe("the signatures of a hello", () => {
  const identity = { secret: fill(1), signingSecret: fill(3), renewal: undefined };
  const right = toProofFields(proveIdentity(identity));
  const old = { secret: fill(5), signingSecret: fill(6), renewal: undefined };
  const renewed = toProofFields(proveIdentity(renewIdentity(old, fill(1), fill(3))));
  const other = toProofFields(proveIdentity({ ...identity, signingSecret: fill(9) }));
  const flip = (text: string): string => {
    const bytes = Buffer.from(text, "base64");
    bytes[7]! ^= 1;
    return bytes.toString("base64");
  };

  test.each([
    ["none", {}, undefined],
    ["right", right, right.signing],
    ["renewed", renewed, renewed.signing],
    ["signing without bound", { signing: right.signing }, undefined],
    ["bound without signing", { bound: right.bound }, undefined],
    ["renewed without earlier", { ...right, renewed: renewed.renewed }, right.signing],
    ["earlier without renewed", { ...right, earlier: renewed.earlier }, right.signing],
    ["a renewal without a key", { earlier: renewed.earlier, renewed: renewed.renewed }, undefined],
    ["no text", { signing: 7, bound: right.bound }, undefined],
    ["no text beside a right one", { ...right, earlier: 7, renewed: renewed.renewed }, right.signing],
  ])("%s: it joins", (_what, fields, signing) => {
    const host = greet(fields);
    expect(host.memberNames()).toEqual(["eve"]);
    expect([...host.people.readKnown().values()].map((peer) => peer.signing)).toEqual([signing]);
  });

  test.each([
    ["of another key", { ...right, bound: other.bound }],
    ["with another key", { ...right, signing: other.signing }],
    ["one bit wrong", { ...right, bound: flip(right.bound!) }],
    ["one bit of the renewal wrong", { ...renewed, renewed: flip(renewed.renewed!) }],
    ["an earlier key that has not signed", { ...renewed, earlier: other.signing }],
    ["too short", { ...right, bound: right.bound!.slice(4) }],
    ["too long", { ...right, bound: `${right.bound}AAAA` }],
    ["a key that is too long", { ...right, signing: "A".repeat(3000) }],
    ["empty", { ...right, bound: "" }],
    ["no base64", { ...right, signing: `*${right.signing!.slice(1)}` }],
    ["base64 in another form", { ...right, signing: right.signing!.replace("=", "") }],
  ])("%s: the session ends, with a sentence, and nothing of it is shown", (_what, fields) => {
    const host = greet(fields);
    expect([host.memberNames(), host.chat.peers.size, host.people.readKnown().size]).toEqual([[], 0, 0]);
    const lines = host.lines().join("\n");
    expect(lines).toContain("a signature of its identity is wrong");
    expect(lines).not.toContain("eve");
  });
});

describe("/identity renew", () => {
  test("asks for a word, and names what it does before", () => {
    const { world } = new Meetings("tcp");
    const duet = world.hub(required);
    const before = keyOf(duet);
    duet.command("/identity renew");
    expect(duet.notices().at(-1)).toContain("/identity renew yes does it");
    duet.command("/identity renew please");
    expect([keyOf(duet), duet.returnedLines.at(-1)]).toEqual([before, "/identity renew please"]);
    duet.command("/identity frob");
    expect(duet.errors().at(-1)).toContain("/identity frob is none of");
    duet.command("/identity pass-phrase");
    expect(duet.notices().at(-1)).toContain("--new-pass-phrase ask sets or changes it");
    duet.command("/identity backup");
    expect(duet.errors().at(-1)).toContain("needs the name of a file");
  });

  test("with --anonymous is of this run, and says so", () => {
    const meetings = new Meetings("tcp");
    const people = { ...fakePeople(3), readIdentity: () => undefined, identityPath: undefined };
    const host = meetings.listen(people);
    const client = meetings.connect();
    const before = client.peer().seal.theirKey;
    host.command("/identity renew yes");
    const said = host.notices().at(-1);
    expect(said).toContain("until this run ends (--anonymous)");
    expect(said).toContain("1 connection that you have now keeps the old key");
    host.command("/identity backup /tmp/never");
    expect(host.errors().at(-1)).toContain("there is nothing to back up");
    meetings.leave(client);
    const again = meetings.connect();
    expect(again.peer().seal.theirKey).not.toBe(before);
    expect([errorsOf(again), securityOf(again)]).toEqual([[], ["known"]]);
  });
});
