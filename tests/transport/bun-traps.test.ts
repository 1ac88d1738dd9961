/**
 * Surprising behaviour of Bun 1.4.5 on which src/transport relies, tested on Bun's own sockets: if an upgrade changes
 * it, a test fails here and names the code to check.
 */

import { describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type AnySocket = Bun.Socket<undefined>;

interface Log {
  readonly lines: string[];
  readonly ended: Promise<void>;
  readonly handlers: Bun.SocketHandler<undefined>;
}

/** Handlers that record their calls. */
function record(over: Partial<Bun.SocketHandler<undefined>> = {}): Log {
  const lines: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const handlers = {
    data: (_socket: AnySocket, bytes: Buffer) => void lines.push(`data ${bytes.length}`),
    end: () => void lines.push("end"),
    close: (_socket: AnySocket, error?: Error) => {
      lines.push(`close ${readCode(error)}`);
      resolve();
    },
    error: (_socket: AnySocket, error: Error) => void lines.push(`error ${readCode(error)}`),
    ...over,
  };
  return { lines, ended: promise, handlers };
}

function readCode(error: unknown): string {
  return String((error as { code?: unknown } | undefined)?.code);
}

/** Two connected sockets, half-open allowed, with a record of each. */
async function connectTwo(over: Partial<Bun.SocketHandler<undefined>> = {}) {
  const accepted = Promise.withResolvers<AnySocket>();
  const server = record({ open: (socket) => accepted.resolve(socket) });
  const client = record(over);
  const where = { hostname: "127.0.0.1", allowHalfOpen: true };
  const listener = Bun.listen({ ...where, port: 0, socket: server.handlers });
  const here = await Bun.connect({ ...where, port: listener.port, socket: client.handlers });
  const there = await accepted.promise;
  return { here, there, client, server, [Symbol.dispose]: () => listener.stop(true) };
}

const waitForNextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function openUdp(onError: (...args: unknown[]) => void = () => {}) {
  return Bun.udpSocket({
    hostname: "127.0.0.1",
    port: 0,
    socket: { data: () => {}, error: onError as never },
  });
}

describe("Bun 1.4.5, streams", () => {
  test("is the version that these tests describe", () => {
    expect(Bun.version).toBe("1.4.5");
  });

  test("end(data) takes only what the kernel takes, and drops the rest", async () => {
    using two = await connectTwo();
    const payload = new Uint8Array(32 * 1024 * 1024);
    const taken = two.here.end(payload) as unknown as number;
    expect(taken).toBeLessThan(payload.length);
    const countReceived = () =>
      two.server.lines.reduce((sum, line) => sum + Number(line.slice("data ".length)), 0);
    while (countReceived() < taken) await waitForNextTurn();
    for (let turn = 0; turn < 100; turn += 1) await waitForNextTurn();
    expect(countReceived()).toBe(taken);
  });

  test("a socket that is paused inside data reads no more, and resume reads on in a later turn", async () => {
    const sizes: number[] = [];
    using two = await connectTwo({
      data: (socket, bytes) => {
        sizes.push(bytes.length);
        socket.pause();
      },
    });
    two.there.write(new Uint8Array(4 * 1024 * 1024));
    while (sizes.length === 0) await waitForNextTurn();
    for (let turn = 0; turn < 100; turn += 1) await waitForNextTurn();
    expect(sizes).toHaveLength(1);
    two.here.resume();
    expect(sizes).toHaveLength(1);
    while (sizes.length === 1) await waitForNextTurn();
  });

  test("end() closes both ways, even with allowHalfOpen", async () => {
    using two = await connectTwo();
    two.here.end();
    await two.client.ended;
    expect(two.client.lines).toEqual(["close undefined"]);
  });

  test("write counts bytes, is 0 or partial when full, and -1 once closed", async () => {
    using two = await connectTwo();
    two.there.pause();
    const payload = new Uint8Array(1024 * 1024);
    let taken = payload.length;
    while (taken === payload.length) taken = two.here.write(payload);
    expect(taken).toBeGreaterThanOrEqual(0);
    expect(taken).toBeLessThan(payload.length);
    two.here.terminate();
    expect(two.here.write("x")).toBe(-1);
  });

  test("an RST found by a read closes with ECONNRESET, after the bytes before it", async () => {
    using two = await connectTwo();
    two.there.write(new Uint8Array(1000));
    two.there.terminate();
    await two.client.ended;
    expect(two.client.lines).toEqual(["data 1000", "close ECONNRESET"]);
  });

  test("an RST found by a write returns -1, then calls end and close without an error", async () => {
    using two = await connectTwo();
    two.there.write(new Uint8Array(1000));
    two.there.terminate();
    expect(two.here.write("x")).toBe(-1);
    await two.client.ended;
    expect(two.client.lines).toEqual(["data 1000", "end", "close undefined"]);
  });

  test("an RST after a FIN closes with EPIPE", async () => {
    using two = await connectTwo();
    two.there.end();
    while (!two.client.lines.includes("end")) await waitForNextTurn();
    two.here.write("to a closed socket");
    await two.client.ended;
    expect(two.client.lines).toEqual(["end", "close EPIPE"]);
  });

  test("after our own FIN, the peer's calls close without end", async () => {
    using two = await connectTwo();
    two.here.shutdown();
    while (!two.server.lines.includes("end")) await waitForNextTurn();
    two.there.shutdown();
    await two.client.ended;
    expect(two.client.lines).toEqual(["close undefined"]);
  });

  test("close is called synchronously from inside data when the socket is ended there", async () => {
    const order: string[] = [];
    using two = await connectTwo({
      data: (socket) => {
        order.push("data begins");
        socket.end();
        order.push("data ends");
      },
      close: () => void order.push("close"),
    });
    two.there.write("x");
    while (order.length < 3) await waitForNextTurn();
    expect(order).toEqual(["data begins", "close", "data ends"]);
  });

  test("a listener's data is one object for all its sockets", async () => {
    const shared = {};
    const seen: unknown[] = [];
    const socket = { data: () => {}, open: (opened: Bun.Socket<object>) => void seen.push(opened.data) };
    using listener = Bun.listen({ hostname: "127.0.0.1", port: 0, data: shared, socket });
    const to = { hostname: "127.0.0.1", port: listener.port, socket: { data: () => {} } };
    await Promise.all([Bun.connect(to), Bun.connect(to)]);
    while (seen.length < 2) await waitForNextTurn();
    expect(seen[0] === shared && seen[1] === shared).toBe(true);
  });

  test("the addresses of a closed socket are undefined, unless they were read before", async () => {
    using two = await connectTwo();
    two.here.terminate();
    expect(two.here.remoteAddress).toBeUndefined();
  });

  test("fd exists, but untyped", async () => {
    using two = await connectTwo();
    expect((two.here as unknown as { fd: number }).fd).toBeGreaterThan(2);
    const udp = await openUdp();
    expect((udp as unknown as { fd: number }).fd).toBeGreaterThan(2);
    udp.close();
  });

  test("a forbidden connect reports ECONNREFUSED; a datagram connect reports the true code", async () => {
    const broadcast = { hostname: "255.255.255.255", port: 9 };
    const connected = (async () => Bun.connect({ ...broadcast, socket: record().handlers }))();
    expect(await connected.catch(readCode)).toBe("ECONNREFUSED");
    const probe = (async () => Bun.udpSocket({ connect: broadcast, socket: { data: () => {} } }))();
    expect(["EACCES", "ENETUNREACH"]).toContain(String(await probe.catch(readCode)));
  });

  test("a handler that throws ends the process if there is no error handler", async () => {
    const script = `
      const l = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() { throw new Error("ours"); } } });
      const c = await Bun.connect({ hostname: "127.0.0.1", port: l.port, socket: { data() {} } });
      c.write("x");
    `;
    const child = Bun.spawn([process.execPath, "-e", script], { stderr: "pipe" });
    expect(await child.exited).toBe(1);
    expect(await child.stderr.text()).toContain("ours");
  });

  test("a UNIX listener's stop unlinks its path, even if the file is not its own any more", () => {
    const path = join(mkdtempSync(join(tmpdir(), "duet-trap-")), "x.sock");
    const listener = Bun.listen({ unix: path, socket: { data: () => {} } });
    unlinkSync(path);
    writeFileSync(path, "somebody else's");
    listener.stop(true);
    expect(existsSync(path)).toBe(false);
  });
});

describe("Bun 1.4.5, datagrams", () => {
  test("after a datagram to a dead peer, the next send to any peer throws ECONNREFUSED and sends nothing", async () => {
    const gone = await openUdp();
    const deadPort = gone.port;
    gone.close();
    const live = await openUdp();
    const socket = await openUdp();
    socket.send("x", deadPort, "127.0.0.1");
    expect(() => socket.send("x", live.port, "127.0.0.1")).toThrow("ECONNREFUSED");
    expect(socket.send("x", live.port, "127.0.0.1")).toBe(true);
    live.close();
    socket.close();
  });

  test("the error handler is called with the error alone, after an oversize send has thrown it as well", async () => {
    const { promise, resolve } = Promise.withResolvers<unknown[]>();
    const socket = await openUdp((...args) => resolve(args));
    expect(() => socket.send(new Uint8Array(65_508), socket.port, "127.0.0.1")).toThrow("EMSGSIZE");
    const args = await promise;
    expect([args.length, readCode(args[0])]).toEqual([1, "EMSGSIZE"]);
    socket.close();
  });

  test("a send to port 0 throws", async () => {
    const socket = await openUdp();
    expect(() => socket.send("x", 0, "127.0.0.1")).toThrow();
    socket.close();
  });

  test("the undocumented flag 8 makes a socket IPv6 only", async () => {
    const options = { hostname: "::", port: 0, flags: 8, socket: { data: () => {} } };
    const six = await Bun.udpSocket(options);
    const four = await Bun.udpSocket({ hostname: "0.0.0.0", port: six.port, socket: { data: () => {} } });
    expect(four.port).toBe(six.port);
    six.close();
    four.close();
  });

  test("the undocumented flag 16 lets sockets share a port, and joining a group twice is EADDRINUSE", async () => {
    const options = { hostname: "0.0.0.0", port: 0, flags: 16, socket: { data: () => {} } };
    const one = await Bun.udpSocket(options);
    const other = await Bun.udpSocket({ ...options, port: one.port });
    expect(other.port).toBe(one.port);
    const join = (address: string): string => {
      try {
        return String(one.addMembership("239.255.100.118", address));
      } catch (thrown) {
        return readCode(thrown);
      }
    };
    expect(["127.0.0.1", "127.0.0.1", "192.0.2.77"].map(join)).toEqual(["true", "EADDRINUSE", "ENODEV"]);
    one.close();
    other.close();
  });

  test("a connect to an IPv6 destination needs an IPv6 address to bind to", async () => {
    const connect = { hostname: "::1", port: 9 };
    const without = (async () => Bun.udpSocket({ connect, socket: { data: () => {} } }))();
    expect(await without.catch(readCode)).toBe("EAFNOSUPPORT");
    const bound = await Bun.udpSocket({ hostname: "::", connect, socket: { data: () => {} } });
    bound.close();
  });
});
