/** The tutorial's four programs, unchanged, with duet: each message arrives once, and nothing else is sent. */

import { describe, expect, test } from "bun:test";
import { type Duet, startDuet } from "../support/duet.ts";
import { type Tap, tapTcp, tapUdp, textOf } from "../support/tap.ts";
import { freePort, isUdpBound, startTutorial } from "../support/tutorial.ts";
import { until } from "../support/wait.ts";

const modes = ["--plain", "--json"] as const;

describe.each(modes)("with %s", (mode) => {
  test("the tutorial's TCP client receives a person's reply, and not a byte more", async () => {
    await using duet = startDuet(["-l", "0", mode]);
    using tap = await tapTcp(await duet.port());
    await using client = startTutorial("tcp-client", tap.port);
    await waitForMessage(duet, mode, "你好");
    duet.write("hello\n");
    expect(await client.waitForLine(/./)).toBe("服务器发送的数据为: hello");
    expect((await client.waitForExit()).code).toBe(0);
    await duet.waitFor(() => listStates(duet, mode).includes("HALF-CLOSED (theirs)"), "the FIN");
    duet.end();
    await waitForDisconnect(duet, mode);
    expectWire(tap, "你好", "hello\n");
    expectMessageOnce(duet, mode, "你好", "tcp");
    duet.signal("SIGTERM");
    expect((await duet.waitForExit()).code).toBe(143);
  });

  test("the tutorial's TCP server receives a person's text first, and its answer is shown once", async () => {
    const port = await freePort("tcp");
    await using server = startTutorial("tcp-server", port);
    await server.waitForLine("等待客户端连接");
    using tap = await tapTcp(port);
    await using duet = startDuet(["127.0.0.1", String(tap.port), mode]);
    duet.write("你好\n");
    await waitForMessage(duet, mode, "hello");
    expect(await server.waitForLine("数据")).toBe("客户端发送的数据为: 你好");
    await server.waitForLine("客户端连接关闭");
    duet.end();
    expect((await duet.waitForExit()).code).toBe(0);
    expectWire(tap, "你好\n", "hello");
    expectMessageOnce(duet, mode, "hello", "tcp");
    expect(listStates(duet, mode)).toEqual(["CONNECTING", "ESTABLISHED", "HALF-CLOSED (theirs)", "CLOSED"]);
  });

  test("the tutorial's UDP client receives a person's reply, and no other datagram", async () => {
    await using duet = startDuet(["-u", "-l", "0", mode]);
    using tap = await tapUdp(await duet.port());
    await using client = startTutorial("udp-client", tap.port);
    await waitForMessage(duet, mode, "你好");
    duet.write("hello\n");
    expect(await client.waitForLine(/./)).toBe("服务端发送的数据为: hello");
    expect((await client.waitForExit()).code).toBe(0);
    expect([tap.toTarget, tap.fromTarget].map((way) => way.map(String))).toEqual([["你好"], ["hello"]]);
    expectMessageOnce(duet, mode, "你好", "udp");
    duet.signal("SIGINT");
    expect((await duet.waitForExit()).code).toBe(130);
    expect(listStates(duet, mode)).toEqual(["BOUND", "OPEN", "CLOSED"]);
    expect(tap.fromTarget).toHaveLength(1);
  });

  test("the tutorial's UDP server receives one datagram, and its answer is shown once", async () => {
    const port = await freePort("udp");
    await using server = startTutorial("udp-server", port);
    await until(() => isUdpBound(port), "the server's socket");
    using tap = await tapUdp(port);
    await using duet = startDuet(["-u", "127.0.0.1", String(tap.port), mode]);
    duet.write("你好\n");
    await waitForMessage(duet, mode, "你好");
    expect(await server.waitForLine(/./)).toBe("客户端发送的数据为: 你好");
    duet.signal("SIGTERM");
    expect((await duet.waitForExit()).code).toBe(143);
    expect([tap.toTarget, tap.fromTarget].map((way) => way.map(String))).toEqual([["你好"], ["你好"]]);
    expectMessageOnce(duet, mode, "你好", "udp");
  });
});

type Mode = (typeof modes)[number];

async function waitForMessage(duet: Duet, mode: Mode, text: string): Promise<void> {
  if (mode === "--json") await duet.waitForEvent({ type: "message", direction: "in", text });
  else await duet.waitForLine(new RegExp(`^<127\\.0\\.0\\.1:\\d+> ${text}$`));
}

/** A peer has left, and that is reported. */
async function waitForDisconnect(duet: Duet, mode: Mode): Promise<void> {
  if (mode === "--json") await duet.waitForEvent({ type: "peer", event: "disconnected", kind: "raw" });
  else await duet.waitForError(/^<-- 127\.0\.0\.1:\d+ left: /m);
}

function expectWire(tap: Tap, toTarget: string, fromTarget: string): void {
  const [sent, received] = [textOf(tap.toTarget), textOf(tap.fromTarget)];
  expect({ sent, received }).toEqual({ sent: toTarget, received: fromTarget });
}

function expectMessageOnce(duet: Duet, mode: Mode, text: string, transport: string): void {
  if (mode === "--plain") {
    expect(duet.lines).toEqual([expect.stringMatching(new RegExp(`^<127\\.0\\.0\\.1:\\d+> ${text}$`))]);
    return;
  }
  const messages = duet.eventsOf("message").filter(({ direction }) => direction === "in");
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatchObject({ text, transport, bytes: Buffer.byteLength(text) });
}

/** The states of the side, in order. */
function listStates(duet: Duet, mode: Mode): readonly unknown[] {
  const states =
    mode === "--json"
      ? duet.eventsOf("state").map(({ to }) => to)
      : [...duet.errors.matchAll(/^-- (?:tcp|udp).* → ([A-Z-]+(?: \([a-z]+\))?): /gm)].map(
          ([, word]) => word,
        );
  // The listener has states, and so has each connection to it.
  return states.filter((word, index) => word !== states[index - 1]);
}
