/**
 * The event queue between the ports and the chat: each event is applied and its effects are performed before the next
 * one. The session itself decides, prints and opens nothing.
 */

import { type BorrowedBytes, copyBytes } from "../protocol/borrowed-bytes.ts";
import type { Endpoint } from "../protocol/address/endpoint.ts";
import { getDestination } from "../chat/commands/private-line.ts";
import { InputQueue } from "../chat/input-queue.ts";
import type { Chat } from "../chat/model/chat.ts";
import type { BroadcastWish, Effect, PersonEffect } from "../chat/model/effect.ts";
import type { ChatEvent } from "../chat/model/event.ts";
import { findFalseSlash, isCommandLine, isPathCommand } from "../chat/commands/command-table.ts";
import { createChat } from "../chat/model/new-chat.ts";
import type { SessionHandlers } from "../chat/model/session-handlers.ts";
import { isReadPaused } from "../chat/outbound/read-pause.ts";
import { canReconnect, isRawStream, listRecipients, mustInputWait } from "../chat/outbound/recipients.ts";
import type { Config } from "../chat/config/config.ts";
import type { OpenRequest } from "../chat/config/open-request.ts";
import { update } from "../chat/update.ts";
import { copyEvent } from "../chat/copy-event.ts";
import { Outgoing, findAddress } from "./outgoing.ts";
import { typedLinesPerTurn } from "../protocol/limits.ts";
import { showControls } from "../protocol/text/text.ts";
import type { Target } from "../protocol/address/target.ts";
import type { OpenPorts, PortEvents, Ports } from "./ports.ts";
import {
  type Called,
  type SocketEvent,
  type TransportName,
  expandCalls,
} from "../protocol/sockets/socket-event.ts";
import { type Sentence, sentence } from "../words/sentences/sentence.ts";
import type { LookPurpose } from "../chat/records/kernel-look.ts";

export class Session {
  readonly chat: Chat;
  readonly #handlers: SessionHandlers;
  readonly #areCallsWanted: boolean;
  readonly #inbox: ChatEvent[] = [];
  readonly #input = new InputQueue();
  readonly #ports: Ports;
  readonly #outgoing: Outgoing;
  #isRunning = false;
  #hasMoreInput = false;
  #isSettling = false;
  /** What was returned to the composer last, until the next line is submitted. */
  #returned: string | undefined;
  #inputRoomWaiters: (() => void)[] = [];

  constructor(config: Config, handlers: SessionHandlers, openPorts: OpenPorts) {
    this.#handlers = handlers;
    this.#areCallsWanted = config.keepCalls || config.reportCalls || handlers.onCall !== undefined;
    const events: PortEvents = {
      onSocketEvent: (transport, event) => this.#onSocketEvent(transport, event),
      onImpairmentCounted: (counts) => this.dispatch({ type: "impairment-counted", counts }),
      onLanEvent: (event) => this.dispatch({ type: "lan", event }),
      onEngineEvent: (event) => this.dispatch({ type: "engine", event }),
      onWake: () => this.dispatch({ type: "time-reached" }),
    };
    this.#ports = openPorts(events, config);
    const { identity, people, sockets, engine } = this.#ports;
    this.chat = createChat(config, identity.session, identity.secret, identity.seed, people, engine?.hub);
    this.#outgoing = new Outgoing(this.chat, sockets, handlers.onWire, (event) => this.#inbox.push(event));
  }

  /** Opens the transport that the command line requested. */
  start(transport: TransportName, request: OpenRequest): void {
    this.dispatch({ type: "started", transport, request });
  }

