/** Where others on the network find this machine: asked once, for the command that is handed to a friend. */

import { networkInterfaces } from "node:os";

/** The first IPv4 address that is no loopback, or else such an IPv6 one that is not link-local; undefined: there is none. */
export function machineAddress(): string | undefined {
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/.test(address));
  return (found.find(({ family }) => family === "IPv4") ?? found[0])?.address;
}
