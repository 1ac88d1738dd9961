/** A whole chat on real sockets without a screen, which still keeps what a screen would show. */

import type { Side } from "../../src/chat/model/side.ts";
import type { Config } from "../../src/chat/config/config.ts";
import type { Entry, MessageEntry } from "../../src/chat/log/entry.ts";
import type { WireRow } from "../../src/chat/log/wire-log.ts";
import type { TransportName } from "../../src/protocol/sockets/socket-event.ts";
import type { SessionHandlers } from "../../src/chat/model/session-handlers.ts";
import type { OpenRequest } from "../../src/chat/config/open-request.ts";
import type { Output } from "../../src/chat/model/output.ts";
import type { Clock, PeopleFiles } from "../../src/session/ports.ts";
import { makeOpenPorts } from "../../src/session/real-ports.ts";
import { Session } from "../../src/session/session.ts";
import { noPeopleFiles } from "./fake-ports.ts";
import { testConfig } from "./chat-world.ts";
import { Bell } from "./wait.ts";

export interface LiveOptions {
  /** By default it listens on any port of 127.0.0.1. */
  readonly request?: OpenRequest;
  readonly people?: PeopleFiles;
  /** So many times as fast as the system's its clock runs. */
  readonly speed?: number;
  readonly onOutput?: (output: Output) => void;
}

const listenAnywhere: OpenRequest = {
  role: "listen",
  target: { kind: "ip", host: "127.0.0.1", port: 0 },
};

/** Opens its socket at once; a test commands the rest. */
export class LiveChat implements AsyncDisposable {
  readonly #bell = new Bell();
  readonly #transport: TransportName;
  readonly session: Session;
  #left = false;

  constructor(transport: TransportName, over: Partial<Config> = {}, options: LiveOptions = {}) {
    const { request = listenAnywhere, people = noPeopleFiles, speed = 1 } = options;
    this.#transport = transport;
    const nothing = (): void => {};
    const handlers: SessionHandlers = {
      onOutput: options.onOutput ?? nothing,
      onUnsentText: nothing,
      onShowHelp: nothing,
      onScreenRequest: nothing,
      onChange: () => this.#bell.ring(),
      onExit: () => {
        this.#left = true;
        this.#bell.ring();
      },
    };
    const openPorts = makeOpenPorts(people);
    this.session = new Session(testConfig(over), handlers, (events, config) => {
      const ports = openPorts(events, config);
      return speed === 1 ? ports : { ...ports, clock: makeFastClock(speed, events.onWake) };
    });
    this.session.start(transport, request);
  }

  /** True once it has left. */
  get hasLeft(): boolean {
    return this.#left;
  }

  get side(): Side {
    return this.session.chat.sides[this.#transport];
  }

  async port(): Promise<number> {
    await this.until("a port", () => this.side.socket.local !== undefined);
    const { local } = this.side.socket;
    return local === undefined || local.family === "unix" ? 0 : local.port;
  }

  async until(what: string, isSo: () => boolean): Promise<void> {
    await this.#bell.waitFor(isSo, what);
  }

  command(line: string): void {
    this.session.dispatch({ type: "commanded", line });
  }

  /** The texts of all entries, notices included. */
  lines(): readonly string[] {
    return this.#entries().map(({ text }) => text);
  }

  messages(): readonly MessageEntry[] {
    return this.#entries().filter((entry) => entry.kind === "message");
  }

  #entries(): readonly Entry[] {
    const { scrollback } = this.side.conversation;
    return Array.from({ length: scrollback.length }, (_, index) => scrollback.at(index) as Entry);
  }

  rows(): readonly WireRow[] {
    const { calls: wire } = this.side;
    return Array.from({ length: wire?.length ?? 0 }, (_, index) => wire?.at(index) as WireRow);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.session.quit(0);
    await this.until("the end", () => this.#left);
  }
}

/** A clock on which deadlines come so many times as fast. */
function makeFastClock(speed: number, onWake: () => void): Clock {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = (): number => performance.now() * speed;
  return {
    now,
    readWall: () => Date.now(),
    wakeAt: (atMs) => {
      clearTimeout(timer);
      if (atMs !== undefined) timer = setTimeout(onWake, Math.max(0, atMs - now()) / speed);
    },
    runLater: (work) => void setImmediate(work),
  };
}