  /** Applies an event. An event that arrives while another is applied is queued. */
  dispatch(event: ChatEvent): void {
    if (this.#isRunning) this.#inbox.push(event);
    else this.#run(event);
  }

  /**
   * Runs a command from the composer, or enqueues its text as one message (`//` begins it with a literal slash). An
   * empty line is a newline for raw stream peers, and nothing without one.
   */
  submit(text: string): void {
    const returned = this.#returned;
    this.#returned = undefined;
    if (returned !== undefined && this.#submitReturned(text, returned)) return;
    this.#submit(text);
  }

  /**
   * The composer holds a line that was returned: Enter connects again and sends it, and `/reconnect`, written before
   * or behind it, connects and returns it. False if it is neither.
   */
  #submitReturned(text: string, returned: string): boolean {
    if (!canReconnect(this.chat)) return false;
    const isReconnect = addReconnect(returned).includes(text);
    if (!isReconnect && text !== returned) return false;
    this.dispatch({ type: "commanded", line: "/reconnect" });
    if (isReconnect) this.#returnText(returned, true);
    else this.#submit(text);
    return true;
  }

  #submit(written: string): void {
    const { room, sides, focus } = this.chat;
    // What is hidden in a paste is sent as it is shown, but for a raw connection.
    const text = sides[focus.active].isRaw || isPathCommand(written) ? written : showControls(written);
    if (isCommandLine(text) || findFalseSlash(text) !== undefined)
      return this.dispatch({ type: "commanded", line: text });
    if (isBlank(text) && !listRecipients(room, sides[focus.active]).some(isRawStream)) return;
    this.#input.addMessage(text.startsWith("//") ? text.slice(1) : text, getDestination(this.chat));
    this.#run();
  }

  /** Enqueues text to send, one line for each newline, after the lines that wait already. */
  enqueueText(text: string): void {
    this.#input.addText(text);
    this.#run();
  }

  /**
   * Enqueues the bytes of one line, without its newline, that may be no UTF-8 or end in CR: raw peers receive them and a
   * newline. The session owns them from then on.
   */
  enqueueLine(bytes: Uint8Array): void {
    this.#input.addLine(bytes);
    this.#run();
  }

  /** Sends bytes of standard input unchanged, or enqueues a copy if they must wait. */
  enqueueBytes(bytes: BorrowedBytes): void {
    const mustWait =
      this.#isRunning || !this.#input.isEmpty || mustInputWait(this.chat, { nextBytes: bytes.length });
    if (!mustWait) return this.#run({ type: "piped", bytes });
    this.#input.addBytes(copyBytes(bytes));
    this.#run();
  }

  /** Enqueues the end of standard input. */
  endInput(): void {
    this.#input.addEnd();
    this.#run();
  }

  /** Resolves when all input enqueued before has been sent on, so that a fast input waits for a slow peer. */
  waitForInputRoom(): Promise<void> {
    if (this.#input.isEmpty && !mustInputWait(this.chat, this.#input)) return Promise.resolve();
    return new Promise((resolve) => this.#inputRoomWaiters.push(resolve));
  }

  /** Standard output is backlogged, or has room again: reading from peers is paused meanwhile. */
  setOutputPaused(paused: boolean): void {
    if (paused !== this.chat.pausedBy.has("stdout")) this.dispatch({ type: "output-paused", paused });
  }

  /** Leaves with goodbyes; `onExit` is called at the end. */
  quit(code: number, reason: Sentence = sentence("quit")): void {
    this.#ports.sockets.reportImpairment();
    this.dispatch({ type: "quit-requested", code, reason });
  }

  /** Removes our announcements, for an exit that cannot wait. */
  removeAnnouncements(): void {
    this.#ports.announcements.removeAll();
  }

  #run(first?: ChatEvent): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    let lines = 0;
    if (first !== undefined) this.#apply(first);
    for (;;) {
      const event =
        this.#nextEvent() ??
        (lines < typedLinesPerTurn ? this.#nextInput() : undefined) ??
        this.#findWaitingLinesChange();
      if (event === undefined) break;
      if (event.type === "typed" || event.type === "piped") lines += 1;
      this.#apply(event);
    }
    this.#isRunning = false;
    if (lines >= typedLinesPerTurn) this.#hasMoreInput = true;
    if (this.#isSettling) return;
    this.#isSettling = true;
    this.#ports.clock.runLater(() => this.#settle());
  }

  /** The length is checked first, since `shift` costs more than most events. */
  #nextEvent(): ChatEvent | undefined {
    return this.#inbox.length === 0 ? undefined : this.#inbox.shift();
  }

  #apply(event: ChatEvent): void {
    const { clock } = this.#ports;
    for (const effect of update(this.chat, event, clock.now(), clock.readWall())) this.#perform(effect);
  }

  #nextInput(): ChatEvent | undefined {
    if (this.#input.isEmpty || mustInputWait(this.chat, this.#input)) return undefined;
    const { focus, sides } = this.chat;
    return this.#input.next(focus.active === "tcp" || sides[focus.active].isRaw);
  }

  /** The event that reports a changed number of waiting lines, if it has changed. */
  #findWaitingLinesChange(): ChatEvent | undefined {
    const { lines } = this.#input;
    return lines === this.chat.input.waitingLines ? undefined : { type: "lines-waiting", lines };
  }

