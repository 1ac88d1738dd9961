/**
 * `bun run bench udp [ROUNDS]`: datagrams received a second over UDP on this machine, and the share lost: from a bare
 * sender to a bare socket and to duet, and messages from duet to duet, in the clear and sealed, in turns, medians and ratios. The bare sender
 * never waits; a duet waits for acknowledgements.
 */

import { join } from "node:path";
import { Folder } from "../support/duet.ts";
import { until } from "../support/wait.ts";
import { clearProgress, showProgress } from "./report/progress.ts";

interface Measured {
  readonly perSecond: number;
  readonly sent: number;
  readonly received: number;
}

interface Case {
  readonly name: string;
  readonly count: number;
  readonly receiver: (folder: Folder) => readonly string[];
  readonly sender: (folder: Folder, port: string, count: number) => readonly string[];
}

const rounds = Number(process.argv[3] ?? 5);
const bun = process.execPath;
const main = join(import.meta.dir, "../../src/main.ts");
const burst = join(import.meta.dir, "../support/fixtures/burst.ts");
const bareReceiver = join(import.meta.dir, "udp/bare-receiver.ts");
/** If nothing is received for so long, the rest is lost. */
const quietMs = 2000;

const bareSender = (_folder: Folder, port: string, count: number) => [bun, burst, port, String(count)];
const duetReceiver = () => [bun, main, "-u", "-l", "127.0.0.1", "0", "--plain"];
const cases: readonly Case[] = [
  {
    name: "datagrams, bare to bare",
    count: 200_000,
    receiver: () => [bun, bareReceiver],
    sender: bareSender,
  },
  { name: "datagrams, bare to duet", count: 200_000, receiver: duetReceiver, sender: bareSender },
  ...["off", "require"].map((encrypt) => ({
    name: `messages, duet to duet${encrypt === "off" ? "" : ", sealed"}`,
    count: 200_000,
    receiver: () => [...duetReceiver(), "--encrypt", encrypt],
    sender: (_folder: Folder, port: string, count: number) => [
      "sh",
      "-c",
      `seq ${count} | ${bun} ${main} -u --duet 127.0.0.1 ${port} --plain -N -w 5 --encrypt ${encrypt}`,
    ],
  })),
];

async function measure({ receiver, sender, count }: Case): Promise<Measured> {
  using folder = new Folder();
  const env = {
    ...process.env,
    XDG_RUNTIME_DIR: folder.path,
    XDG_DATA_HOME: folder.path,
    TMPDIR: folder.path,
    NODE_ENV: "production",
  };
  const options = { stdin: "pipe", stdout: "pipe", stderr: "pipe", env } as const;
  const receiving = Bun.spawn([...receiver(folder)], options);
  try {
    const lines = new LineCounter(receiving.stdout);
    const port = await portOf(receiving.stderr, lines);
    lines.start();
    const sending = Bun.spawn([...sender(folder, port, count)], { ...options, stdin: "ignore" });
    await lines.untilQuiet(count);
    sending.kill();
    await sending.exited;
    return { perSecond: lines.perSecond, sent: count, received: lines.count };
  } finally {
    receiving.kill(9);
    await receiving.exited;
  }
}

/** Counts the lines of a stream, and times the first and the last. */
class LineCounter {
  readonly #stream: ReadableStream<Uint8Array>;
  readonly #firstLine = Promise.withResolvers<string>();
  count = 0;
  #firstMs = 0;
  #lastMs = 0;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#stream = stream;
    void this.#read();
  }

  get firstLine(): Promise<string> {
    return this.#firstLine.promise;
  }

  get perSecond(): number {
    return this.count / Math.max(0.001, (this.#lastMs - this.#firstMs) / 1000);
  }

  start(): void {
    this.count = 0;
    this.#firstMs = 0;
    this.#lastMs = performance.now();
  }

  async untilQuiet(most: number): Promise<void> {
    const patienceMs = 5000;
    const isOver = (): boolean => {
      const idleMs = performance.now() - this.#lastMs;
      return this.count >= most || idleMs > (this.count === 0 ? patienceMs : quietMs);
    };
    await until(isOver, "the last line", Number.POSITIVE_INFINITY);
  }

  async #read(): Promise<void> {
    for await (const bytes of this.#stream) {
      this.#firstLine.resolve(Buffer.from(bytes).toString());
      if (this.#firstMs === 0) this.#firstMs = performance.now();
      this.#lastMs = performance.now();
      for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) this.count += 1;
    }
  }
}

/** The port that the receiver prints: duet on standard error, the bare one on standard output. */
async function portOf(errors: ReadableStream<Uint8Array>, lines: LineCounter): Promise<string> {
  const onErrors = (async () => {
    let text = "";
    for await (const bytes of errors) {
      text += Buffer.from(bytes).toString();
      if (/BOUND: \S+:\d+/.test(text)) return text;
    }
    return text;
  })();
  const printed = await Promise.race([onErrors, lines.firstLine]);
  return /BOUND:? (?:\S+:)?(\d+)/.exec(printed)?.[1] ?? "";
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

const runs = new Map<string, Measured[]>(cases.map(({ name }) => [name, []]));
for (let round = 0; round < rounds; round += 1)
  for (const one of cases) {
    showProgress(`round ${round + 1} of ${rounds}: ${one.name}`);
    runs.get(one.name)?.push(await measure(one));
  }
clearProgress();
const base = median(runs.get(cases[0]?.name ?? "")?.map(({ perSecond }) => perSecond) ?? []);
console.log("| what | a second | of bare | sent | lost |\n|---|---|---|---|---|");
for (const [name, all] of runs) {
  const perSecond = median(all.map((one) => one.perSecond));
  const sent = all.reduce((sum, one) => sum + one.sent, 0);
  const lost = all.reduce((sum, one) => sum + one.sent - one.received, 0);
  const cells = [
    name,
    Math.round(perSecond).toLocaleString("en"),
    (perSecond / base).toFixed(2),
    sent.toLocaleString("en"),
    `${((lost / sent) * 100).toFixed(2)} %`,
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
console.log(`\n${JSON.stringify(Object.fromEntries(runs))}`);
