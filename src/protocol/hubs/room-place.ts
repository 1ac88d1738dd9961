/** The place of a room on several machines: `redis://HOST[:PORT]/ROOM`, or `rediss://` over TLS. */

import { engineFieldMaxUnits, roomNameMaxUnits } from "../limits.ts";

export interface RoomPlace {
  readonly isTls: boolean;
  readonly host: string;
  readonly port: number;
  readonly room: string;
  readonly user: string | undefined;
  /** Never printed, logged or shown: showRoomPlace leaves it out. */
  readonly password: string | undefined;
}

/** Why a text names no place. */
export type RoomPlaceProblem = "no-url" | "no-host" | "bad-port" | "no-room" | "bad-room" | "too-long";

/** The port that Redis and Valkey listen on. */
const enginePortDefault = 6379;

/** Reads a URL; credentials in it are percent-decoded. */
export function parseRoomPlace(text: string): RoomPlace | RoomPlaceProblem {
  if (text.length > engineFieldMaxUnits) return "too-long";
  const [, scheme, authority = "", path = ""] = /^(rediss?):\/\/([^/?#]*)\/?([^?#]*)$/.exec(text) ?? [];
  if (scheme === undefined) return "no-url";
  const at = authority.lastIndexOf("@");
  const [user, password] = readCredentials(at < 0 ? "" : authority.slice(0, at));
  const [, bracketed, name, digits] =
    /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(\d*))?$/.exec(authority.slice(at + 1)) ?? [];
  const host = bracketed ?? name ?? "";
  if (host === "") return "no-host";
  const port = digits === undefined || digits === "" ? enginePortDefault : Number(digits);
  if (!(port >= 1 && port <= 65_535)) return "bad-port";
  if (path === "") return "no-room";
  if (!isRoomName(path)) return "bad-room";
  return { isTls: scheme === "rediss", host, port, room: path, user, password };
}

/** Letters, digits, `_`, `.` and `-`: keys of the engine, and what a person types. */
export function isRoomName(text: string): boolean {
  return text.length <= roomNameMaxUnits && /^[A-Za-z0-9_.-]+$/.test(text);
}

function readCredentials(text: string): readonly [string | undefined, string | undefined] {
  const colon = text.indexOf(":");
  const [user, password] = colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
  return [decode(user), decode(password)];
}

function decode(text: string): string | undefined {
  if (text === "") return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The place as it is shown: without user and password. */
export function showRoomPlace({ isTls, host, port, room }: RoomPlace): string {
  return `${isTls ? "rediss" : "redis"}://${formatHost(host)}:${port}/${room}`;
}

/** The URL of the engine, for its client. The URL contains the password. */
export function makeEngineUrl({ isTls, host, port, user, password }: RoomPlace): string {
  const credentials =
    password === undefined ? "" : `${encodeURIComponent(user ?? "")}:${encodeURIComponent(password)}@`;
  return `${isTls ? "rediss" : "redis"}://${credentials}${formatHost(host)}:${port}`;
}

function formatHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
