/**
 * Several sessions, and raw programs, in one process under one virtual clock, joined by a fake network. The sessions
 * are the real ones, over fake ports.
 */

import type { PortHolder } from "../../src/protocol/sockets/network-error.ts";
import type { FolderProblem } from "../../src/protocol/errors/folder-problem.ts";
import type { Config } from "../../src/chat/config/config.ts";
import type { OpenRequest } from "../../src/chat/config/open-request.ts";
import type { Effect, ScreenRequest } from "../../src/chat/model/effect.ts";
import type { ChatEvent } from "../../src/chat/model/event.ts";
import { type Output, type WordedOutput, wordOutput } from "../../src/chat/model/output.ts";
import type { SessionHandlers } from "../../src/chat/model/session-handlers.ts";
import type { Chat } from "../../src/chat/model/chat.ts";
import type { Peer } from "../../src/chat/model/peer.ts";
import type { ConnectionId, SocketEvent, TransportName } from "../../src/protocol/sockets/socket-event.ts";
import type { Target } from "../../src/protocol/address/target.ts";
import { type BorrowedBytes, copyBytes } from "../../src/protocol/borrowed-bytes.ts";
import { decodeUtf8 } from "../../src/protocol/text/utf8.ts";
import type { PeopleFiles, PortEvents } from "../../src/session/ports.ts";
import { Session } from "../../src/session/session.ts";
import {
  type Announced,
  FakeClock,
  FakeSockets,
  fakeAnnouncements,
  fakeMachine,
  fakePeople,
} from "./fake-ports.ts";
import { FakeReceiving } from "./fake-receiving.ts";
import { FakeEngine } from "./fake-engine.ts";
import { FakeNetwork, type IpEndpoint, loopback, type Node } from "./fake-network.ts";
import { english } from "./words.ts";

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
    expectedKey: undefined,
    password: undefined,
    encrypt: "auto",
    connectTimeoutMs: 10_000,
    idleTimeoutMs: undefined,
    peersMax: 1024,
    allow: [],
    deny: [],
    headless: false,
    isInputTyped: true,
    lingerAfterInputMs: undefined,
    reportMessages: true,
    reportLines: false,
    bytesOnly: false,
    reportCalls: false,
    reportSpans: false,
    reportPayloads: false,
    reportKernel: false,
    keepCalls: true,
    silent: false,
    isOneWay: false,
    ...over,
  };
}

export class World {
  readonly network = new FakeNetwork();
  readonly engine = new FakeEngine((work) => this.run(work));
  nowMs = 1_800_000_000_000;
  readonly #duets: Duet[] = [];
  readonly #work: (() => void)[] = [];
  /** The announcements of this machine's duets. */
  readonly announced: Announced = new Map();
  areAnnouncementsVisible = true;
  folderProblems: readonly FolderProblem[] = [];
  /** What has each port that is in use. */
  portHolder: PortHolder = { holder: "python3 (pid 4711)" };
  /** The addresses of each name that the resolver knows. */
  readonly hostAddresses = new Map<string, readonly string[]>();
  #running = false;
  readonly #later: { readonly atMs: number; readonly work: () => void }[] = [];
  #made = 0;

