/**
 * Two duets over real sockets, and somebody on the path who strips offers, swaps keys, flips each byte in turn, truncates,
 * replays and reorders: never a word that was not sent, and never PLAIN where it must not be.
 */

import { describe, expect, test } from "bun:test";
import type { Config } from "../../src/chat/config/config.ts";
import type { Output } from "../../src/chat/model/output.ts";
import { formatKey } from "../../src/protocol/identity/key-text.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import { fakePeople } from "../support/fake-ports.ts";
import { LiveChat } from "../support/live-chat.ts";
import { seeded } from "../support/seeded.ts";
import { type Change, type Tap, tapTcp, tapUdp } from "../support/tap.ts";
import { until } from "../support/wait.ts";

type Transport = "tcp" | "udp";
type Received = Extract<Output, { type: "message" }>;

const hostPeople = (): ReturnType<typeof fakePeople> => fakePeople(1);
const hostKey = formatKey(makeKeyPair(hostPeople().readIdentity()!.secret).publicKey);
/** Time-outs of the handshake, 5 s, are waited for. */
const fastSpeed = 25;
const words = { toHost: "bob's word", toClient: "ann's word" } as const;

/** What came of one chat between a host and a client. */
interface Outcome {
  readonly host: readonly Received[];
  readonly client: readonly Received[];
  /** Peers that were ever taken for duets in the clear. */
  readonly plainDuets: readonly string[];
  readonly errors: readonly string[];
  readonly tap: Pick<Tap, "toTarget" | "fromTarget">;
}

function keepMessages(outputs: readonly Output[]): readonly Received[] {
  return outputs.filter((output) => output.type === "message" && output.direction === "in") as Received[];
}

/** Chats until both words have arrived, or one side has ended. */
async function chat(
  transport: Transport,
  change: Change,
  over: Partial<Config>,
  speed = fastSpeed,
): Promise<Outcome> {
  const config = { reportMessages: true, ...over };
  const outputs: { readonly host: Output[]; readonly client: Output[] } = { host: [], client: [] };
  await using host = new LiveChat(
    transport,
    { ...config, name: "ann", expectedKey: undefined, encrypt: "require" },
    { people: hostPeople(), speed, onOutput: (output) => outputs.host.push(output) },
  );
  using tap = await (transport === "tcp" ? tapTcp : tapUdp)(await host.port(), change);
  await using client = new LiveChat(
    transport,
    { ...config, name: "bob", duet: true },
    {
      request: { role: "connect", target: { kind: "ip", host: "127.0.0.1", port: tap.port } },
      people: fakePeople(2),
      speed,
      onOutput: (output) => outputs.client.push(output),
    },
  );
  client.session.submit(words.toHost);
  let hasAnswered = false;
  const plain = new Set<string>();
  await until(() => {
    for (const { session } of [host, client])
      for (const { identity, seal } of session.chat.peers.values())
        if (identity.kind === "duet" && seal.stage === "none") plain.add(identity.name);
    if (!hasAnswered && host.session.chat.room.members.size > 0) {
      hasAnswered = true;
      host.session.submit(words.toClient);
    }
    const hasBoth = [outputs.host, outputs.client].every((each) => keepMessages(each).some(isWord));
    return hasBoth || hasEnded(client);
  }, "both words, or the end");
  return {
    host: keepMessages(outputs.host),
    client: keepMessages(outputs.client),
    plainDuets: [...plain],
    errors: outputs.client.flatMap((output) => (output.type === "error" ? [output.code] : [])),
    tap: { toTarget: [...tap.toTarget], fromTarget: [...tap.fromTarget] },
  };
}

function isWord({ text }: Received): boolean {
  return text === words.toHost || text === words.toClient;
}

/** The client has a peer until its connection ends. */
function hasEnded({ side }: LiveChat): boolean {
  return side.socket.endReason !== undefined || (!side.socket.isOpen && side.socket.request !== undefined);
}

/** Each word at most once, from its author, sealed; a host shows what is no duet as raw, but none of the words. */
function expectSafe({ host, client, plainDuets }: Outcome): void {
  expect(plainDuets).toEqual([]);
  const atHost = host.filter(({ security }) => security !== "plain");
  expect(atHost.map(({ name, text }) => [name, text])).toEqual(
    atHost.length === 0 ? [] : [["bob", words.toHost]],
  );
  expect(client.map(({ name, text, security }) => [name, text, security === "plain"])).toEqual(
    client.length === 0 ? [] : [["ann", words.toClient, false]],
  );
  for (const { text } of host.filter(({ security }) => security === "plain"))
    expect(text).not.toContain(words.toHost);
}

/** Runs so many at once: most wait for a time-out. */
async function runAll<Item>(items: readonly Item[], run: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await run(item);
    }),
  );
}

const required: Partial<Config> = { encrypt: "require" };
/** Loopback is left in the clear by `auto`, but not where a key is known. */
const withKey: Partial<Config> = { encrypt: "auto", expectedKey: hostKey };

