/** Many at once: who comes, stays silent and goes costs the others nothing. Ten thousand are measured by `bun run bench scale`. */

import { expect, test } from "bun:test";
import { startDuet } from "../support/duet.ts";
import { NumberedRoom } from "../support/numbered-room.ts";
import { quietHalfSecond, residentBytes } from "../support/processes.ts";
import { countHere, type RawClient, startClient } from "../support/raw-client.ts";
import { until } from "../support/wait.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";

const thousand = 1000;
const quiet = { outputTo: "/dev/null" };
/** For a connection that says nothing: what it is measured at is a third of it. */
const bytesPerConnectionMax = 20 * 1024;

function crowd(port: number, count: number): Promise<readonly RawClient[]> {
  return Promise.all(Array.from({ length: count }, () => startClient(port)));
}

test("a thousand who come and go at once cost the others nothing; idle they take hardly any time, and little room", async () => {
  await using duet = startDuet(["-l", "0", "--plain", "-m", "2000"], quiet);
  const port = await duet.port();
  using room = await NumberedRoom.enter(port, 6, 2);
  for (let warm = 0; warm < 100; warm += 1) await room.talk();
  const before = await residentBytes(duet.pid);
  const clients = await room.talkDuring(crowd(port, thousand));
  const are = (count: number) => async () => (await countHere(port)) === count + 2;
  await room.talkDuring(until(are(thousand + 6), "all to be of the room"));
  const each = ((await residentBytes(duet.pid)) - before) / thousand;
  expect(each).toBeLessThan(bytesPerConnectionMax);
  await quietHalfSecond(duet.pid);
  for (const client of clients) client[Symbol.dispose]();
  await room.talkDuring(until(are(6), "all to be gone"));
  room.expectWhole();
});

test("five hundred duets that come at once hear of each other, and nobody of them is cut off", async () => {
  const count = 500;
  await using duet = startDuet(["-l", "0", "--plain", "-m", "2000"], quiet);
  const clients = await crowd(await duet.port(), count);
  for (const [index, client] of clients.entries()) {
    const session = String(index).padStart(24, "0");
    client.write(`${encodeFrame({ type: "hello", name: `guest${index}`, session, key: "k".repeat(16) })}\n`);
  }
  // Each is told of all: by its welcome of who was there, and of who came later one by one.
  const members = (client: RawClient) => client.text.split('"number":').length - 1;
  for (const client of clients)
    await client.waitFor(() => client.ended || members(client) >= count + 1, "all members");
  expect(clients.map(members).filter((known) => known !== count + 1)).toEqual([]);
  expect(duet.errors).not.toContain("too slowly");
  for (const client of clients) client[Symbol.dispose]();
});
