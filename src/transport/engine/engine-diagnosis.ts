/**
 * Why the engine cannot be used. Bun's client reports a refused connection, a wrong password and a wrong certificate alike, so
 * that one more connection asks.
 */

import type { EngineProblem } from "../../protocol/hubs/engine-event.ts";
import type { RoomPlace } from "../../protocol/hubs/room-place.ts";
import { engineSilentMs } from "../../protocol/limits.ts";
import { cleanText } from "../../protocol/text/text.ts";

/** The problem in an error reply of the engine. */
export function readEngineReply(text: string): EngineProblem {
  const [word = ""] = text.split(" ", 1);
  switch (word) {
    case "OOM":
    case "MISCONF":
      return { is: "full" };
    case "READONLY":
    // A read that waits is answered so when the engine becomes a replica.
    case "UNBLOCKED":
      return { is: "read-only" };
    case "NOAUTH":
    case "WRONGPASS":
    case "NOPERM":
      return { is: "denied" };
    case "LOADING":
    case "MASTERDOWN":
    case "BUSY":
      return { is: "loading" };
    default:
      return { is: "other", text: cleanText(text).slice(0, 200) };
  }
}

/** Connects, authenticates and asks for a PONG. Never rejects. */
export function diagnoseEngine({ isTls, host, port, user, password }: RoomPlace): Promise<EngineProblem> {
  const { promise, resolve } = Promise.withResolvers<EngineProblem>();
  const timer = setTimeout(() => resolve({ is: "silent" }), engineSilentMs);
  const auth = password === undefined ? [] : [["AUTH", ...(user === undefined ? [] : [user]), password]];
  const commands = [...auth, ["PING"]].map(encodeCommand).join("");
  let received = "";
  const socket = {
    open: (connection: Bun.Socket): void => void (isTls || connection.write(commands)),
    handshake: (connection: Bun.Socket, isOk: boolean): void => {
      if (!isOk) resolve({ is: "certificate" });
      else connection.write(commands);
    },
    data: (_: Bun.Socket, bytes: Uint8Array): void => {
      received += Buffer.from(bytes).toString("latin1");
      const refusal = /^-(.*)\r\n/m.exec(received)?.[1];
      if (refusal !== undefined) resolve(readEngineReply(refusal));
      else if (received.split("\r\n").length > auth.length + 1)
        // The engine answers now: the connection alone was lost.
        resolve({ is: "unreachable", code: "ECONNRESET" });
    },
    close: (): void => resolve({ is: "unreachable", code: "ECONNRESET" }),
    connectError: (_: Bun.Socket, error: Error): void =>
      resolve({ is: "unreachable", code: findCode(error) }),
    error: (): void => resolve({ is: isTls ? "certificate" : "silent" }),
  };
  const tls = isTls ? { tls: { serverName: host, rejectUnauthorized: true } } : {};
  const connecting = Bun.connect({ hostname: host, port, socket, ...tls });
  connecting.catch((error: unknown) => resolve({ is: "unreachable", code: findCode(error) }));
  return promise.finally(() => {
    clearTimeout(timer);
    connecting.then((connection) => connection.terminate()).catch(() => {});
  });
}

function encodeCommand(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;
}

function findCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /^E[A-Z]+$/.test(code) ? code : "ECONNREFUSED";
}
