/**
 * Several chat cores in one process under one virtual clock, joined by a fake network; and raw programs among
 * them. What the session does with real sockets is done here with none.
 */

import { InputQueue } from "../../src/chat/input-queue.ts";
import type { Chat } from "../../src/chat/model/chat.ts";
import type { Effect, ScreenRequest } from "../../src/chat/model/effect.ts";
import type { ChatEvent } from "../../src/chat/model/event.ts";
import { createChat } from "../../src/chat/model/new-chat.ts";
import type { Output } from "../../src/chat/model/output.ts";
import type { Peer } from "../../src/chat/model/peer.ts";
import { mustWait } from "../../src/chat/outbound/recipients.ts";
import type { Config } from "../../src/chat/config/config.ts";
import type { FoundDuet, OpenRequest } from "../../src/chat/config/open-request.ts";
import { update } from "../../src/chat/update.ts";
import { formatEndpoint, ipEndpoint } from "../../src/protocol/address/endpoint.ts";
import type { NetworkError } from "../../src/protocol/sockets/network-error.ts";
import type {
  ConnectionId,
  Hearers,
  SocketEvent,
  TransportName,
} from "../../src/protocol/sockets/socket-event.ts";
import type { Target } from "../../src/protocol/address/target.ts";
import { english } from "../../src/words/en.ts";
import { FakeNetwork, type IpEndpoint, type Node, loopback } from "./fake-network.ts";

export const home = loopback(8080);
export const homeTarget: Target = { kind: "ip", host: "127.0.0.1", port: 8080 };

export function testConfig(over: Partial<Config> = {}): Config {
  return {
    words: english,
    name: "ann",
    raw: false,
    duet: false,
    crlf: false,
    telnet: false,
    connectTimeoutMs: 10_000,
    idleTimeoutMs: undefined,
    peersMax: 1024,
    allow: [],
    deny: [],
    headless: false,
    lingerAfterInputMs: undefined,
    tellMessages: true,
    tellLines: false,
    bytesOnly: false,
    tellCalls: false,
    tellCarried: false,
    tellPayloads: false,
    tellKernel: false,
    keepCalls: true,
    silent: false,
    ...over,
  };
}

export class World {
  readonly network = new FakeNetwork();
  nowMs = 1_800_000_000_000;
  readonly #duets: Duet[] = [];
  readonly #work: (() => void)[] = [];
  /** Of this machine's duets; `false`: as another user's, who cannot see them. */
  readonly announced = new Map<string, FoundDuet & { readonly transport: TransportName }>();
  announcementsSeen = true;
  #running = false;
  readonly #later: { readonly atMs: number; readonly work: () => void }[] = [];
  #made = 0;

