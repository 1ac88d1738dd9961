/**
 * A load on a hub, in a process of its own: many connections, some of which speak flat out. It counts what arrives, and
 * checks the order by sequence numbers on a few connections. It knows nothing of the hub but its port.
 *
 * Arguments: PORT CLIENTS SENDERS LINE-BYTES SECONDS STALLED. Prints one line of JSON.
 */

interface Client {
  readonly socket: Bun.Socket;
  received: number;
  /** The end of a line that was cut by a read; kept by observers only. */
  rest: string;
  /** The last sequence number of each sender. */
  readonly last: number[];
}

const [port = 0, count = 0, senders = 1, lineBytes = 64, seconds = 2, stalled = 0] = process.argv
  .slice(2)
  .map(Number);
/** Lines on their way, all senders together: enough to keep a hub busy, few enough to be fair to a slow one. */
const outstandingMax = 256;
const observers = 3;
const clients: Client[] = [];
const latenciesMs: number[] = [];
let started = false;
let sent = 0;
let delivered = 0;
let lost = 0;
let repeated = 0;
let endsAtMs = 0;
const sequence = Array.from({ length: senders }, () => 0);
const unsent = Array.from({ length: senders }, () => "");

for (let index = 0; index < count + stalled; index += 1) clients.push(await connect(index));
// Each is known to be a raw peer once it has spoken; the hub is quiet again before the clock starts.
for (const client of clients) client.socket.write("hello\n");
await quiet();
for (const client of clients.slice(count)) client.socket.pause();
for (const client of clients) client.received = 0;
delivered = 0;
started = true;
const beganMs = performance.now();
endsAtMs = beganMs + seconds * 1000;
speak();
await Bun.sleep(seconds * 1000);
started = false;
const tookMs = performance.now() - beganMs;
const result = {
  deliveriesPerSecond: Math.round(delivered / (tookMs / 1000)),
  sent,
  lost,
  repeated,
  p50Ms: percentile(0.5),
  p99Ms: percentile(0.99),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);

async function connect(index: number): Promise<Client> {
  const last = Array.from({ length: senders }, () => -1);
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data: (_socket, bytes) => heard(index, bytes),
      drain: () => speak(),
      error: () => {},
    },
  });
  return { socket, received: 0, rest: "", last };
}

/** Waits until no client has heard anything for 200 ms. */
async function quiet(): Promise<void> {
  for (let before = -1; before !== delivered;) {
    before = delivered;
    await Bun.sleep(before === 0 ? 800 : 200);
  }
}

function heard(index: number, bytes: Buffer): void {
  const client = clients[index];
  if (client === undefined) return;
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  client.received += lines;
  delivered += lines;
  if (started && index >= senders && index < senders + observers) observe(client, bytes.toString("latin1"));
  if (started) speak();
}

function observe(client: Client, text: string): void {
  const lines = (client.rest + text).split("\n");
  client.rest = lines.pop() ?? "";
  for (const line of lines) {
    const mark = /#(\d+):(\d+):(\d+)#/.exec(line);
    if (mark === null) continue;
    const [sender, number, micros] = [Number(mark[1]), Number(mark[2]), Number(mark[3])];
    const expected = (client.last[sender] ?? -1) + 1;
    if (number > expected) lost += number - expected;
    if (number < expected) repeated += 1;
    client.last[sender] = Math.max(number, expected - 1);
    if (number % 16 === 0 && latenciesMs.length < 200_000)
      latenciesMs.push((performance.now() * 1000 - micros) / 1000);
  }
}

/** Every sender speaks in turn while few enough lines are under way. */
function speak(): void {
  if (!started || performance.now() > endsAtMs) return;
  const listeners = count - 1;
  let room = outstandingMax - (sent - Math.floor(delivered / listeners));
  for (let sender = 0; sender < senders && room > 0; sender += 1) {
    const share = Math.max(1, Math.floor(room / (senders - sender)));
    for (let number = 0; number < share; number += 1) unsent[sender] += line(sender);
    sent += share;
    room -= share;
  }
  for (let sender = 0; sender < senders; sender += 1) flush(sender);
}

function line(sender: number): string {
  const number = sequence[sender] ?? 0;
  sequence[sender] = number + 1;
  return `${`#${sender}:${number}:${Math.round(performance.now() * 1000)}#`.padEnd(lineBytes - 1, "x")}\n`;
}

function flush(sender: number): void {
  const text = unsent[sender] ?? "";
  if (text === "") return;
  const written = clients[sender]?.socket.write(text) ?? 0;
  unsent[sender] = text.slice(Math.max(0, written));
}

function percentile(part: number): number {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  return Number((sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(2));
}
