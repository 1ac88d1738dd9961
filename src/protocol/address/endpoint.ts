/** Endpoints of sockets: formats and compares them. */

/**
 * `path` is a file, or `@name` for an abstract socket. `number` distinguishes inbound UNIX peers, which have no
 * address.
 */
export type Endpoint =
  | { readonly family: "IPv4"; readonly address: string; readonly port: number }
  | { readonly family: "IPv6"; readonly address: string; readonly port: number }
  | { readonly family: "unix"; readonly path: string; readonly number?: number };

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
 * Makes an endpoint of an address as the kernel prints it. A mapped IPv4 address (`::ffff:127.0.0.1`, RFC 4291
 * §2.5.5.2), which a dual-stack listener reports, becomes IPv4.
 */
export function makeIpEndpoint(address: string, port: number): Endpoint {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return { family: "IPv4", address: mapped[1], port };
  if (address.includes(":")) return { family: "IPv6", address, port };
  return { family: "IPv4", address, port };
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

/**
 * Whether a socket bound to `bound` is the one reached at `found`: the same endpoint, or a loopback one of a socket
 * bound to all interfaces.
 */
export function isSameEndpoint(bound: Endpoint, found: Endpoint): boolean {
  if (formatEndpoint(bound) === formatEndpoint(found) || isEqualButForZone(bound, found)) return true;
  if (bound.family === "unix" || found.family === "unix") return false;
  if (bound.port !== found.port || !isLoopback(found)) return false;
  return bound.address === "::" || (bound.address === "0.0.0.0" && found.family === "IPv4");
}

/** Ignores a zone that only one of them has: Bun 1.4.5 reports a TCP peer's address without it. */
function isEqualButForZone(one: Endpoint, other: Endpoint): boolean {
  if (one.family !== "IPv6" || other.family !== "IPv6" || one.port !== other.port) return false;
  const [address, zone] = one.address.split("%");
  const [otherAddress, otherZone] = other.address.split("%");
  return address === otherAddress && (zone === undefined || otherZone === undefined);
}
