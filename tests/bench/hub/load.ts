/**
 * Load generator for a hub, in a process of its own: many connections, some of which send flat out or at a pace. Received
 * lines are counted by bytes, since all have one length. A few observers read every line: its order and latency, and
 * whether one is missing, torn or repeated.
 *
 * Arguments: PORT CLIENTS SENDERS LINE-BYTES SECONDS STALLED LINES-PER-SECOND (0: flat out). Prints one line of JSON.
 */

import { LineMaker, Observer } from "./numbered-lines.ts";

interface Client {
  readonly socket: Bun.Socket;
  readonly observer: Observer | undefined;
}

const [port = 0, count = 0, senders = 1, lineBytes = 64, seconds = 2, stalled = 0, pace = 0] = process.argv
  .slice(2)
  .map(Number);
/** Lines under way, of all senders: enough to keep a hub busy, few enough to be fair to a slow one. */
const outstandingMax = 256;
const observersMax = 3;
const paceTickMs = 1;
/** Flat out, the measurement begins after a warm-up: both sides compile in their first second. */
const warmUpMs = pace === 0 ? 1000 : 0;
/** Connections opened before a short pause: ncat's backlog is 10, and a connection that exceeds it waits for a minute. */
const connectedAtOnce = 8;
const makers = Array.from({ length: senders }, (_, sender) => new LineMaker(sender, lineBytes));
const unsent = Array.from({ length: senders }, () => new Uint8Array(0));
const clients: Client[] = [];
const ended = new Set<number>();
let isOn = false;
let sent = 0;
let bytes = 0;
let beganMs = 0;

for (let index = 0; index < count + stalled; index += 1) {
  if (index % connectedAtOnce === 0) await Bun.sleep(2);
  clients.push(await connect(index));
}
// A client that sends a line is recognised as raw. The measurement begins when the hub is quiet again.
for (const client of clients) client.socket.write("hello\n");
await waitForQuiet();
for (const client of clients.slice(count)) client.socket.pause();
const observers = clients.flatMap(({ observer }) => observer ?? []);
bytes = 0;
isOn = true;
beganMs = performance.now();
const ticker = pace === 0 ? undefined : setInterval(sendDue, paceTickMs);
sendDue();
await Bun.sleep(warmUpMs);
for (const { latenciesMs } of observers) latenciesMs.length = 0;
const arrivedBefore = lines();
const clockMs = performance.now();
await Bun.sleep(seconds * 1000);
isOn = false;
clearInterval(ticker);
const tookMs = performance.now() - clockMs;
const arrived = lines() - arrivedBefore;
await waitForQuiet();
const latenciesMs = observers.flatMap((one) => one.latenciesMs).sort((a, b) => a - b);
const sum = (of: (observer: Observer) => number): number =>
  observers.reduce((total, one) => total + of(one), 0);
process.stdout.write(
  `${JSON.stringify({
    deliveriesPerSecond: Math.round(arrived / (tookMs / 1000)),
    sent,
    lost: sum((one) => one.missing(makers)),
    repeated: sum((one) => one.repeated),
    reordered: sum((one) => one.reordered),
    torn: sum((one) => one.torn),
    cutOff: [...ended].filter((index) => index >= count).length,
    gone: [...ended].filter((index) => index < count).length,
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
  })}\n`,
);
process.exit(0);

async function connect(index: number): Promise<Client> {
  const isObserver = index >= senders && index < Math.min(count, senders + observersMax);
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data: (_socket, received) => onReceived(index, received),
      drain: () => sendDue(),
      close: () => {
        ended.add(index);
      },
      error: () => {},
    },
  });
  const timedEvery = pace === 0 ? 16 : 1;
  return { socket, observer: isObserver ? new Observer(lineBytes, senders, timedEvery) : undefined };
}

/** Waits until no client has received anything for 200 ms. */
async function waitForQuiet(): Promise<void> {
  for (let before = -1; before !== bytes;) {
    before = bytes;
    await Bun.sleep(before === 0 ? 800 : 200);
  }
}

function onReceived(index: number, received: Buffer): void {
  bytes += received.length;
  if (beganMs > 0) clients[index]?.observer?.read(received);
  if (isOn && pace === 0) sendDue();
}

/** Lines delivered so far, all clients together. */
function lines(): number {
  const length = clients.find(({ observer }) => observer !== undefined)?.observer?.lineLength;
  return length === undefined ? 0 : bytes / length;
}

/** Sends of every sender in turn, up to the lines that may be under way or are due. */
function sendDue(): void {
  if (!isOn) return;
  let room =
    pace === 0
      ? outstandingMax - (sent - Math.floor(lines() / (count - 1)))
      : Math.floor(((performance.now() - beganMs) / 1000) * pace) - sent;
  for (let sender = 0; sender < senders && room > 0; sender += 1) {
    const share = Math.max(1, Math.floor(room / (senders - sender)));
    sendLines(sender, share);
    sent += share;
    room -= share;
  }
}

function sendLines(sender: number, share: number): void {
  const made = makers[sender]?.make(share) ?? new Uint8Array(0);
  const rest = unsent[sender] ?? new Uint8Array(0);
  const all = rest.length === 0 ? made : Buffer.concat([rest, made]);
  const written = Math.max(0, clients[sender]?.socket.write(all) ?? 0);
  unsent[sender] = all.slice(written);
}

function percentile(part: number): number {
  return Number((latenciesMs[Math.floor(latenciesMs.length * part)] ?? 0).toFixed(2));
}
