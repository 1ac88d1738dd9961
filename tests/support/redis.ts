/** A real Redis for tests, on a port of its own, which can be killed, stopped and started again with its data. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RoomPlace } from "../../src/protocol/hubs/room-place.ts";
import { until } from "./wait.ts";

export class Redis implements AsyncDisposable {
  readonly port: number;
  readonly folder = mkdtempSync(join(tmpdir(), "duet-redis-"));
  readonly #options: readonly string[];
  #process: Bun.Subprocess | undefined;

  constructor(port: number, options: readonly string[]) {
    this.port = port;
    this.#options = options;
  }

  /** Starts it with the data of before, written at each command. */
  async start(): Promise<void> {
    const data = ["--dir", this.folder, "--appendonly", "yes", "--appendfsync", "always", "--save", ""];
    const command = ["redis-server", "--port", String(this.port), "--bind", "127.0.0.1", "::1", ...data];
    this.#process = Bun.spawn([...command, ...this.#options], { stdout: "ignore", stderr: "ignore" });
    await until(async () => /PONG|NOAUTH/.test(await this.ask("PING")), "redis to answer");
  }

  /** What redis-cli prints for a command. */
  async ask(...words: readonly string[]): Promise<string> {
    const cli = Bun.spawn(["redis-cli", "-p", String(this.port), "--no-auth-warning", ...words], {
      stdout: "pipe",
      stderr: "ignore",
    });
    return await new Response(cli.stdout).text();
  }

  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#process?.kill(signal);
  }

  async kill(): Promise<void> {
    this.#process?.kill("SIGKILL");
    await this.#process?.exited;
  }

  place(room = "lobby"): RoomPlace {
    const login = { user: undefined, password: undefined };
    return { isTls: false, host: "127.0.0.1", port: this.port, room, ...login };
  }

  url(room = "lobby"): string {
    return `redis://127.0.0.1:${this.port}/${room}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `options`: more arguments of redis-server. */
export async function startRedis(...options: readonly string[]): Promise<Redis> {
  const redis = makeRedis(...options);
  await redis.start();
  return redis;
}

/** One that does not run yet. */
export function makeRedis(...options: readonly string[]): Redis {
  return new Redis(findPort(), options);
}

/** A port that nobody had a moment ago: redis-server takes no 0. */
function findPort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}
