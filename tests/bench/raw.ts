/**
 * `bun run bench raw [MIB]`: a stream through `--raw`, beside OpenBSD's nc: sending a file and a pipe to a sink, and
 * receiving into a pipe; and lines of 64 bytes, which duet prints each with the sender's name (`--plain`). Programs alternate; from a sender's time that of an empty stream is subtracted, which is its start.
 * Medians of MiB a second, and their ratio.
 */

import { openSync, rmSync, writeSync, closeSync } from "node:fs";
import { join } from "node:path";
import { duetCommand, Folder } from "../support/duet.ts";
import { isTcpListening } from "../support/programs.ts";

const rounds = 7;
const mebibyte = 1024 * 1024;
const size = Number(process.argv[3] ?? 512) * mebibyte;
using folder = new Folder();
const file = join("/dev/shm", `duet-bench-${process.pid}`);
const env = { ...process.env, XDG_RUNTIME_DIR: folder.path, TMPDIR: folder.path, NODE_ENV: "production" };

type Tool = "duet" | "nc";

process.stdout.write("| stream | duet | nc | of nc |\n| --- | --- | --- | --- |\n");

/** Connects, and sends standard input. */
const senders: Readonly<Record<Tool, (port: number) => string>> = {
  duet: (port) => `${duetCommand.join(" ")} 127.0.0.1 ${port} --raw -N`,
  nc: (port) => `nc -N 127.0.0.1 ${port}`,
};
/** Listens, and prints what it receives. */
const receivers: Readonly<Record<Tool, (port: number) => string>> = {
  duet: (port) => `${duetCommand.join(" ")} -l ${port} --raw --recv-only -N`,
  nc: (port) => `nc -N -l 127.0.0.1 ${port} < /dev/null`,
};

/** As receivers, of lines. */
const lineReceivers: Readonly<Record<Tool, (port: number) => string>> = {
  duet: (port) => `${duetCommand.join(" ")} -l ${port} --plain --recv-only -N`,
  nc: receivers.nc,
};

try {
  writeFile(crypto.getRandomValues(new Uint8Array(65_536)));
  await compare("sending a file", async (tool, port) => {
    const send = (path: string): Promise<number> =>
      measure(port, sink(port), `${senders[tool](port)} < ${path}`);
    return (await send(file)) - (await send("/dev/null"));
  });
  await compare("sending a pipe", async (tool, port) => {
    const send = (path: string): Promise<number> =>
      measure(port, sink(port), `cat ${path} | ${senders[tool](port)}`);
    return (await send(file)) - (await send("/dev/null"));
  });
  await compare("receiving", (tool, port) =>
    measure(port, `${receivers[tool](port)} | cat > /dev/null`, `nc -N 127.0.0.1 ${port} < ${file}`),
  );
  writeFile(Buffer.from(`${"x".repeat(63)}\n`.repeat(1024)));
  await compare("receiving lines", (tool, port) =>
    measure(port, `${lineReceivers[tool](port)} | cat > /dev/null`, `nc -N 127.0.0.1 ${port} < ${file}`),
  );
} finally {
  rmSync(file, { force: true });
}

function sink(port: number): string {
  return `nc -l 127.0.0.1 ${port} < /dev/null > /dev/null`;
}

/** Writes the block until the file is full. */
function writeFile(block: Uint8Array): void {
  const descriptor = openSync(file, "w");
  for (let written = 0; written < size; written += block.length) writeSync(descriptor, block);
  closeSync(descriptor);
}

/** The milliseconds from the start of the sender to the end of both. */
async function measure(port: number, receiver: string, sender: string): Promise<number> {
  const received = run(receiver);
  await untilListening(port);
  const startedMs = performance.now();
  await Promise.all([run(sender), received]);
  return performance.now() - startedMs;
}

async function compare(what: string, transfer: (tool: Tool, port: number) => Promise<number>): Promise<void> {
  const rates: Record<Tool, number[]> = { duet: [], nc: [] };
  for (let round = 0; round < rounds; round++)
    for (const tool of ["duet", "nc"] as const) {
      process.stderr.write(`\r${what}: round ${round + 1} of ${rounds}, ${tool}  `);
      rates[tool].push(size / mebibyte / ((await transfer(tool, findPort())) / 1000));
    }
  process.stderr.write("\r\x1b[K");
  const [duet, nc] = [median(rates.duet), median(rates.nc)];
  const print = (rate: number): string => `${rate.toFixed(0)} MiB/s`;
  process.stdout.write(`| ${what} | ${print(duet)} | ${print(nc)} | ${(duet / nc).toFixed(2)} |\n`);
}

async function run(command: string): Promise<void> {
  const child = Bun.spawn(["bash", "-c", command], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "inherit",
    env,
  });
  if ((await child.exited) !== 0) throw new Error(`failed: ${command}`);
}

/** A port that is free now. */
function findPort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

async function untilListening(port: number): Promise<void> {
  while (!(await isTcpListening(port))) await Bun.sleep(2);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1]!;
}
