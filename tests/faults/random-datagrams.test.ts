/** A flood of random, repeated and forged datagrams at a real socket with a sealed session: it costs no computation with keys. */

import { expect, spyOn, test } from "bun:test";
import type { Output } from "../../src/chat/model/output.ts";
import { loadCrypto } from "../../src/protocol/noise/load-crypto.ts";
import { encodeFirst } from "../../src/protocol/sealed/records.ts";
import { fakePeople } from "../support/fake-ports.ts";
import { LiveChat } from "../support/live-chat.ts";
import { seeded } from "../support/seeded.ts";
import { tapUdp } from "../support/tap.ts";
import { until } from "../support/wait.ts";

const datagrams = 100_000;
const burst = 25;
/** After so many the client says a line, which is waited for: nobody is so busy that the session ends. */
const round = 10_000;

/** What forgers send: nothing of it has a cookie, or a key. */
function makeForged(chance: () => number, recorded: readonly Uint8Array[], count: number): Uint8Array {
  const random = (bytes: number): Uint8Array => new Uint8Array(bytes).map(() => Math.floor(chance() * 256));
  switch (count % 6) {
    case 0:
      return random(1 + Math.floor(chance() * 200)).fill(0x80 | Math.floor(chance() * 64), 0, 1);
    case 1: {
      const session = Buffer.from(random(12)).toString("hex");
      const key = Buffer.from(random(8)).toString("hex");
      const hello = { type: "hello", name: "", session, key, delivery: 1, seal: 1, pad: "-".repeat(600) };
      return Buffer.from(`duet/1 ${JSON.stringify(hello)}`);
    }
    case 2:
      return encodeFirst(1 + Math.floor(chance() * 1e9), "0123456789abcdef", random(32));
    case 3:
      return Buffer.concat([Buffer.of(count % 12 < 6 ? 0x94 : 0x96), random(count % 12 < 6 ? 104 : 68)]);
    default: {
      const copy = new Uint8Array(recorded[Math.floor(chance() * recorded.length)]!);
      if (count % 6 === 4) copy[Math.floor(chance() * copy.length)]! ^= 1 << Math.floor(chance() * 8);
      return copy;
    }
  }
}

test("100,000 forged datagrams change nothing, and cost not one computation with X25519", async () => {
  const outputs: Output[] = [];
  const required = { encrypt: "require", reportMessages: true } as const;
  await using host = new LiveChat(
    "udp",
    { ...required, name: "ann" },
    {
      people: fakePeople(1),
      onOutput: (output) => outputs.push(output),
    },
  );
  const port = await host.port();
  using tap = await tapUdp(port);
  const target = { kind: "ip", host: "127.0.0.1", port: tap.port } as const;
  const crypto = loadCrypto();
  const spies = [spyOn(crypto, "diffieHellman"), spyOn(crypto, "createPrivateKey"), spyOn(crypto, "sign")];
  await using client = new LiveChat(
    "udp",
    { ...required, name: "bob", duet: true },
    {
      people: fakePeople(2),
      request: { role: "connect", target },
    },
  );
  const texts = (): readonly string[] =>
    outputs.flatMap((output) =>
      output.type === "message" && output.direction === "in" && output.security !== "plain"
        ? [`<${output.name}> ${output.text}`]
        : [],
    );
  client.session.submit("before");
  await until(() => texts().includes("<bob> before"), "the session");
  for (const spy of spies) {
    expect(spy.mock.calls.length).toBeGreaterThan(0);
    spy.mockClear();
  }
  const chance = seeded(31);
  const recorded = tap.toTarget.map((bytes) => new Uint8Array(bytes));
  // Several addresses of this machine, as a forger has many.
  const forgers = await Promise.all(
    Array.from({ length: 8 }, (_, index) => Bun.udpSocket({ hostname: `127.0.0.${index + 2}` })),
  );
  for (let sent = 0; sent < datagrams; sent += burst) {
    const socket = forgers[(sent / burst) % forgers.length]!;
    const many = Array.from({ length: burst }, (_, index) => [
      makeForged(chance, recorded, sent + index),
      port,
      "127.0.0.1",
    ]).flat();
    socket.sendMany(many as never);
    // The host reads each burst before the next, so that the line behind a round is not lost in a full buffer.
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if ((sent + burst) % round > 0) continue;
    const line = `after ${sent + burst}`;
    client.session.submit(line);
    await until(() => texts().includes(`<bob> ${line}`), line);
  }
  const made = spies.map((spy) => spy.mock.calls.length);
  for (const spy of spies) spy.mockRestore();
  for (const socket of forgers) socket.close();
  expect(made).toEqual([0, 0, 0]);
  const rounds = Array.from(
    { length: datagrams / round },
    (_, index) => `<bob> after ${(index + 1) * round}`,
  );
  expect(texts()).toEqual(["<bob> before", ...rounds]);
  const { chat } = host.session;
  expect([...chat.room.members.values()].map(({ name }) => name).filter((name) => name === "bob")).toEqual([
    "bob",
  ]);
  expect(chat.room.halfOpen.size).toBe(0);
  expect(chat.sides.udp.counters.forged).toBeGreaterThan(1000);
  expect(chat.peers.size).toBeLessThan(64);
});
