/** Encodes and parses the text of an announcement file. Parsing is strict: one wrong field invalidates the file. */

import { parseIpAddress } from "../../protocol/address/address.ts";
import { type Endpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";

/**
 * `startTime`: of the process, in clock ticks since boot. `network`: its network namespace, since each has a 127.0.0.1
 * of its own. Both are undefined where the system does not report them.
 */
interface AnnouncementRecord {
  readonly transport: TransportName;
  readonly endpoint: Endpoint;
  readonly name: string;
  readonly pid: number;
  readonly startTime: string | undefined;
  readonly network: string | undefined;
}

const formatVersion = 1;
const nameMaxUnits = 256;
/** The bytes of a path in sockaddr_un, without its NUL. */
const pathMaxBytes = 107;

/** One line of JSON, with a newline. A name that parseAnnouncement would reject becomes empty. */
export function encodeAnnouncement(record: AnnouncementRecord): string {
  const name = isName(record.name) ? record.name : "";
  return `${JSON.stringify({ version: formatVersion, ...record, name })}\n`;
}

/** Ignores unknown fields, for later versions; returns undefined for anything else unexpected. */
export function parseAnnouncement(text: string): AnnouncementRecord | undefined {
  const fields = parseObject(text);
  if (fields === undefined || fields["version"] !== formatVersion) return undefined;
  const { transport, name, pid, startTime, network } = fields;
  const endpoint = parseEndpoint(fields["endpoint"]);
  if ((transport !== "tcp" && transport !== "udp") || endpoint === undefined) return undefined;
  if (transport === "udp" && endpoint.family === "unix") return undefined;
  if (!isName(name) || !isInteger(pid, 1, 0x7fff_ffff)) return undefined;
  if (startTime !== undefined && !(typeof startTime === "string" && /^\d{1,20}$/.test(startTime)))
    return undefined;
  if (network !== undefined && !(typeof network === "string" && /^net:\[\d{1,20}\]$/.test(network)))
    return undefined;
  return { transport, endpoint, name, pid, startTime, network };
}

function parseEndpoint(value: unknown): Endpoint | undefined {
  if (!isRecord(value)) return undefined;
  const { family, address, port, path } = value;
  if (family === "unix") return isSocketPath(path) ? { family, path } : undefined;
  if ((family !== "IPv4" && family !== "IPv6") || typeof address !== "string") return undefined;
  if (parseIpAddress(address)?.family !== family || !isInteger(port, 1, 65_535)) return undefined;
  return makeIpEndpoint(address, port);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isInteger(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value.length <= nameMaxUnits && !/\p{Cc}/u.test(value);
}

function isSocketPath(value: unknown): value is string {
  return typeof value === "string" && /^[^\0]+$/.test(value) && Buffer.byteLength(value) <= pathMaxBytes;
}
