/**
 * The datagram by which duets of a local network find each other (PROTOCOL.md, LAN discovery): who listens with which
 * transport at which port, and no text but a name. Values ↔ bytes; whoever reads one trusts no address but the one it
 * came from.
 */

import { datagramFrameMaxBytes } from "../limits.ts";
import { cleanName } from "../text/nicknames.ts";
import type { TransportName } from "../sockets/socket-event.ts";
import { framePrefix } from "../frames/frame-codec.ts";

/** Administratively scoped, of the local scope (RFC 2365 §6.1): `d` and `u` in ASCII are 100 and 117. */
export const lanGroupV4 = "239.255.100.117";
/** Link-local (RFC 4291 §2.7): `duet` in ASCII is 64 75 65 74. */
export const lanGroupV6 = "ff02::6475:6574";
/** Below the ports that systems give to whoever asks for any. */
export const lanPort = 23_838;

/** Where a duet listens; its address is where the announcement came from. */
export interface LanService {
  readonly transport: TransportName;
  readonly port: number;
}

export interface LanAnnouncement {
  /** `gone`: it leaves, and listens nowhere any more. */
  readonly type: "here" | "gone";
  /** Random, of one process: 24 hexadecimal digits. No other frame bears it. */
  readonly session: string;
  /** Clean, at most nameMaxColumns wide. */
  readonly name: string;
  /** One for each transport at most. */
  readonly services: readonly LanService[];
  /** Everybody is asked to announce themselves soon. */
  readonly isQuery: boolean;
  /** By which its sender knows it again: 16 hexadecimal digits. */
  readonly probe: string;
}

/** At most datagramFrameMaxBytes, whatever the name is. */
export function encodeLanAnnouncement(announcement: LanAnnouncement): Uint8Array {
  const { type, session, name, services, isQuery, probe } = announcement;
  const listens = services.map(({ transport, port }) => [transport, port]);
  return Buffer.from(framePrefix + JSON.stringify({ type, session, name, listens, asks: isQuery, probe }));
}

const decoder = new TextDecoder();

/** Undefined for anything else: what comes from a network is not trusted, and nothing of it is told. */
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

function readFields({ type, session, name, listens, asks, probe }: Fields): LanAnnouncement | undefined {
  if (type !== "here" && type !== "gone") return undefined;
  if (!isHex(session, 24) || !isHex(probe, 16) || typeof name !== "string" || !Array.isArray(listens))
    return undefined;
  const services = readPlaces(listens);
  return { type, session, name: cleanName(name), services, isQuery: asks === true, probe };
}

/** A transport that is unknown here, or comes twice, is passed over. */
function readPlaces(listens: readonly unknown[]): readonly LanService[] {
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