describe.each(["tcp", "udp"] as const)("over %s", (transport) => {
  test("somebody who changes nothing changes nothing", async () => {
    for (const over of [required, withKey]) {
      const outcome = await chat(transport, (bytes) => [bytes], over, 1);
      expectSafe(outcome);
      expect([outcome.host.length, outcome.client.length]).toEqual([1, 1]);
    }
  });

  test("each byte of the offers, the handshake and the first records, flipped in turn", async () => {
    const clean = await chat(transport, (bytes) => [bytes], required, 1);
    const { toTarget, fromTarget } = clean.tap;
    const faults: { readonly way: "to" | "from"; readonly at: number }[] = [];
    for (const [way, pieces] of [
      ["to", toTarget],
      ["from", fromTarget],
    ] as const) {
      const all = Buffer.concat(pieces);
      for (let at = 0; at < all.length; at += 1)
        // The padding of an offer is one byte after the other the same.
        if (all[at] !== 0x2d || all[at + 1] !== 0x2d || at % 100 === 0) faults.push({ way, at });
    }
    expect(faults.length).toBeGreaterThan(1000);
    let delivered = 0;
    await runAll(faults, async ({ way, at }) => {
      const seen = { to: 0, from: 0 };
      const outcome = await chat(
        transport,
        (bytes, direction) => {
          const start = seen[direction];
          seen[direction] += bytes.length;
          if (direction === way && at >= start && at < start + bytes.length)
            bytes[at - start]! ^= 1 << (at % 8);
          return [bytes];
        },
        required,
      );
      expectSafe(outcome);
      delivered += outcome.host.length;
    });
    // Most over UDP, where a flipped datagram is repeated; over a stream what came before it.
    expect(delivered).toBeGreaterThan(0);
  });

  test("chunks that are left out, cut, repeated, exchanged or come again later", async () => {
    const chance = seeded(23);
    const faults = Array.from({ length: 150 }, (_, index) => ({
      kind: index % 5,
      way: chance() < 0.5 ? ("to" as const) : ("from" as const),
      at: Math.floor(chance() * 7),
      share: chance(),
    }));
    await runAll(faults, async ({ kind, way, at, share }) => {
      const chunks: Buffer[] = [];
      let held: Buffer | undefined;
      const outcome = await chat(
        transport,
        (bytes, direction) => {
          if (direction !== way) return [bytes];
          chunks.push(Buffer.from(bytes));
          const isIt = chunks.length - 1 === at;
          if (kind === 0) return isIt ? [] : [bytes];
          if (kind === 1) return isIt ? [bytes.subarray(0, Math.floor(share * bytes.length))] : [bytes];
          if (kind === 2) return isIt ? [bytes, bytes] : [bytes];
          if (kind === 3) {
            if (isIt) held = bytes;
            const both = isIt || held === undefined ? [] : [bytes, held];
            if (both.length > 0) held = undefined;
            return isIt ? [] : both.length > 0 ? both : [bytes];
          }
          // An earlier chunk comes again, behind each of the following.
          const earlier = chunks[Math.floor(share * chunks.length)]!;
          return chunks.length > at ? [bytes, earlier] : [bytes];
        },
        required,
      );
      expectSafe(outcome);
    });
  });

  test("ephemeral keys that are exchanged for others, of which the secret is known: no session", async () => {
    const other = makeKeyPair(new Uint8Array(32).fill(99)).publicKey;
    // Over a stream behind length and type; over UDP behind type, index and cookie, or two indices.
    const heads = transport === "tcp" ? { 0x92: 3, 0x94: 3 } : { 0x92: 21, 0x94: 9 };
    for (const type of [0x92, 0x94] as const) {
      let swapped = 0;
      const outcome = await chat(
        transport,
        (bytes) => {
          const start = bytes.findIndex(
            (byte, at) => byte === type && (transport === "tcp" ? at >= 2 : at === 0),
          );
          const at = start < 0 ? -1 : start - (transport === "tcp" ? 2 : 0) + heads[type];
          if (at < 0 || bytes.toString("latin1", 0, 5) === "duet/") return [bytes];
          swapped += 1;
          bytes.set(other, at);
          return [bytes];
        },
        required,
      );
      expectSafe(outcome);
      expect([swapped > 0, outcome.host, outcome.client]).toEqual([true, [], []]);
    }
  });

  test.each([
    ["require", required],
    ["a key that is known", withKey],
  ])(
    "offers that are stripped, either way or both: nothing crosses in the clear with %s",
    async (_what, over) => {
      for (const ways of [["to"], ["from"], ["to", "from"]]) {
        const outcome = await chat(
          transport,
          (bytes, way) => {
            const text = bytes.toString("latin1").replace(',"seal":1', "");
            return [ways.includes(way) ? Buffer.from(text, "latin1") : bytes];
          },
          over,
        );
        expectSafe(outcome);
        expect([outcome.host, outcome.client]).toEqual([[], []]);
        const crossed = Buffer.concat([...outcome.tap.toTarget, ...outcome.tap.fromTarget]).toString(
          "latin1",
        );
        for (const word of [...Object.values(words), "bob", "ann"]) expect(crossed).not.toContain(word);
      }
    },
  );
});
