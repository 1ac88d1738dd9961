/** Finds the address of this machine on the network, for the command in an invitation. */

import { networkInterfaces } from "node:os";

/**
 * The first IPv4 address, or else IPv6 address, that is neither loopback nor link-local; undefined if there is none.
 */
export function findMachineAddress(): string | undefined {
  const candidates = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/.test(address));
  return (candidates.find(({ family }) => family === "IPv4") ?? candidates[0])?.address;
}
