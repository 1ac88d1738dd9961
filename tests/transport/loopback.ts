/** Listeners and connectors on this machine, as the TCP tests open them. */

import type { Target } from "../../src/protocol/address/target.ts";
import { connectTcp } from "../../src/transport/tcp/tcp-connector.ts";
import { listenTcp } from "../../src/transport/tcp/tcp-listener.ts";
import { Witness } from "../support/events.ts";
import type { StreamFamily } from "./contract.ts";

export const loopback: StreamFamily = {
  name: "TCP",
  listenAt: () => ({ kind: "ip", host: "127.0.0.1", port: 0 }),
  connectTo: (_, port) => ({ kind: "ip", host: "127.0.0.1", port }),
};

export function listenOn(host: string, port = 0, peersMax = 16) {
  return new Witness((onEvent) => listenTcp({ target: { kind: "ip", host, port }, peersMax }, onEvent));
}

export function connectTo(target: Target, timeoutMs = 60_000) {
  return new Witness((onEvent) => connectTcp({ target, timeoutMs }, onEvent));
}

export async function portOf(server: Witness): Promise<number> {
  const { local } = await server.event("listening");
  return local.family === "unix" ? 0 : local.port;
}