  duet(over: Partial<Config> = {}, people?: PeopleFiles): Duet {
    const duet = new Duet(this, testConfig(over), this.#made, people);
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

  /** Connects the UDP side of a host of TCP to the room of another duet, so that its tabs show two conversations. */
  connectUdpElsewhere(hub: Duet): void {
    this.hub({ name: "dora" }, "udp");
    hub.open({ role: "connect", target: homeTarget }, "udp");
    hub.dispatch({ type: "switched", to: "tcp" });
  }

  /** A duet that connected to 127.0.0.1:8080 as to a duet. */
  member(name: string, transport: TransportName = "tcp", over: Partial<Config> = {}): Duet {
    const member = this.duet({ name, duet: true, ...over });
    member.open({ role: "connect", target: homeTarget }, transport);
    return member;
  }

  program(transport: TransportName = "tcp"): Program {
    return new Program(this, transport);
  }

  /** Queues work behind the current work, and runs the whole queue. */
  run(work: () => void): void {
    this.#work.push(work);
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#work.shift(); next !== undefined; next = this.#work.shift()) next();
    this.#running = false;
  }

  /** The wall clock of all duets; a test may let it step. */
  readWallMs: () => number = () => this.nowMs;

  /** Runs work once time has passed; work for the same time in the order of the calls. */
  after(ms: number, work: () => void): void {
    const atMs = this.nowMs + Math.ceil(ms);
    let index = this.#later.length;
    while (index > 0 && this.#later[index - 1]!.atMs > atMs) index -= 1;
    this.#later.splice(index, 0, { atMs, work });
  }

  /** Removes a duet as a crash does: without a FIN or a goodbye. */
  remove(duet: Duet): void {
    duet.remove();
    this.network.vanish(duet);
    this.#duets.splice(this.#duets.indexOf(duet), 1);
  }

  /** Lets time pass: each deadline is met at its own time. */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (;;) {
      let due = this.#later[0]?.atMs ?? Number.POSITIVE_INFINITY;
      for (const { dueMs } of this.#duets) due = Math.min(due, dueMs ?? due);
      if (due > untilMs) break;
      // Clocks count whole milliseconds.
      this.nowMs = Math.max(this.nowMs, Math.ceil(due));
      while ((this.#later[0]?.atMs ?? Number.POSITIVE_INFINITY) <= this.nowMs)
        this.run(this.#later.shift()!.work);
      for (const duet of [...this.#duets])
        if ((duet.dueMs ?? Number.POSITIVE_INFINITY) <= this.nowMs) duet.wake();
    }
    this.nowMs = untilMs;
  }
}

export class Duet implements Node {
  readonly session: Session;
  readonly unwordedOutputs: Output[] = [];
  /** The outputs, worded in English. */
  readonly outputs: WordedOutput[] = [];
  readonly returnedLines: string[] = [];
  readonly screenRequests: ScreenRequest[] = [];
  /** The effects that the session executed. */
  readonly sent: Effect[] = [];
  /** The address of its UDP socket when it connects; another machine's, if a test sets one. */
  address = "127.0.0.1";
  /** Set once it has left. */
  exitCode: number | undefined;
  readonly #world: World;
  readonly #clock: FakeClock;
  readonly #receiving: FakeReceiving;
  readonly #sockets: FakeSockets;
  #events: PortEvents | undefined;
  /** True inside a call of the session: events of its own sockets reach it at once, as real ones do. */
  #isInside = false;
  /** Connections whose end the session knows: no further event is reported for them. */
  readonly #ended = new Set<ConnectionId>();
  #isRemoved = false;
  #isAsleep = false;
  /** Work that arrived while the process was stopped. */
  readonly #suspended: (() => void)[] = [];
  /** Its identity and those that it knows; another duet of one person shares them. */
  readonly people: PeopleFiles;

  constructor(world: World, config: Config, number: number, people = fakePeople(number)) {
    this.people = people;
    this.#world = world;
    const later = (work: () => void): void => this.#do(work);
    this.#clock = new FakeClock(
      () => world.nowMs,
      () => world.readWallMs(),
      later,
    );
    this.#receiving = new FakeReceiving(this.#clock, world.network, (transport, event) =>
      this.#emit(transport, event),
    );
    this.#sockets = new FakeSockets(this, world.network, this.#receiving);
    this.session = new Session(config, this.#handlers(), (events) => {
      this.#events = events;
      return {
        people: this.people,
        identity: {
          session: `session-${String(number).padStart(16, "0")}`,
          secret: `secret-${number}`,
          seed: new Uint8Array(32).fill(number + 1),
        },
        clock: this.#clock,
        sockets: this.#sockets,
        announcements: fakeAnnouncements(world, later),
        lan: { perform: () => {} },
        engine:
          config.sharedRoom &&
          world.engine.connect((event) => later(() => events.onEngineEvent(event)), config.password),
        machine: fakeMachine(world, later),
        onEffect: (effect) => this.sent.push(copyEffect(effect)),
      };
    });
  }

  #handlers(): SessionHandlers {
    return {
      onOutput: (output) => {
        const copy = copyOutput(output);
        this.unwordedOutputs.push(copy);
        this.outputs.push(wordOutput(copy, english.word));
      },
      onUnsentText: (text) => this.returnedLines.push(text),
      onShowHelp: () => {},
      onScreenRequest: (request) => this.screenRequests.push(request),
      onChange: () => {},
      onExit: (code) => {
        this.exitCode = code;
      },
    };
  }

  get chat(): Chat {
    return this.session.chat;
  }

  /** The time at which its session is to be woken. */
  get dueMs(): number | undefined {
    return this.#isAsleep ? undefined : this.#clock.dueMs;
  }

  wake(): void {
    this.#clock.now();
    this.#clock.wakeAt(undefined);
    this.#do(() => this.#events?.onWake());
  }

  /** Stops the process, as Ctrl-Z does: the kernel keeps what arrives. */
  suspend(): void {
    this.#isAsleep = true;
  }

  resume(): void {
    this.#isAsleep = false;
    // All of it before anything that it causes.
    this.#world.run(() => {
      for (const work of this.#suspended.splice(0)) this.#do(work);
    });
  }

  open(request: OpenRequest, transport: TransportName = "tcp"): void {
    this.#do(() => this.session.start(transport, request));
  }

  pair(transport: TransportName = "tcp"): void {
    this.open({ role: "pair", target: homeTarget }, transport);
  }

  say(text: string): void {
    // A second slash makes it text, not a command.
    this.#do(() => this.session.submit(text.startsWith("/") ? `/${text}` : text));
  }

  /** Says each line as a message of its own, at once. */
  sayAll(lines: readonly string[]): void {
    this.#do(() => lines.forEach((line) => this.session.submit(line)));
  }

  /** Enter in the composer with this text. */
  submit(text: string): void {
    this.#do(() => this.session.submit(text));
  }

  /** Standard input of these lines. */
  pipeLines(text: string): void {
    this.#do(() => this.session.enqueueText(text));
  }

  pipe(text: string): void {
    this.#do(() => this.session.enqueueBytes(Buffer.from(text)));
  }

  endInput(): void {
    this.#do(() => this.session.endInput());
  }

  command(line: string): void {
    this.dispatch({ type: "commanded", line });
  }

  quit(): void {
    this.#do(() => this.session.quit(0));
  }

  dispatch(event: ChatEvent): void {
    this.#do(() => this.session.dispatch(event));
  }

  onEvent(transport: TransportName, event: SocketEvent): void {
    if (this.#isInside) this.#report(transport, event);
    else this.#do(() => this.#report(transport, event));
  }

  receiveLater(work: () => void): void {
    this.#do(work);
  }

  #report(transport: TransportName, event: SocketEvent): void {
    if ("connection" in event && event.connection !== undefined && this.#ended.has(event.connection)) return;
    this.#receiving.onEvent(transport, event);
  }

  #emit(transport: TransportName, event: SocketEvent): void {
    if ("connection" in event && event.connection !== undefined && this.#ended.has(event.connection)) return;
    if (event.type === "disconnected") this.#ended.add(event.connection);
    this.#events?.onSocketEvent(transport, event);
    if (event.type === "disconnected" && transport === "tcp") this.#sockets.tcpDisconnected();
  }

  /** Queues work for the session behind all current work, of any duet. */
  #do(work: () => void): void {
    this.#world.run(() => {
      if (this.#isRemoved) return;
      if (this.#isAsleep) return void this.#suspended.push(work);
      this.#isInside = true;
      work();
      this.#isInside = false;
    });
  }

  /** After this it runs no more work, as after a crash. */
  remove(): void {
    this.#isRemoved = true;
    this.#clock.wakeAt(undefined);
  }

  /** The entries of the conversation, one line each: messages as `<name> text`, notices as they are. */
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

  /** The entries of both tabs, those of one room that both show once. */
  allLines(): readonly string[] {
    const { tcp, udp } = this.chat.sides;
    return tcp.conversation === udp.conversation
      ? this.lines("tcp")
      : [...this.lines("tcp"), ...this.lines("udp")];
  }

  /** Received messages, as `<name> text`. */
  receivedLines(transport?: TransportName): readonly string[] {
    return this.outputs.flatMap((output) =>
      output.type === "message" &&
      output.direction === "in" &&
      (transport === undefined || output.transport === transport)
        ? [`<${output.name}> ${output.text}`]
        : [],
    );
  }

  /** Changes of state of the side or of its peers, as `CLOSED → LISTEN`. */
  states(transport: TransportName = "tcp"): readonly string[] {
    return this.outputs.flatMap((output) =>
      output.type === "state" && output.transport === transport ? [`${output.from} → ${output.to}`] : [],
    );
  }

  /** Errors, by code and sentence. */
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

  /** The names and addresses that a hub sent. */
  peerNames(): readonly string[] {
    return [...this.chat.peers.values()].flatMap((peer) => [
      peer.identity.name,
      ...[...peer.hostRoom.members.values()].flatMap(({ name, address }) => [name, address ?? ""]),
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

/** A raw program, or a peer whose bytes a test writes. */
export class Program implements Node {
  readonly #world: World;
  readonly #transport: TransportName;
  readonly local: IpEndpoint;
  /**
   * Received chunks that are not decoded yet: of a large room few are ever looked at. The network makes a copy for each
   * receiver.
   */
  readonly #undecoded: BorrowedBytes[] = [];
  #received = "";
  readonly #datagrams: string[] = [];
  readonly eventTypes: string[] = [];
  connection: ConnectionId | undefined;

  constructor(world: World, transport: TransportName) {
    this.#world = world;
    this.#transport = transport;
    this.local = loopback(world.network.takePort());
  }

  onEvent(_transport: TransportName, event: SocketEvent): void {
    if (event.type === "called") return;
    this.eventTypes.push(event.type);
    if (event.type === "connected") this.connection = event.connection;
    if (event.type === "received") this.#undecoded.push(event.bytes);
  }

  /** All received bytes, joined. */
  get received(): string {
    this.#decode();
    return this.#received;
  }

  /** Set to "" to look only at what is received later. */
  set received(text: string) {
    this.#decode();
    this.#received = text;
  }

  /** One string for each chunk: over UDP for each datagram. */
  get datagrams(): readonly string[] {
    this.#decode();
    return this.#datagrams;
  }

  #decode(): void {
    for (const bytes of this.#undecoded.splice(0)) {
      const text = decodeUtf8(bytes);
      this.#received += text;
      this.#datagrams.push(text);
    }
  }

  listen(local: IpEndpoint = home): this {
    if (this.#transport === "tcp") this.#world.network.listenTcp(this, local);
    else this.#world.network.bindUdp(this, local);
    return this;
  }

  connect(from: IpEndpoint = this.local, to: IpEndpoint = home): this {
    const { network } = this.#world;
    this.#world.run(() => {
      if (this.#transport === "tcp") network.connectTcp(this, to, from);
      else {
        network.bindUdp(this, from);
        network.associate(this, to);
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

/** An effect with bytes of its own, since the buffers of lent bytes are used again by the next event. */
function copyEffect(effect: Effect): Effect {
  if (effect.type === "publish" || effect.type === "send-lent")
    return { ...effect, payload: copyBytes(effect.payload) };
  return effect.type === "report" ? { ...effect, output: copyOutput(effect.output) } : effect;
}

function copyOutput(output: Output): Output {
  return output.type === "lines" ? { ...output, bytes: copyBytes(output.bytes) } : output;
}
