/** Many connections at once cost the others of a hub nothing. `bun run bench scale` measures ten thousand. */

import { expect, test } from "bun:test";
import { startDuet } from "../support/duet.ts";
import { NumberedRoom } from "../support/numbered-room.ts";
import { quietHalfSecond, residentBytes } from "../support/processes.ts";
import { countMembers, type RawClient, startClient } from "../support/raw-client.ts";
import { until } from "../support/wait.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";

const thousand = 1000;
const quiet = { outputTo: "/dev/null" };
/** For a silent connection, three times the measured size. */
const bytesPerConnectionMax = 20 * 1024;

function connectMany(port: number, count: number): Promise<readonly RawClient[]> {
  return Promise.all(Array.from({ length: count }, () => startClient(port)));
}

test("1,000 clients that connect and leave at once cost the others nothing, and little time and memory", async () => {
  await using duet = startDuet(["-l", "0", "--plain", "-m", "2000"], quiet);
  const port = await duet.port();
  using room = await NumberedRoom.enter(port, 6, 2);
  for (let warm = 0; warm < 100; warm += 1) await room.sendRound();
  const before = await residentBytes(duet.pid);
  const clients = await room.sendDuring(connectMany(port, thousand));
  const isCount = (count: number) => async () => (await countMembers(port)) === count + 2;
  await room.sendDuring(until(isCount(thousand + 6), "all to be of the room"));
  const each = ((await residentBytes(duet.pid)) - before) / thousand;
  expect(each).toBeLessThan(bytesPerConnectionMax);
  await quietHalfSecond(duet.pid);
  for (const client of clients) client[Symbol.dispose]();
  await room.sendDuring(until(isCount(6), "all to be gone"));
  room.expectWhole();
});

/**
 * The guests that a client knows: those before it from its welcome, and later ones one by one. A client whose hello was late
 * joined as a raw peer first, and left again.
 */
function knownGuests({ text }: RawClient): ReadonlySet<string> {
  const names = [...text.matchAll(/"name":"(guest\d+)"/g)].map((match) => match[1]!);
  return new Set(names);
}

test("500 duets that connect at once all receive each other's presence, and none is disconnected", async () => {
  const count = 500;
  await using duet = startDuet(["-l", "0", "--plain", "-m", "2000"], quiet);
  const clients = await connectMany(await duet.port(), count);
  for (const [index, client] of clients.entries()) {
    const session = String(index).padStart(24, "0");
    client.write(`${encodeFrame({ type: "hello", name: `guest${index}`, session, key: "k".repeat(16) })}\n`);
  }
  for (const client of clients)
    await client.waitFor(() => client.ended || knownGuests(client).size === count, "all members");
  expect(clients.map(knownGuests).filter((known) => known.size !== count)).toEqual([]);
  expect(duet.errors).not.toContain("too slowly");
  for (const client of clients) client[Symbol.dispose]();
});
