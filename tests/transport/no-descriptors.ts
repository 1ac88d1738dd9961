/** Run with a low descriptor limit: uses all descriptors, then prints the error code of opening each transport. */

import { openSync } from "node:fs";
import { connectTcp } from "../../src/transport/tcp/tcp-connector.ts";
import { listenTcp } from "../../src/transport/tcp/tcp-listener.ts";
import { bindUdp } from "../../src/transport/udp/udp-socket.ts";
import { Witness } from "../support/events.ts";

const target = { kind: "ip", host: "127.0.0.1", port: 0 } as const;
try {
  for (;;) openSync("/dev/null", "r");
} catch {
  // No descriptor is left now.
}
const witnesses = [
  new Witness((onEvent) => listenTcp({ target, peersMax: 1 }, onEvent)),
  new Witness((onEvent) => connectTcp({ target: { ...target, port: 9 }, timeoutMs: 1000 }, onEvent)),
  new Witness((onEvent) => bindUdp({ bind: target, peer: undefined, peersMax: 1 }, onEvent)),
];
for (const witness of witnesses) {
  await witness.event("stopped");
  console.log(witness.all("failed")[0]?.error.code);
}
