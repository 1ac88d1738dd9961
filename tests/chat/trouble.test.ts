import { expect, test } from "bun:test";
import { World } from "../support/chat-world.ts";

const wanted = { lossPercent: 20, duplicatePercent: 0, reorderPercent: 0, delayMs: 50 };

test("/trouble makes impairment with a reported seed, shows and counts it, and off ends it", () => {
  const duet = new World().duet();
  duet.command("/trouble loss=20% delay=50ms");
  const { impairment: trouble } = duet.chat.network;
  expect(trouble?.impairment).toMatchObject(wanted);
  const seed = trouble?.impairment.seed ?? -1;
  expect(seed).toBeGreaterThanOrEqual(0);
  expect(duet.sent).toContainEqual({ type: "set-impairment", impairment: { ...wanted, seed } });
  expect(duet.notices().at(-1)).toContain(`loss 20% delay 50 ms; seed=${seed} makes the same again`);
  duet.dispatch({
    type: "impairment-counted",
    counts: { dropped: 3, duplicated: 0, delayed: 9, reordered: 0 },
  });
  duet.command("/trouble");
  expect(duet.notices().at(-1)).toBe(
    `trouble is on: loss 20% delay 50 ms (seed=${seed}). So far: 3 dropped, 0 doubled, 9 delayed, 0 reordered`,
  );
  duet.command("/trouble off");
  expect(duet.notices().at(-1)).toContain("trouble is off. What it did: 3 dropped");
  expect(duet.sent.at(-1)).toEqual({ type: "set-impairment", impairment: undefined });
  expect(duet.chat.network.impairment).toBeUndefined();
});

test("/trouble and /trouble off report that there is none; an invalid one is returned and changes nothing", () => {
  const duet = new World().duet();
  duet.command("/trouble");
  expect(duet.notices()).toEqual([
    "there is no trouble: the network is as it is; /trouble loss=20% dup=5% reorder=10% delay=50ms makes some, on UDP",
  ]);
  duet.command("/trouble off");
  expect(duet.notices().at(-1)).toBe("there was no trouble");
  duet.command("/trouble loss=20% seed=9");
  duet.command("/trouble loss=200%");
  expect(duet.returnedLines).toEqual(["/trouble loss=200%"]);
  expect(duet.chat.network.impairment?.impairment).toMatchObject({ lossPercent: 20, seed: 9 });
});

test("--trouble starts before any socket opens, and its counts are reported at the end", () => {
  const world = new World();
  const duet = world.hub({ impairment: { ...wanted, seed: 5 } }, "udp");
  expect(duet.sent.map(({ type }) => type).filter((type) => type !== "report")).toEqual([
    "set-impairment",
    "listen",
    "announce",
  ]);
  duet.dispatch({
    type: "impairment-counted",
    counts: { dropped: 1, duplicated: 2, delayed: 3, reordered: 4 },
  });
  duet.quit();
  expect(duet.notices().at(-1)).toBe(
    "trouble was on. What it did: 1 dropped, 2 doubled, 3 delayed, 4 reordered",
  );
});
