/** The calls of the tour are real: the reported calls are compared with the kernel's sockets. */

import { expect, jest, test } from "bun:test";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { pressKey } from "../../src/input/keys/key-event.ts";
import { tourStepMaxMs } from "../../src/protocol/limits.ts";
import { TourSockets } from "../../src/session/tour-sockets.ts";
import {
  firstTourState,
  applySocketEvent,
  getKernelState,
  pressInTour,
  getShownStep,
} from "../../src/tour/tour-state.ts";
import { type TourStep, tourSteps } from "../../src/tour/tour-steps.ts";
import { startClient } from "../support/raw-client.ts";
import { until } from "../support/wait.ts";
import type { TourStepId } from "../../src/words/tables/tour-words.ts";

const allInSight = { textLines: 1, textRows: 1 };

/** A tour without a screen. */
class Walk implements Disposable {
  tour = firstTourState;
  timesOver = 0;
  readonly #sockets = new TourSockets((event) => {
    if (event.type === "time-over") this.timesOver += 1;
    this.tour = applySocketEvent(this.tour, event);
  });

  /** Presses Enter until the calls of this step have returned. */
  async to(id: TourStepId): Promise<void> {
    while (getShownStep(this.tour).id !== id) {
      const { tour, work } = pressInTour(this.tour, pressKey("enter"), allInSight);
      this.tour = tour;
      if (work !== undefined) this.#sockets.perform(work);
      await until(() => !this.tour.isBusy, `the calls of step ${tour.reached}`);
    }
  }

  /** `end call result bytes` of each call in order. */
  get told(): readonly string[] {
    return this.tour.calls.map(({ end, called: { call, result, bytes } }) =>
      [end, call, result, bytes ?? ""].join(" ").trimEnd(),
    );
  }

  ports(end: "server" | "client"): readonly number[] {
    const locals = this.tour.calls.filter((call) => call.end === end).map(({ called }) => called.local);
    return [
      ...new Set(
        locals.flatMap((local) => (local === undefined || local.family === "unix" ? [] : local.port)),
      ),
    ];
  }

  [Symbol.dispose](): void {
    this.#sockets.close();
  }
}

test("every step's calls return, in the tutorial's order, with the tutorial's bytes", async () => {
  using walk = new Walk();
  await walk.to("tcp-close");
  const handshake = walk.told.slice(2, 4).toSorted();
  expect([...walk.told.slice(0, 2), ...handshake, ...walk.told.slice(4)]).toEqual([
    "server bind ok",
    "server listen ok",
    "client connect ok",
    "server accept ok",
    "client send ok 6",
    "server recv ok 6",
    "server send ok 5",
    "client recv ok 5",
    "server shutdown FIN",
    "client recv FIN 0",
  ]);
  const said = walk.tour.calls.flatMap(({ payload }) => (payload ? new TextDecoder().decode(payload) : []));
  expect(said.filter((text) => text !== "")).toEqual(["你好", "你好", "hello", "hello"]);
  await walk.to("tcp-time-wait");
  expect(walk.told.slice(10)).toContain("client close ok");
  const begun = walk.tour.calls.length;
  await walk.to("udp-close");
  expect(walk.told.slice(begun).filter((line) => !line.startsWith("server close"))).toEqual([
    "server bind ok",
    "client bind ok",
    "client sendto ok 6",
    "server recvfrom ok 6",
    "server sendto ok 6",
    "client recvfrom ok 6",
    "client sendto ok 6",
    "client sendto ok 6",
    "server recvfrom ok 6",
    "client close ok",
  ]);
  expect([walk.tour.dropped, walk.timesOver]).toEqual([1, 0]);
});

test("the chapter on encryption sends two hellos, three records and a message, and a changed one ends it", async () => {
  using walk = new Walk();
  await walk.to("udp-close");
  const begun = walk.tour.calls.length;
  await walk.to("sealed-record");
  const told = walk.told.slice(begun).filter((line) => / (send|recv) /.test(line));
  expect(told.toSorted()).toEqual(
    [105, 105, 35, 99, 67, 25]
      .flatMap((bytes, index) => {
        const [from, to] = index === 1 || index === 3 ? ["server", "client"] : ["client", "server"];
        return [`${from} send ok ${bytes}`, `${to} recv ok ${bytes}`];
      })
      .toSorted(),
  );
  const shown = walk.tour.calls.slice(begun);
  const texts = shown.flatMap(({ payload }) => (payload ? new TextDecoder().decode(payload) : []));
  expect(texts.filter((text) => text.startsWith("duet/1 {"))).toHaveLength(4);
  const opened = shown.findLast(({ end, called: { call } }) => end === "server" && call === "recv");
  const sealed = shown.findLast(({ end, called: { call } }) => end === "client" && call === "send");
  expect(new TextDecoder().decode(opened?.payload)).toBe("你好");
  expect([...(sealed?.payload ?? [])].slice(0, 3)).toEqual([0, 23, 0x90]);
  await walk.to("sealed-middle");
  const last = walk.told.slice(begun + shown.length);
  expect(last).toEqual(
    expect.arrayContaining([
      "client send ok 25",
      "server recv ok 25",
      expect.stringMatching(/^server close/),
    ]),
  );
  expect(walk.tour.calls.findLast(({ called: { call } }) => call === "recv")?.payload).not.toEqual(
    new TextEncoder().encode("你好"),
  );
  expect(walk.timesOver).toBe(0);
});

