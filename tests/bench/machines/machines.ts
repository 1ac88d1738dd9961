/** Three hubs, of one room or of three, with clients of this process at each. */

import { type Duet, startDuet } from "../../support/duet.ts";
import { until } from "../../support/wait.ts";

interface Client {
  readonly socket: Bun.Socket;
  lines: number;
  onData: ((bytes: Buffer) => void) | undefined;
}

/** Lines of all speakers that are under way: enough to keep the hubs busy. */
const underWayMax = 768;
const newline = 0x0a;
const atOnce = 100;
const text = "x".repeat(50);

export class Machines implements AsyncDisposable {
  readonly #hubs: readonly Duet[];
  readonly #clients: readonly (readonly Client[])[];
  readonly #isFramed: boolean;

  private constructor(hubs: readonly Duet[], clients: readonly (readonly Client[])[], isFramed: boolean) {
    this.#hubs = hubs;
    this.#clients = clients;
    this.#isFramed = isFramed;
  }

  /** `url`: of the one room. */
  static async start(url: string | undefined, count: number, isFramed: boolean): Promise<Machines> {
    const shares = url === undefined ? [] : ["--room", url];
    const hubs = [0, 1, 2].map((at) =>
      startDuet(["-l", "0", "--plain", "-m", "20000", "--name", `hub${at}`, ...shares]),
    );
    const clients: Client[][] = [];
    for (const [at, hub] of hubs.entries())
      clients.push(await connectAll(await hub.port(), count, isFramed, at));
    if (url !== undefined) await Promise.all(hubs.map((hub) => hub.waitForError(/hub2|is shared/)));
    const machines = new Machines(hubs, clients, isFramed);
    await machines.#waitForQuiet();
    return machines;
  }

  /** Deliveries a second to all clients, while `speakers` at each of the first `hubs` write flat out. */
  async measureRate(hubs: number, speakers: number, seconds: number): Promise<number> {
    const observers = this.#clients.map((all) => all.at(-1)!);
    const speaking = this.#clients.slice(0, hubs).map((all) => all.slice(0, speakers));
    const sent = speaking.map(() => 0);
    const from = observers.map(({ lines }) => lines);
    const pump = (): void => {
      for (const [at, those] of speaking.entries()) {
        const behind = Math.min(
          ...(hubs === 1 ? observers : [observers[at]!]).map(
            (one) => one.lines - from[observers.indexOf(one)]!,
          ),
        );
        const each = Math.floor((underWayMax / hubs - (sent[at]! - behind)) / those.length);
        if (each < 1) continue;
        for (const { socket } of those) socket.write(this.#makeLines(sent[at]!, each));
        sent[at]! += each * those.length;
      }
    };
    for (const observer of observers) observer.onData = pump;
    pump();
    await Bun.sleep(1000);
    const [before, beganMs] = [observers.map(({ lines }) => lines), performance.now()];
    await Bun.sleep(seconds * 1000);
    const tookS = (performance.now() - beganMs) / 1000;
    const lines = observers.reduce((sum, { lines: now }, at) => sum + now - before[at]!, 0);
    for (const observer of observers) observer.onData = undefined;
    return (lines * this.#clients[0]!.length) / tookS;
  }

  /** The times in ms from a client of the first hub to one of the second, at so many lines a second. */
  async measureLatency(perSecond: number, seconds: number): Promise<readonly number[]> {
    const latenciesMs: number[] = [];
    const [speaker, observer] = [this.#clients[0]![0]!, this.#clients[1]!.at(-1)!];
    let rest = "";
    observer.onData = (bytes) => {
      const lines = (rest + bytes.toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const sentMs = Number(/@([\d.]+)$/.exec(line)?.[1]);
        if (!Number.isNaN(sentMs)) latenciesMs.push(performance.now() - sentMs);
      }
    };
    const beganMs = performance.now();
    for (let sent = 0; sent < perSecond * seconds;) {
      const due = Math.min(
        perSecond * seconds,
        Math.floor(((performance.now() - beganMs) / 1000) * perSecond),
      );
      if (due > sent) speaker.socket.write(`${text} @${performance.now()}\n`.repeat(due - sent));
      sent = due;
      await Bun.sleep(1);
    }
    await until(() => latenciesMs.length >= perSecond * seconds, "all lines", 20_000);
    // The first second compiles.
    return latenciesMs.slice(perSecond);
  }

  #makeLines(from: number, count: number): string {
    if (!this.#isFramed) return `${text}\n`.repeat(count);
    return Array.from(
      { length: count },
      (_, index) => `duet/1 {"type":"message","id":${from + index + 1},"text":"${text}"}\n`,
    ).join("");
  }

  /** Waits until no client has received anything for 300 ms. */
  async #waitForQuiet(): Promise<void> {
    const count = (): number => this.#clients.flat().reduce((sum, { lines }) => sum + lines, 0);
    for (let before = -1; before !== count();) {
      before = count();
      await Bun.sleep(600);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const hub of this.#hubs) await hub[Symbol.asyncDispose]();
    for (const { socket } of this.#clients.flat()) socket.terminate();
  }
}

async function connectAll(port: number, count: number, isFramed: boolean, at: number): Promise<Client[]> {
  const clients: Client[] = [];
  while (clients.length < count) {
    const length = Math.min(atOnce, count - clients.length);
    clients.push(...(await Promise.all(Array.from({ length }, () => connect(port)))));
  }
  for (const [index, { socket }] of clients.entries()) {
    const fields = {
      type: "hello",
      name: `m${at}x${index}`,
      session: `s${at}x${index}`,
      key: `k${at}x${index}`,
    };
    socket.write(isFramed ? `duet/1 ${JSON.stringify(fields)}\n` : "hello\n");
  }
  return clients;
}

async function connect(port: number): Promise<Client> {
  const counted: Omit<Client, "socket"> = { lines: 0, onData: undefined };
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data: (_, bytes) => {
        // Only an observer's lines are looked at.
        if (client.onData === undefined) return void (client.lines += 1);
        for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, end + 1))
          client.lines += 1;
        client.onData(bytes);
      },
      error: () => {},
    },
  });
  const client: Client = Object.assign(counted, { socket });
  return client;
}
