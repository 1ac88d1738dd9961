/**
 * `bun run bench rooms [ROUNDS]`: a room of duet (`-l --plain`) with 64-byte lines. A room of raw peers beside a tight hub
 * in C (hub/tight-hub.c, compiled by gcc), its first 300 ms beside itself when it is warm, a room of duets beside
 * one of raw peers, and a room of sealed duets beside one in the clear. Interleaved; medians of the ratios within each round.
 */

import { cpus, release } from "node:os";
import { countFaults, type Hub, type Load, type Measured, measureHub } from "./hub/measure-hub.ts";

const rounds = Number(process.argv[3] ?? 7);
const base = { lineBytes: 64, stalled: 0, pace: 0, seconds: 2, warmUpMs: 1500 } as const;

interface Run {
  readonly name: "c" | "raw" | "first" | "framed" | "sealed";
  readonly hub: Hub;
  readonly load: Partial<Load>;
}

const rooms = [
  { clients: 10, senders: 1, runs: ["c", "raw", "first", "framed", "sealed"] },
  { clients: 100, senders: 1, runs: ["c", "raw", "first", "framed", "sealed"] },
  { clients: 1000, senders: 1, runs: ["raw", "framed", "sealed"] },
  { clients: 100, senders: 100, runs: ["c", "raw", "first"] },
] as const;

const runs: Readonly<Record<Run["name"], Run>> = {
  c: { name: "c", hub: "c", load: {} },
  raw: { name: "raw", hub: "duet", load: {} },
  first: { name: "first", hub: "duet", load: { warmUpMs: 0, seconds: 0.3, isRehearsed: true } },
  framed: { name: "framed", hub: "duet", load: { isFramed: true } },
  sealed: { name: "sealed", hub: "duet", load: { isFramed: true, isSealed: true } },
};

const total = rooms.reduce((sum, room) => sum + room.runs.length, 0) * rounds;
let done = 0;

function showProgress(): void {
  done += 1;
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${total} runs\x1b[K`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function print(cells: readonly (string | number)[]): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  process.stdout.write(`| ${cells.join(" | ")} |\n`);
}

type Round = Partial<Record<Run["name"], Measured>>;

async function measureRound(room: (typeof rooms)[number]): Promise<Round> {
  const round: Round = {};
  for (const name of room.runs) {
    const { clients, senders } = room;
    const measured = await measureHub(runs[name].hub, { ...base, clients, senders, ...runs[name].load });
    if (measured !== undefined) round[name] = measured;
    showProgress();
  }
  return round;
}

function rate(all: readonly Round[], name: Run["name"]): string {
  const rates = all.flatMap((round) => round[name]?.deliveriesPerSecond ?? []);
  return rates.length === 0 ? "" : `${(median(rates) / 1e6).toFixed(2)} M`;
}

function ratio(all: readonly Round[], one: Run["name"], other: Run["name"]): string {
  const ratios = all.flatMap((round) => {
    const [a, b] = [round[one]?.deliveriesPerSecond, round[other]?.deliveriesPerSecond];
    return a === undefined || b === undefined ? [] : [a / b];
  });
  return ratios.length === 0 ? "" : median(ratios).toFixed(2);
}

process.stdout.write(
  `${cpus().length} × ${cpus()[0]?.model ?? "?"}, Linux ${release()}, Bun ${Bun.version}, medians of ${rounds}\n\n`,
);
const heads = [
  "clients",
  "senders",
  "C hub",
  "raw",
  "raw/C",
  "first 300 ms",
  "/warm",
  "duets",
  "duets/raw",
  "sealed",
  "sealed/duets",
];
print([...heads, "faults"]);
print([...heads, ""].map(() => "---"));
for (const room of rooms) {
  const all: Round[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await measureRound(room));
  const cells = [rate(all, "c"), rate(all, "raw"), ratio(all, "raw", "c"), rate(all, "first")];
  const duets = [ratio(all, "first", "raw"), rate(all, "framed"), ratio(all, "framed", "raw")];
  const sealed = [rate(all, "sealed"), ratio(all, "sealed", "framed")];
  const faults = countFaults(
    all.flatMap((round) => [round.raw ?? [], round.framed ?? [], round.sealed ?? []].flat()),
  );
  print([room.clients, room.senders, ...cells, ...duets, ...sealed, faults]);
}
