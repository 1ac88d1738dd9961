/**
 * The datagram by which duets of a local network find each other (PROTOCOL.md, LAN discovery): the transports and
 * ports that a duet listens at, and its name. Only the source address of the datagram is trusted as the duet's.
 */

import { canonicalizeAddress } from "../address/address.ts";
import { datagramFrameMaxBytes, lanAddressesMax } from "../limits.ts";
import { cleanName } from "../text/nicknames.ts";
import type { TransportName } from "../sockets/socket-event.ts";
import { framePrefix } from "../frames/frame-codec.ts";
import { parseKey } from "../identity/key-text.ts";

/** Administratively scoped, of the local scope (RFC 2365 §6.1): `d` and `u` in ASCII are 100 and 117. */
export const lanGroupV4 = "239.255.100.117";
/** Link-local (RFC 4291 §2.7): `duet` in ASCII is 64 75 65 74. */
export const lanGroupV6 = "ff02::6475:6574";
/** Below the range of ephemeral ports. */
export const lanPort = 23_838;

/** A transport and port that a duet listens at. */
export interface LanService {
  readonly transport: TransportName;
  readonly port: number;
}

export interface LanAnnouncement {
  /** `gone`: the duet is leaving, and no longer listens. */
  readonly type: "here" | "gone";
  /** Random for each process: 24 hexadecimal digits. Used in no other frame. */
  readonly session: string;
  /** Clean, at most nameMaxColumns wide. */
  readonly name: string;
  /** At most one for each transport. */
  readonly services: readonly LanService[];
  /** True if every receiver should announce itself soon. */
  readonly isQuery: boolean;
  /** Lets the sender recognise its own datagram when it is looped back: 16 hexadecimal digits. */
  readonly probe: string;
  /** Other addresses of the duet on the same network, without zones; at most lanAddressesMax. */
  readonly also: readonly string[];
  /** The key of the duet's identity, as text; without one the duet seals with nobody there. Nothing proves it. */
  readonly identity?: string;
}

/** Encodes at most datagramFrameMaxBytes, whatever the name. */
export function encodeLanAnnouncement(announcement: LanAnnouncement): Uint8Array {
  const { type, session, name, services, isQuery, probe, also, identity } = announcement;
  const listens = services.map(({ transport, port }) => [transport, port]);
  const fields = { type, session, name, listens, asks: isQuery, probe };
  const optional = { ...(also.length > 0 && { also }), ...(identity !== undefined && { identity }) };
  return Buffer.from(framePrefix + JSON.stringify({ ...fields, ...optional }));
}

const decoder = new TextDecoder();

/** Undefined for any other datagram. */
export function parseLanAnnouncement(bytes: Uint8Array): LanAnnouncement | undefined {
  if (bytes.length > datagramFrameMaxBytes) return undefined;
  const text = decoder.decode(bytes);
  if (!text.startsWith(framePrefix)) return undefined;
  let fields: unknown;
  try {
    fields = JSON.parse(text.slice(framePrefix.length));
  } catch {
    return undefined;
  }
  return typeof fields === "object" && fields !== null ? readFields(fields as Fields) : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function readFields({
  type,
  session,
  name,
  listens,
  asks,
  probe,
  also,
  identity,
}: Fields): LanAnnouncement | undefined {
  if (type !== "here" && type !== "gone") return undefined;
  if (!isHex(session, 24) || !isHex(probe, 16) || typeof name !== "string" || !Array.isArray(listens))
    return undefined;
  const services = readServices(listens);
  return {
    type,
    session,
    name: cleanName(name),
    services,
    isQuery: asks === true,
    probe,
    also: readAddresses(also),
    ...readIdentity(identity),
  };
}

/** Ignores what is no key. */
function readIdentity(identity: unknown): Pick<LanAnnouncement, "identity"> {
  if (typeof identity !== "string" || parseKey(identity) === undefined) return {};
  return { identity: identity.toLowerCase() };
}

/** Ignores what is no address. A zone has a meaning on the sender's machine only. */
function readAddresses(also: unknown): readonly string[] {
  if (!Array.isArray(also)) return [];
  return (also as readonly unknown[]).slice(0, lanAddressesMax).flatMap((each): readonly string[] => {
    const address = typeof each === "string" && !each.includes("%") ? canonicalizeAddress(each) : undefined;
    return address === undefined ? [] : [address];
  });
}

/** Ignores an unknown transport and the second service of one. */
function readServices(listens: readonly unknown[]): readonly LanService[] {
  const ports = new Map<TransportName, number>();
  for (const pair of listens.slice(0, 8)) {
    const [transport, port] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
    if ((transport !== "tcp" && transport !== "udp") || ports.has(transport)) continue;
    if (typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65_535)
      ports.set(transport, port);
  }
  return [...ports].map(([transport, port]) => ({ transport, port }));
}

function isHex(value: unknown, digits: number): value is string {
  return typeof value === "string" && value.length === digits && /^[0-9a-f]+$/.test(value);
}
