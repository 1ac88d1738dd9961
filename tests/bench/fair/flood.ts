/**
 * Peers that send flat out and discard what they receive: PORT KIND PEERS. Prints `flooding` once all have begun. A peer
 * that the hub disconnects connects again.
 */

import { encodeFrame } from "../../../src/protocol/frames/frame-codec.ts";
import type { FloodKind } from "./flood-kind.ts";

const [port = "", kind = "", peers = ""] = process.argv.slice(2);
const reconnectMs = 50;
const payloadBytes = 64 * 1024;
let begun = 0;

/** What a peer sends once, and what it repeats. */
interface Words {
  readonly greeting: Uint8Array;
  readonly payload: Uint8Array;
}

function chooseWords(number: number): Words {
  const name = `f${number}`;
  const session = `${String(number).padStart(8, "0")}${crypto.randomUUID().replaceAll("-", "").slice(8)}`;
  const hello = `${encodeFrame({ type: "hello", name, session, key: "k".repeat(16) })}\n`;
  const repeat = (unit: string) => Buffer.from(unit.repeat(Math.ceil(payloadBytes / unit.length)));
  const asDuet = (unit: string): Words => ({ greeting: Buffer.from(hello), payload: repeat(unit) });
  const asRaw = (unit: string): Words => ({ greeting: Buffer.from("hi\n"), payload: repeat(unit) });
  switch (kind as FloodKind) {
    case "lines":
      return asRaw("the quick brown fox jumps over the lazy dog\n");
    case "empty lines":
      return asRaw("\n");
    case "pings":
      return asDuet(`${encodeFrame({ type: "ping", number: 1 })}\n`);
    case "unknown frames":
      return asDuet('duet/1 {"type":"news"}\n');
    case "renames":
      return asDuet(
        ["a", "b"].map((end) => `${encodeFrame({ type: "renamed", name: `${name}${end}` })}\n`).join(""),
      );
    case "growing text":
      return asRaw("more text ");
  }
}

function begin(number: number): void {
  const { greeting, payload } = chooseWords(number);
  let at = 0;
  const write = (socket: Bun.Socket): void => {
    for (;;) {
      const written = socket.write(payload.subarray(at));
      if (written <= 0) return;
      const isAll = written === payload.length - at;
      at = (at + written) % payload.length;
      if (!isAll) return;
    }
  };
  const again = (): void => void setTimeout(() => begin(number), reconnectMs);
  void Bun.connect({
    hostname: "127.0.0.1",
    port: Number(port),
    socket: {
      open: (socket) => {
        socket.write(greeting);
        write(socket);
        begun += 1;
        if (begun === Number(peers)) process.stdout.write("flooding\n");
      },
      data: () => {},
      drain: write,
      close: again,
      error: () => {},
    },
  }).catch(again);
}

for (let number = 0; number < Number(peers); number += 1) begin(number);
