/** Endpoints of sockets: formats and compares them. */

import { canonicalizeAddress } from "./address.ts";

/** `address` is canonical, and a link-local one has its zone. */
export interface IpEndpoint {
  readonly family: "IPv4" | "IPv6";
  readonly address: string;
  readonly port: number;
}

/**
 * `path` is a file, or `@name` for an abstract socket. `number` distinguishes inbound UNIX peers, which have no
 * address.
 */
export type Endpoint =
  IpEndpoint | { readonly family: "unix"; readonly path: string; readonly number?: number };

/** `127.0.0.1:8080`, `[::1]:8080`, `/run/chat.sock`, `@chat`, `@chat#3`. */
export function formatEndpoint(endpoint: Endpoint): string {
  switch (endpoint.family) {
    case "IPv4":
      return `${endpoint.address}:${endpoint.port}`;
    case "IPv6":
      return `[${endpoint.address}]:${endpoint.port}`;
    case "unix":
      return endpoint.number === undefined ? endpoint.path : `${endpoint.path}#${endpoint.number}`;
  }
}

/**
 * Makes an endpoint of an address in any spelling: the only place that does, so that equal endpoints have equal text.
 * A mapped IPv4 address, which a dual-stack listener reports, becomes IPv4. A zone must be a name
 * (transport/kernel/zones.ts names those that are numbers).
 */
export function makeIpEndpoint(address: string, port: number): IpEndpoint {
  const canonical = canonicalizeAddress(address) ?? address;
  return { family: canonical.includes(":") ? "IPv6" : "IPv4", address: canonical, port };
}

/** An endpoint as formatEndpoint writes it, or in any other spelling; undefined if `text` is none. */
export function parseIpEndpoint(text: string): IpEndpoint | undefined {
  const [, bracketed, plain, port = ""] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const address = canonicalizeAddress(bracketed ?? plain ?? "");
  return address === undefined ? undefined : makeIpEndpoint(address, Number(port));
}

/** 127.0.0.0/8, ::1 and every UNIX socket: traffic that never leaves this machine. */
export function isLoopback(endpoint: Endpoint): boolean {
  switch (endpoint.family) {
    case "IPv4":
      return endpoint.address.startsWith("127.");
    case "IPv6":
      return endpoint.address === "::1";
    case "unix":
      return true;
  }
}

/** 0.0.0.0 and ::, all interfaces for bind, and this machine for connect. */
export function isUnspecified(endpoint: Endpoint): boolean {
  return endpoint.family !== "unix" && (endpoint.address === "0.0.0.0" || endpoint.address === "::");
}

/**
 * Whether a socket bound to `bound` is the one reached at `found`: the same endpoint, or a loopback one of a socket
 * bound to all interfaces.
 */
export function isSameEndpoint(bound: Endpoint, found: Endpoint): boolean {
  if (formatEndpoint(bound) === formatEndpoint(found)) return true;
  if (bound.family === "unix" || found.family === "unix") return false;
  if (bound.port !== found.port || !isLoopback(found)) return false;
  return bound.address === "::" || (bound.address === "0.0.0.0" && found.family === "IPv4");
}