test("sent bytes wait in the kernel until the step that reads them", async () => {
  using walk = new Walk();
  await walk.to("tcp-send");
  const server = walk.ports("server")[0]!;
  await until(() => receiveQueue(server) === 6, "six bytes in the server's receive buffer");
  expect(walk.told).not.toContain("server recv ok 6");
  await walk.to("tcp-recv");
  expect(receiveQueue(server)).toBe(0);
});

test("the end that closed first is in TIME-WAIT, as the text says", async () => {
  using walk = new Walk();
  await walk.to("tcp-time-wait");
  const [server] = walk.ports("server");
  const [client] = walk.ports("client");
  await until(() => tcpStates(server!, client!).includes(timeWait), "TIME-WAIT at the server's end");
  expect(tcpStates(client!, server!)).toEqual([]);
});

test("the kernel's state of both ends is reported after a step's calls", async () => {
  using walk = new Walk();
  await walk.to("tcp-send");
  await until(() => getKernelState(walk.tour, "server")?.unreadBytes === 6, "six bytes unread");
  expect(getKernelState(walk.tour, "client")).toEqual({ state: "ESTABLISHED", unreadBytes: 0 });
  await walk.to("tcp-close");
  await until(() => getKernelState(walk.tour, "client")?.state === "CLOSE-WAIT", "CLOSE-WAIT");
  expect(getKernelState(walk.tour, "server")?.state).toBe("FIN-WAIT-2");
  await walk.to("tcp-time-wait");
  await until(() => getKernelState(walk.tour, "server")?.state === "TIME-WAIT", "TIME-WAIT");
  expect(getKernelState(walk.tour, "client")).toBeUndefined();
  await walk.to("udp-bind");
  expect(getKernelState(walk.tour, "server")).toBeUndefined();
});

test("a third party that connects to the server is disconnected, and not reported", async () => {
  using walk = new Walk();
  await walk.to("tcp-listen");
  using early = await startClient(walk.ports("server")[0]!);
  await early.bell.waitFor(() => early.closed, "the end of the early one");
  await walk.to("tcp-send");
  using late = await startClient(walk.ports("server")[0]!);
  await late.bell.waitFor(() => late.closed, "the end of the late one");
  await walk.to("udp-bind");
  expect(walk.told.filter((line) => line.includes("accept"))).toHaveLength(1);
  const stranger = await Bun.udpSocket({ hostname: "127.0.0.1", socket: { error() {} } });
  stranger.send("me too", walk.ports("server").at(-1)!, "127.0.0.1");
  await walk.to("udp-recvfrom");
  stranger.close();
  const heard = walk.tour.calls.flatMap(({ payload }) => (payload ? new TextDecoder().decode(payload) : []));
  expect(heard).not.toContain("me too");
});

test("a step whose calls do not return ends after its time, and not before", () => {
  jest.useFakeTimers();
  const told: string[] = [];
  const sockets = new TourSockets(({ type }) => told.push(type));
  try {
    sockets.perform("tcp-connect"); // Without a listener no call is made.
    jest.advanceTimersByTime(tourStepMaxMs - 1);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(told).toEqual(["time-over"]);
  } finally {
    sockets.close();
    jest.useRealTimers();
  }
});

test("leaving at any step closes all sockets", async () => {
  const leaveAt = async ({ id }: TourStep): Promise<void> => {
    const walk = new Walk();
    await walk.to(id);
    const ports = [...walk.ports("server"), ...walk.ports("client")];
    walk[Symbol.dispose]();
    await until(() => ports.every(isFree), `every port of ${id} closed`);
  };
  await Promise.all(tourSteps.map(leaveAt));
});

const established = 0x01;
const timeWait = 0x06;

interface SocketLine {
  readonly port: number;
  readonly peerPort: number;
  readonly state: number;
  readonly receiveQueue: number;
  readonly inode: string;
}

/** The sockets of 127.0.0.1 in Linux's table (proc(5)): ports, state, receive queue and inode. */
function socketLines(table: "tcp" | "udp"): readonly SocketLine[] {
  const text = readFileSync(`/proc/net/${table}`, "utf8");
  return [...text.matchAll(/^ *\d+: \w+:(\w{4}) \w+:(\w{4}) (\w\w) \w+:(\w+)(?: +\S+){4} +(\d+)/gm)].map(
    ([, port = "", peerPort = "", state = "", queue = "", inode = ""]) => ({
      port: Number.parseInt(port, 16),
      peerPort: Number.parseInt(peerPort, 16),
      state: Number.parseInt(state, 16),
      receiveQueue: Number.parseInt(queue, 16),
      inode,
    }),
  );
}

/** The states of a connection's end. */
function tcpStates(port: number, peerPort: number): readonly number[] {
  return socketLines("tcp").flatMap((line) =>
    line.port === port && line.peerPort === peerPort ? line.state : [],
  );
}

/** The receive queue of the connection, not of the listener. */
function receiveQueue(port: number): number | undefined {
  return socketLines("tcp").find((line) => line.port === port && line.state === established)?.receiveQueue;
}

/** True if this process has no socket at the port; another process may have taken it meanwhile. */
function isFree(port: number): boolean {
  const ours = ownInodes();
  const lines = [...socketLines("tcp"), ...socketLines("udp")];
  return !lines.some((line) => line.port === port && ours.has(line.inode));
}

function ownInodes(): ReadonlySet<string> {
  const links = readdirSync("/proc/self/fd").map((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      return ""; // Closed after it was listed.
    }
  });
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}