  duet(over: Partial<Config> = {}): Duet {
    const duet = new Duet(this, testConfig(over), this.#made);
    this.#made += 1;
    this.#duets.push(duet);
    return duet;
  }

  /** A duet that listens at 127.0.0.1:8080. */
  hub(over: Partial<Config> = {}, transport: TransportName = "tcp"): Duet {
    const hub = this.duet({ name: "hub", ...over });
    hub.open({ role: "listen", target: homeTarget }, transport);
    return hub;
  }

  /** A duet that went to 127.0.0.1:8080 and knows that a duet is there. */
  member(name: string, transport: TransportName = "tcp", over: Partial<Config> = {}): Duet {
    const member = this.duet({ name, duet: true, ...over });
    member.open({ role: "connect", target: homeTarget }, transport);
    return member;
  }

  program(transport: TransportName = "tcp"): Program {
    return new Program(this, transport);
  }

  /** Queues work for after what runs now, and runs all there is. */
  run(work: () => void): void {
    this.#work.push(work);
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#work.shift(); next !== undefined; next = this.#work.shift()) next();
    this.#running = false;
  }

  /** Does something later, when time passes; of two things at the same moment the first one that was asked for. */
  after(ms: number, work: () => void): void {
    const atMs = this.nowMs + Math.ceil(ms);
    let index = this.#later.length;
    while (index > 0 && this.#later[index - 1]!.atMs > atMs) index -= 1;
    this.#later.splice(index, 0, { atMs, work });
  }

  /** Takes a duet out of the world, as a crash does: it is heard no more, and says nothing. */
  remove(duet: Duet): void {
    this.network.vanish(duet);
    this.#duets.splice(this.#duets.indexOf(duet), 1);
  }

  /** Lets time pass: each deadline is met at its own moment. */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (;;) {
      let due = this.#later[0]?.atMs ?? Number.POSITIVE_INFINITY;
      for (const { chat } of this.#duets) due = Math.min(due, chat.timers.earliestMs ?? due);
      if (due > untilMs) break;
      // Clocks tell whole milliseconds.
      this.nowMs = Math.max(this.nowMs, Math.ceil(due));
      while ((this.#later[0]?.atMs ?? Number.POSITIVE_INFINITY) <= this.nowMs)
        this.run(this.#later.shift()!.work);
      for (const duet of [...this.#duets])
        if ((duet.chat.timers.earliestMs ?? Number.POSITIVE_INFINITY) <= this.nowMs)
          duet.dispatch({ type: "time-reached" });
    }
    this.nowMs = untilMs;
  }
}

export class Duet implements Node {
  readonly chat: Chat;
  readonly outputs: Output[] = [];
  readonly givenBack: string[] = [];
  readonly screenRequests: ScreenRequest[] = [];
  readonly sent: Effect[] = [];
  readonly events: { readonly event: ChatEvent; readonly atMs: number }[] = [];
  /** Where its UDP socket is when it connects: another machine than the hub's, if a test says so. */
  address = "127.0.0.1";
  /** Set once it has left. */
  exitCode: number | undefined;
  readonly #world: World;
  readonly #input = new InputQueue();
  readonly #open = new Set<TransportName>();
  #pumping = false;

  constructor(world: World, config: Config, number: number) {
    this.#world = world;
    this.chat = createChat(config, `session-${String(number).padStart(16, "0")}`, `secret-${number}`);
  }

  open(request: OpenRequest, transport: TransportName = "tcp"): void {
    this.dispatch({ type: "started", transport, request });
  }

  pair(transport: TransportName = "tcp"): void {
    this.open({ role: "pair", target: homeTarget }, transport);
  }

  say(text: string): void {
    this.#input.addText(text);
    this.#pump();
  }

  pipe(text: string): void {
    this.#input.addBytes(Buffer.from(text));
    this.#pump();
  }

  endInput(): void {
    this.#input.addEnd();
    this.#pump();
  }

  command(line: string): void {
    this.dispatch({ type: "commanded", line });
  }

  quit(): void {
    this.dispatch({ type: "quit-asked", code: 0, reason: "left" });
  }

  onEvent(transport: TransportName, event: SocketEvent): void {
    const over = event.type === "disconnected" && transport === "tcp" && this.#wentTo(event.connection);
    this.dispatch({ type: "socket", transport, event });
    if (over) this.#stopped("tcp");
  }

  #wentTo(connection: ConnectionId): boolean {
    return this.chat.peers.get(connection)?.link.isInbound === false;
  }

  /** A transport says once that it is over; a connecting one does so by itself when its connection is. */
  #stopped(transport: TransportName): void {
    if (this.#open.delete(transport)) this.onEvent(transport, { type: "stopped" });
  }

  dispatch(event: ChatEvent): void {
    this.#world.run(() => {
      this.#apply(event);
      this.#pump();
    });
  }

  #apply(event: ChatEvent): void {
    this.events.push({ event, atMs: this.#world.nowMs });
    for (const effect of update(this.chat, event, this.#world.nowMs)) this.#carryOut(kept(effect));
  }

  /** Lets one line out, and the next one once all that the sockets answered is taken in, as the session does. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#world.run(() => {
      this.#pumping = false;
      const next =
        this.#input.isEmpty || mustWait(this.chat)
          ? undefined
          : this.#input.next(this.chat.focus.active === "tcp");
      if (next !== undefined) {
        this.#apply(next);
        this.#pump();
      }
      if (this.#input.lines !== this.chat.input.waitingLines)
        this.#apply({ type: "held", lines: this.#input.lines });
    });
  }

  #carryOut(effect: Effect): void {
    const { network } = this.#world;
    this.sent.push(effect);
    switch (effect.type) {
      case "listen":
        return this.#listen(effect.transport, effect.target);
      case "connect":
        return this.#connect(effect.transport, effect.target);
      case "send":
        return this.#send(effect.transport, effect.connections, effect.payload);
      case "broadcast":
        return this.#broadcast(effect.hearers, effect.but, effect.payload);
      case "shutdown":
        return network.shutdownTcp(effect.connection);
      case "close":
        return effect.transport === "tcp"
          ? network.closeTcp(effect.connection, effect.how)
          : network.closeUdp(effect.connection);
      case "stop":
        network.stop(this, effect.transport);
        return this.#stopped(effect.transport);
      case "read-announcements":
        return this.#readAnnouncements(effect.transport);
      case "announce":
        this.#world.announced.set(`${effect.transport} ${formatEndpoint(effect.local)}`, {
          transport: effect.transport,
          endpoint: effect.local,
          name: this.chat.self.name,
        });
        return;
      case "read-peers":
      case "hold":
      case "look":
        return;
      case "read-peer":
        return network.setReading(effect.connection, effect.reading);
      case "withdraw":
        return this.#withdraw(effect.transport);
      case "find-port-holder":
        return this.#findHolder(effect.transport, effect.error);
      case "find-subnets": {
        const subnets = { broadcasts: ["192.0.2.255", "198.51.100.255"], ours: ["192.0.2.7", "127.0.0.1"] };
        return this.dispatch({ type: "subnets-found", wish: effect.wish, subnets });
      }
      case "broadcast-datagram":
      case "lan":
      case "make-trouble":
        return;
      case "tell":
        this.outputs.push(effect.output);
        return;
      case "give-back":
        this.givenBack.push(effect.text, ...this.#input.takeAllText());
        return;
      case "show-help":
        return;
      case "ask-screen":
        this.screenRequests.push(effect.request);
        return;
      case "exit":
        this.exitCode = effect.code;
        return;
    }
  }

  #listen(transport: TransportName, target: Target): void {
    const local = endpointOf(target);
    const { network } = this.#world;
    this.#open.add(transport);
    const taken = transport === "tcp" ? network.listenTcp(this, local) : network.bindUdp(this, local);
    if (taken) return this.onEvent(transport, { type: "listening", local });
    const call = transport === "tcp" ? "listen" : "bind";
    const error = { code: "EADDRINUSE", call, target: formatEndpoint(local), transport } as const;
    this.onEvent(transport, { type: "failed", error });
    this.#stopped(transport);
  }

  #connect(transport: TransportName, target: Target): void {
    const { network } = this.#world;
    const to = endpointOf(target);
    this.#open.add(transport);
    if (transport === "udp") {
      const local = { ...loopback(network.takePort()), address: this.address };
      network.bindUdp(this, local);
      this.onEvent("udp", { type: "listening", local });
      return void network.associate(this, to);
    }
    this.onEvent("tcp", { type: "connecting", target: formatEndpoint(to) });
    if (network.connectTcp(this, to) !== undefined) return;
    const error = { code: "ECONNREFUSED", call: "connect", target: formatEndpoint(to) } as const;
    this.onEvent("tcp", { type: "failed", error: { ...error, transport } });
    this.#stopped("tcp");
  }

  #send(transport: TransportName, connections: readonly ConnectionId[], payload: Uint8Array): void {
    const { network } = this.#world;
    for (const connection of connections) {
      const result =
        transport === "tcp" ? network.sendTcp(connection, payload) : network.sendUdp(connection, payload);
      if (result === "full" || result === "closed")
        this.dispatch({ type: "send-refused", connection, why: result, bytes: payload.length });
    }
  }

  #broadcast({ list, size }: Hearers, but: ConnectionId | undefined, payload: Uint8Array): void {
    for (const connection of list.slice(0, size)) {
      if (connection === but || this.#world.network.sendTcp(connection, payload) !== "full") continue;
      this.onEvent("tcp", { type: "overflowed", connection, bytes: payload.length });
    }
  }

  #readAnnouncements(transport: TransportName): void {
    const all = this.#world.announcementsSeen ? [...this.#world.announced.values()] : [];
    const found = all.filter((one) => one.transport === transport);
    this.dispatch({ type: "announcements-read", transport, found });
  }

  #withdraw(transport: TransportName): void {
    const {
      socket: { local },
    } = this.chat.sides[transport];
    if (local !== undefined) this.#world.announced.delete(`${transport} ${formatEndpoint(local)}`);
  }

  #findHolder(transport: TransportName, error: NetworkError): void {
    const holder = "python3 (pid 4711)";
    this.dispatch({ type: "port-holder-found", transport, error: { ...error, holder } });
  }

  /** What the conversation shows, one line each: messages as `<name> text`, notices as they are. */
  lines(transport: TransportName = "tcp"): readonly string[] {
    const {
      conversation: { scrollback },
    } = this.chat.sides[transport];
    const lines: string[] = [];
    for (let index = 0; index < scrollback.length; index += 1) {
      const entry = scrollback.at(index);
      if (entry?.kind === "message") lines.push(`<${entry.name}> ${entry.text}`);
      else if (entry !== undefined) lines.push(entry.text);
    }
    return lines;
  }

  /** Messages heard, as `<name> text`. */
  heard(transport?: TransportName): readonly string[] {
    return this.outputs.flatMap((output) =>
      output.type === "message" &&
      output.direction === "in" &&
      (transport === undefined || output.transport === transport)
        ? [`<${output.name}> ${output.text}`]
        : [],
    );
  }

  /** `CLOSED → LISTEN` and so on, of the side itself or of its peers. */
  states(transport: TransportName = "tcp"): readonly string[] {
    return this.outputs.flatMap((output) =>
      output.type === "state" && output.transport === transport ? [`${output.from} → ${output.to}`] : [],
    );
  }

  /** Problems, by code and sentence. */
  errors(): readonly string[] {
    return this.outputs.flatMap((output) =>
      output.type === "error" ? [`${output.code} ${output.message}`] : [],
    );
  }

  /** Notices, with their hints. */
  notices(): readonly string[] {
    return this.outputs.flatMap((output) =>
      output.type === "notice"
        ? [output.hint === undefined ? output.text : `${output.text}; ${output.hint}`]
        : [],
    );
  }

  /** Names and addresses as a hub told them. */
  peerNames(): readonly string[] {
    return [...this.chat.peers.values()].flatMap((peer) => [
      peer.identity.name,
      ...[...peer.hubRoom.members.values()].flatMap(({ name, address }) => [name, address ?? ""]),
    ]);
  }

  memberNames(): readonly string[] {
    return [...this.chat.room.members.values()].map(({ name }) => name);
  }

  peer(index = 0): Peer {
    const peer = [...this.chat.peers.values()][index];
    if (peer === undefined)
      throw new Error(`there is no peer ${index}: ${this.lines().join(" | ").slice(0, 500)}`);
    return peer;
  }
}

/** A program that is no duet, or one whose bytes a test writes by hand. */
export class Program implements Node {
  readonly #world: World;
  readonly #transport: TransportName;
  readonly local: IpEndpoint;
  /** All that came, joined; over UDP one datagram each in `datagrams`. */
  received = "";
  readonly datagrams: string[] = [];
  readonly happened: string[] = [];
  connection: ConnectionId | undefined;

  constructor(world: World, transport: TransportName) {
    this.#world = world;
    this.#transport = transport;
    this.local = loopback(world.network.takePort());
  }

  onEvent(_transport: TransportName, event: SocketEvent): void {
    if (event.type === "called") return;
    this.happened.push(event.type);
    if (event.type === "connected") this.connection = event.connection;
    if (event.type !== "received") return;
    const text = new TextDecoder().decode(event.bytes);
    this.received += text;
    this.datagrams.push(text);
  }

  listen(): this {
    if (this.#transport === "tcp") this.#world.network.listenTcp(this, home);
    else this.#world.network.bindUdp(this, home);
    return this;
  }

  connect(from: IpEndpoint = this.local): this {
    const { network } = this.#world;
    this.#world.run(() => {
      if (this.#transport === "tcp") network.connectTcp(this, home, from);
      else {
        network.bindUdp(this, from);
        network.associate(this, home);
      }
    });
    return this;
  }

  send(data: string | Uint8Array): this {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    this.#world.run(() => {
      if (this.connection === undefined) throw new Error("not connected");
      if (this.#transport === "tcp") this.#world.network.sendTcp(this.connection, bytes);
      else this.#world.network.sendUdp(this.connection, bytes);
    });
    return this;
  }

  fin(): this {
    this.#world.run(() => this.connection !== undefined && this.#world.network.shutdownTcp(this.connection));
    return this;
  }

  close(how: "flush" | "reset" = "flush"): this {
    this.#world.run(
      () => this.connection !== undefined && this.#world.network.closeTcp(this.connection, how),
    );
    return this;
  }

  setReading(reading: boolean): void {
    this.#world.run(
      () => this.connection !== undefined && this.#world.network.setReading(this.connection, reading),
    );
  }
}

/** With bytes of its own: what an effect carries may be used again for the next event, of whatever chat here. */
function kept(effect: Effect): Effect {
  if (effect.type === "broadcast") return { ...effect, payload: new Uint8Array(effect.payload) };
  if (effect.type !== "tell" || effect.output.type !== "lines") return effect;
  return { ...effect, output: { ...effect.output, bytes: new Uint8Array(effect.output.bytes) } };
}

function endpointOf(target: Target): IpEndpoint {
  if (target.kind === "unix") throw new Error("the fake network has no paths");
  return ipEndpoint(target.host, target.port) as IpEndpoint;
}
