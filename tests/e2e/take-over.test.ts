/** Over real sockets: a program that collected a duet's hello at its own listener is not that duet at another host. */

import { expect, test } from "bun:test";
import { encodeFrame, parseFrame } from "../../src/protocol/frames/frame-codec.ts";
import type { Frame, HelloFrame } from "../../src/protocol/frames/frame.ts";
import { computePathProof } from "../../src/protocol/frames/path-proof.ts";
import { datagramFrameMaxBytes } from "../../src/protocol/limits.ts";
import { LiveChat } from "../support/live-chat.ts";
import { until } from "../support/wait.ts";

/** A program that receives and sends frames over one transport. */
interface Thief extends Disposable {
  readonly port: number;
  readonly received: () => string;
  readonly send: (frame: Frame, key?: string) => void;
}

function findHello(text: string): HelloFrame | undefined {
  for (const line of text.split("\n")) {
    const parsed = parseFrame(line);
    if (parsed.kind === "frame" && parsed.frame.type === "hello") return parsed.frame;
  }
  return undefined;
}

function listenOverTcp(): Thief {
  let received = "";
  const listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { data: (_, bytes) => void (received += bytes.toString()) },
  });
  return {
    port: listener.port,
    received: () => received,
    send: () => {},
    [Symbol.dispose]: () => listener.stop(true),
  };
}

async function connectOverTcp(port: number): Promise<Thief> {
  let received = "";
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: { data: (_, bytes) => void (received += bytes.toString()) },
  });
  return {
    port,
    received: () => received,
    send: (frame) => void socket.write(`${encodeFrame(frame)}\n`),
    [Symbol.dispose]: () => socket.end(),
  };
}

async function openUdp(to = 0): Promise<Thief> {
  let received = "";
  const socket = await Bun.udpSocket({
    hostname: "127.0.0.1",
    port: 0,
    socket: { data: (_, bytes) => void (received += `${bytes.toString()}\n`) },
  });
  return {
    port: socket.port,
    received: () => received,
    send: (frame, key) => {
      const padTo = frame.type === "hello" ? datagramFrameMaxBytes : 0;
      socket.send(encodeFrame(frame, key, padTo), to, "127.0.0.1");
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

test.each(["tcp", "udp"] as const)(
  "a collected hello makes nobody the victim, over %s",
  async (transport) => {
    await using hub = new LiveChat(transport, { name: "hub" });
    await using mia = new LiveChat(transport, { name: "mia", duet: true });
    if (transport === "udp") {
      hub.session.dispatch({ type: "switched", to: "udp" });
      mia.session.dispatch({ type: "switched", to: "udp" });
    }
    const port = await hub.port();
    await mia.port();
    using listener = transport === "tcp" ? listenOverTcp() : await openUdp();
    mia.command(`/connect 127.0.0.1 ${listener.port}`);
    await until(() => findHello(listener.received()) !== undefined, "the victim's hello");
    const stolen = findHello(listener.received())!;
    mia.command(`/connect 127.0.0.1 ${port}`);
    const names = () => [...hub.session.chat.room.members.values()].map(({ name }) => name);
    await hub.until("mia", () => names().includes("mia"));
    const member = [...hub.session.chat.room.members.keys()][0]!;

    using thief = transport === "tcp" ? await connectOverTcp(port) : await openUdp(port);
    thief.send({ ...stolen, member });
    await until(() => findHello(thief.received()) !== undefined, "the hub's answer");
    const newKey = findHello(thief.received())!.key;
    const at = `127.0.0.1:${port}`;
    const proof = computePathProof(stolen.key, { newKey, transport, at });
    thief.send({ type: "ping", number: 1, at, proof }, newKey);
    await hub.until("the thief", () => names().length === 2);
    expect(names()).toEqual(["mia", "mia~2"]);
    hub.command("/msg mia the password");
    hub.session.enqueueText("for everybody");
    await mia.until("the line for everybody", () =>
      mia.messages().some(({ text }) => text === "for everybody"),
    );
    await until(() => thief.received().includes("for everybody"), "the line at the thief");
    expect(mia.messages().map(({ text }) => text)).toEqual(["the password", "for everybody"]);
    expect(thief.received()).not.toContain("password");
  },
);

test("a duet that joins over both transports is one member, over real sockets", async () => {
  await using hub = new LiveChat("tcp", { name: "hub" });
  const port = await hub.port();
  const udp = { kind: "ip", host: "127.0.0.1", port } as const;
  hub.session.start("udp", { role: "listen", target: udp });
  await hub.until("UDP", () => hub.session.chat.sides.udp.socket.local !== undefined);
  await using mia = new LiveChat("tcp", { name: "mia", duet: true });
  await mia.port();
  mia.command(`/connect 127.0.0.1 ${port}`);
  await mia.until("the first welcome", () => mia.session.chat.self.knownPaths.size === 1);
  mia.session.start("udp", { role: "connect", target: udp });
  const listPaths = () =>
    [...hub.session.chat.room.members.values()].map(({ name, paths }) => [name, paths.size]);
  await hub.until(
    "the second path",
    () => hub.session.chat.peers.size === 2 && mia.session.chat.sides.udp.peers.size === 1,
  );
  await mia.until("the welcome", () =>
    [...mia.session.chat.peers.values()].every(({ hostRoom }) => hostRoom.ourNumber !== undefined),
  );
  expect(listPaths()).toEqual([["mia", 2]]);
});
