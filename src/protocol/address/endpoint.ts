/**
 * Endpoints: where a socket is bound or whom it talks to. Parsing, printing and comparing only;
 * no names are resolved and no socket is opened here.
 */

/** `path` is a file, or `@name` for an abstract socket; `number` tells apart accepted peers, which have no name. */
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
 * The endpoint of an address as the kernel prints it. An IPv4 address mapped into IPv6
 * (`::ffff:127.0.0.1`, RFC 4291 §2.5.5.2) is the IPv4 address: a dual-stack listener sees both.
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

/** Whether who is bound to `bound` is who is met at `met`: the very endpoint, or a loopback one of all interfaces. */
export function isSameEndpoint(bound: Endpoint, met: Endpoint): boolean {
  if (formatEndpoint(bound) === formatEndpoint(met) || isZoneAlone(bound, met)) return true;
  if (bound.family === "unix" || met.family === "unix") return false;
  if (bound.port !== met.port || !isLoopback(met)) return false;
  return bound.address === "::" || (bound.address === "0.0.0.0" && met.family === "IPv4");
}

/** The same but for a zone that one of them does not tell: Bun 1.4.5 gives a TCP peer's address without it. */
function isZoneAlone(one: Endpoint, other: Endpoint): boolean {
  if (one.family !== "IPv6" || other.family !== "IPv6" || one.port !== other.port) return false;
  const [address, zone] = one.address.split("%");
  const [otherAddress, otherZone] = other.address.split("%");
  return address === otherAddress && (zone === undefined || otherZone === undefined);
}
