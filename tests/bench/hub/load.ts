/**
 * Load generator for a hub, in a process of its own: many connections, some of which send flat out or at a pace. Received
 * lines are counted by bytes, since all have one length. A few observers read every line: its order and latency, and
 * whether one is missing, torn or repeated.
 *
 * Arguments: PORT CLIENTS SENDERS LINE-BYTES SECONDS STALLED LINES-PER-SECOND (0: flat out) WARM-UP-MS REHEARSAL-PORT
 * (a hub to warm up at; 0: none) [framed|sealed]: the clients are duets, in the clear or sealed. Prints one line of JSON.
 */

import { LineMaker, Observer } from "./numbered-lines.ts";
import { SealedClient } from "./sealed-client.ts";

interface Client {
  readonly socket: Bun.Socket;
  readonly observer: Observer | undefined;
  readonly sealed: SealedClient | undefined;
}

const [port = 0, count = 0, senders = 1, lineBytes = 64, seconds = 2, stalled = 0, pace = 0] = process.argv
  .slice(2, 9)
  .map(Number);
const [warmUpMs = 0, rehearsalPort = 0] = process.argv.slice(9, 11).map(Number);
const isSealed = process.argv[11] === "sealed";
const isFramed = isSealed || process.argv[11] === "framed";
/** Lines under way, of all senders: enough to keep a hub busy, few enough to be fair to a slow one. */
const outstandingMax = 256;
const observersMax = 3;
const paceTickMs = 1;
/** Connections opened before a short pause: ncat's backlog is 10, and a connection that exceeds it waits for a minute. */
const connectedAtOnce = 8;
const handshakesAtOnce = 16;
const rehearsalMs = 1000;

let makers: LineMaker[] = [];
let unsent: Uint8Array[] = [];
let clients: Client[] = [];
let observers: Observer[] = [];
const ended = new Set<number>();
const bytesOfClients = new Float64Array(count + stalled);
let isOn = false;
let sent = 0;
let bytes = 0;
let beganMs = 0;

if (rehearsalPort !== 0) {
  await measure(rehearsalPort, 0, rehearsalMs);
  for (const { socket } of clients) socket.terminate();
}
const result = await measure(port, warmUpMs, seconds * 1000);
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);

async function measure(at: number, warmUp: number, lengthMs: number): Promise<object> {
  await enterRoom(at);
  isOn = true;
  beganMs = performance.now();
  const ticker = pace === 0 ? undefined : setInterval(sendDue, paceTickMs);
  sendDue();
  await Bun.sleep(warmUp);
  for (const { latenciesMs } of observers) latenciesMs.length = 0;
  const arrivedBefore = lines();
  const clockMs = performance.now();
  await Bun.sleep(lengthMs);
  isOn = false;
  clearInterval(ticker);
  const tookMs = performance.now() - clockMs;
  const arrived = lines() - arrivedBefore;
  await waitForQuiet();
  const latenciesMs = observers.flatMap((one) => one.latenciesMs).sort((a, b) => a - b);
  return {
    deliveriesPerSecond: Math.round(arrived / (tookMs / 1000)),
    sent,
    lost: sum((one) => one.missing(makers)) + countUneven(),
    repeated: sum((one) => one.repeated),
    reordered: sum((one) => one.reordered),
    torn: sum((one) => one.torn),
    cutOff: [...ended].filter((index) => index >= count).length,
    gone: [...ended].filter((index) => index < count).length,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
  };
}

/** Connects all clients. A client is recognised by its first line; the room is ready when it is quiet again. */
async function enterRoom(at: number): Promise<void> {
  beganMs = 0;
  sent = 0;
  makers = Array.from({ length: senders }, (_, sender) => new LineMaker(sender, lineBytes, isFramed));
  unsent = Array.from({ length: senders }, () => new Uint8Array(0));
  clients = [];
  for (let index = 0; index < count + stalled; index += 1) {
    if (index % connectedAtOnce === 0) await Bun.sleep(2);
    clients.push(await connect(at, index));
  }
  for (const [index, { socket, sealed }] of clients.entries()) {
    if (sealed === undefined) socket.write(isFramed ? makeHello(index) : "hello\n");
    else {
      sealed.start();
      // A host has 64 handshakes of one address under way at most.
      if (index % handshakesAtOnce === 0) await waitForSessions(index);
    }
  }
  await waitForQuiet();
  for (const client of clients.slice(count)) client.socket.pause();
  observers = clients.flatMap(({ observer }) => observer ?? []);
  ended.clear();
  bytes = 0;
  bytesOfClients.fill(0);
}

async function waitForSessions(last: number): Promise<void> {
  const begun = clients.slice(Math.max(0, last - handshakesAtOnce), last + 1);
  while (!begun.every(({ sealed }) => sealed?.hasSession === true)) await Bun.sleep(1);
}

async function connect(at: number, index: number): Promise<Client> {
  const first = Math.min(senders, count - observersMax);
  const isObserver = index >= first && index < first + observersMax;
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port: at,
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
  const observer = isObserver ? new Observer(lineBytes, senders, timedEvery, isFramed, index) : undefined;
  const write = (piece: Uint8Array): void => void socket.write(piece);
  const sealed = isSealed ? new SealedClient(write, index + 1, makeHello(index)) : undefined;
  return { socket, observer, sealed };
}

/** Waits until no client has received anything for 200 ms. */
async function waitForQuiet(): Promise<void> {
  for (let before = -1; before !== bytes;) {
    before = bytes;
    await Bun.sleep(before === 0 ? 800 : 200);
  }
}

function onReceived(index: number, received: Buffer): void {
  const { sealed, observer } = clients[index] ?? {};
  const plain = sealed?.receive(received, observer !== undefined) ?? received;
  const length = typeof plain === "number" ? plain : plain.length;
  bytes += length;
  bytesOfClients[index]! += length;
  if (beganMs > 0 && typeof plain !== "number") observer?.read(plain);
  if (isOn && pace === 0) sendDue();
}

function sum(of: (observer: Observer) => number): number {
  return observers.reduce((total, one) => total + of(one), 0);
}

function makeHello(index: number): string {
  const fields = { type: "hello", name: `duet${index}`, session: `session${index}`, key: `key${index}` };
  return `duet/1 ${JSON.stringify(fields)}\n`;
}

/**
 * Frames: the clients whose bytes differ from the first observer's. A sender is not sent its own lines, and receipts. Handshakes
 * take so long that the host pings some sealed clients meanwhile.
 */
function countUneven(): number {
  if (!isFramed || isSealed) return 0;
  const expected = bytesOfClients[senders];
  return bytesOfClients.subarray(senders, count).filter((one) => one !== expected).length;
}

/** Lines delivered so far, all clients together. */
function lines(): number {
  // Frames differ in length, since the hub's ids do.
  if (isFramed) return (sum((one) => one.count) / observersMax) * (count - 1);
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
  const { sealed } = clients[sender] ?? {};
  const plain = makers[sender]?.make(share) ?? new Uint8Array(0);
  const made = sealed?.seal(plain) ?? plain;
  const rest = unsent[sender] ?? new Uint8Array(0);
  const all = rest.length === 0 ? made : Buffer.concat([rest, made]);
  const written = Math.max(0, clients[sender]?.socket.write(all) ?? 0);
  unsent[sender] = all.slice(written);
}

function percentile(latenciesMs: readonly number[], part: number): number {
  return Number((latenciesMs[Math.floor(latenciesMs.length * part)] ?? 0).toFixed(2));
}