  /** Runs once for all events of a turn of the loop, which may be thousands of datagrams. */
  #settle(): void {
    this.#isSettling = false;
    if (this.chat.exit.isDone) return;
    if (this.#hasMoreInput) {
      this.#hasMoreInput = false;
      this.#run();
    }
    this.#ports.clock.wakeAt(this.chat.timers.earliestMs);
    this.#handlers.onChange();
    if (this.#inputRoomWaiters.length === 0 || !this.#input.isEmpty) return;
    if (mustInputWait(this.chat, this.#input)) return;
    for (const resolve of this.#inputRoomWaiters.splice(0)) resolve();
  }

  #perform(effect: Effect): void {
    const { sockets, lan, onEffect } = this.#ports;
    onEffect?.(effect);
    switch (effect.type) {
      case "listen":
        return this.#listen(effect.transport, effect.target);
      case "connect":
        return sockets.connect(effect.transport, effect.target, effect.timeoutMs);
      case "send":
        return this.#outgoing.send(effect);
      case "send-lent":
        return this.#outgoing.sendLent(effect);
      case "join-fanout":
      case "leave-fanout":
        return this.#outgoing.changeFanout(effect);
      case "publish":
        return this.#outgoing.publish(effect);
      case "seal":
      case "renew":
      case "keep-place":
      case "shutdown":
      case "close":
      case "limit-receive-buffer":
        return this.#outgoing.changeConnection(effect);
      case "look-at-kernel":
        return this.#lookAtKernel(effect.purpose);
      case "stop":
        return sockets.get(effect.transport)?.stop(effect.idleMs);
      case "read-announcements":
        return this.#readAnnouncements(effect.transport);
      case "read-neighbours":
        return this.#readNeighbours(effect.transport);
      case "announce":
        return this.#announce(effect.transport, effect.local);
      case "read-peers":
        return this.#readPeers();
      case "read-peer":
        return sockets.tcp?.setReading(effect.connection, effect.reading);
      case "withdraw":
        return this.#withdraw(effect.transport);
      case "find-port-holder":
        return this.#findHolder(effect);
      case "find-addresses":
        return this.#findAddresses(effect);
      case "find-subnets":
        return this.#findSubnets(effect.wish);
      case "broadcast-datagram":
        return this.#outgoing.sendToSubnet(effect);
      case "engine":
        return this.#ports.engine?.perform(effect.work);
      case "lan":
        return lan.perform(effect.work);
      case "set-impairment":
        return sockets.impair(effect.impairment);
      case "exit":
        return this.#exit(effect.code);
    }
    effect satisfies PersonEffect;
    this.#performForPerson(effect);
  }

  #performForPerson(effect: PersonEffect): void {
    switch (effect.type) {
      case "report":
        return this.#handlers.onOutput(effect.output);
      case "return-text":
        return this.#returnText(effect.text, effect.isAlone === true);
      case "remember-name":
        return this.#handlers.onNameChosen?.(effect.name);
      case "learn-peer":
        return this.#ports.people.learn(effect.change, (problem) =>
          this.dispatch({ type: "noted", sentence: problem }),
        );
      case "change-identity":
        return this.#ports.people.changeIdentity(effect.act, (result) =>
          this.dispatch({ type: "noted", ...result }),
        );
      case "show-help":
        return this.#handlers.onShowHelp();
      case "ask-screen":
        return this.#handlers.onScreenRequest(effect.request);
    }
    effect satisfies never;
  }

  #returnText(text: string, isAlone: boolean): void {
    const behind = isAlone ? [] : this.#input.takeAllText();
    this.#returned = [text, ...behind].join("\n");
    this.#handlers.onUnsentText(this.#returned);
  }

  /** Returns the input that waits at the exit, and reports whether there was any. */
  #returnWaiting(): boolean {
    const bytes = this.#input.countBytes() + this.chat.exit.unsentBytes;
    const texts = this.#input.takeAllText();
    if (bytes > 0) this.#handlers.onUnsentBytes?.(bytes);
    if (texts.length > 0) this.#handlers.onUnsentText(texts.join("\n"));
    return bytes > 0 || texts.length > 0;
  }

  #listen(transport: TransportName, target: Target): void {
    this.#ports.sockets.listen(transport, target, () => !this.chat.sides[transport].isRaw);
  }

  #lookAtKernel(purpose: LookPurpose): void {
    const { machine, sockets } = this.#ports;
    machine.lookAtTcp(sockets.tcp, (seen) => this.dispatch({ type: "kernel-looked", purpose, seen }));
  }

  #findAddresses({ rule, host }: Extract<Effect, { type: "find-addresses" }>): void {
    this.#ports.machine.findAddresses(host.host, (found) =>
      this.dispatch({ type: "addresses-found", rule, host, found }),
    );
  }

  #findSubnets(wish: BroadcastWish): void {
    this.#ports.machine.findSubnets((subnets) => this.dispatch({ type: "subnets-found", wish, subnets }));
  }

  #onSocketEvent(transport: TransportName, event: SocketEvent): void {
    const isFollowedByReceived = event.type === "called" && hasReceivedBytes(event);
    if (isFollowedByReceived && !this.#areCallsWanted) return;
    if (event.type === "sent-to-all" && this.#areCallsWanted) {
      for (const call of expandCalls(event)) this.#onSocketEvent(transport, call);
      return;
    }
    if (event.type === "called") {
      this.#handlers.onCall?.(transport, event);
      this.#outgoing.logSealed(transport, event);
    } else if (transport === "tcp") this.#ports.machine.noteTcpEvent(event);
    if (event.type === "received" && event.isOpened !== true)
      this.#handlers.onWire?.("in", transport, findAddress(this.chat, event.connection), event.bytes);
    if (this.#isRunning)
      return this.dispatch({ type: "socket", transport, event: copyEvent(event, this.chat.config) });
    // The run of the `received` that follows handles both.
    if (isFollowedByReceived) this.#apply({ type: "socket", transport, event });
    else this.#run({ type: "socket", transport, event });
  }

  #announce(transport: TransportName, local: Endpoint): void {
    this.#ports.announcements.announce(transport, local, this.chat.self.name, (problems) =>
      this.dispatch({ type: "announcing-failed", transport, problems }),
    );
  }

  #readAnnouncements(transport: TransportName): void {
    this.#ports.announcements.readOthers(transport, (found, problems) =>
      this.dispatch({ type: "announcements-read", transport, found, problems }),
    );
  }

  #readNeighbours(transport: TransportName): void {
    this.#ports.announcements.readOthers(transport, (found) =>
      this.dispatch({ type: "neighbours-read", transport, found }),
    );
  }

  #readPeers(): void {
    for (const peer of this.chat.sides.tcp.peers.values())
      this.#ports.sockets.tcp?.setReading(peer.link.connection, !isReadPaused(this.chat, peer));
  }

  #withdraw(transport: TransportName): void {
    const { local } = this.chat.sides[transport].socket;
    if (local !== undefined) this.#ports.announcements.withdraw(transport, local);
  }

  #findHolder({ transport, error, host, port }: Extract<Effect, { type: "find-port-holder" }>): void {
    this.#ports.machine.findPortHolder(transport, host, port, (found) =>
      this.dispatch({ type: "port-holder-found", transport, error: { ...error, ...found } }),
    );
  }

  #exit(code: number): void {
    this.#ports.clock.wakeAt(undefined);
    this.#ports.announcements.removeAll();
    this.#handlers.onExit(this.chat.config.headless && this.#returnWaiting() && code === 0 ? 1 : code);
  }
}

/** True for a call whose bytes follow at once as `received`; one that completes no record opens none. */
function hasReceivedBytes({ call, result, bytes, sealed }: Called): boolean {
  return result === "ok" && (call === "recv" || call === "recvfrom") && (sealed === undefined || bytes !== 0);
}

/** True for nothing but newlines. */
function isBlank(text: string): boolean {
  return /^\n*$/.test(text);
}

/** `/reconnect` in a composer that holds a line. */
function addReconnect(line: string): readonly string[] {
  return ["", " "].flatMap((space) => [`/reconnect${space}${line}`, `${line}${space}/reconnect`]);
}
