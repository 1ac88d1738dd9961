/**
 * How the place where a side listens is reached by a friend, and with which key. Facts only: the commands to hand over are
 * in src/words.
 */

import { cleanText } from "../../protocol/text/text.ts";
import { type Endpoint, isLoopback } from "../../protocol/address/endpoint.ts";
import { formatKey } from "../../protocol/identity/key-text.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Invitation } from "../../words/parts/invitation.ts";
import type { Chat } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { canSeal } from "../peer/seal.ts";
import { getOwnKey } from "../records/key-source.ts";

interface InvitationFacts {
  /** Replaces the address of a socket that is bound to all interfaces. */
  readonly machineAddress?: string | undefined;
  readonly key?: string | undefined;
  readonly hasPassword?: boolean;
}

/** `raw`: the friend must use raw mode too. */
export function makeInvitation(
  transport: TransportName,
  local: Endpoint,
  raw: boolean,
  { machineAddress = "THIS-MACHINE", key, hasPassword = false }: InvitationFacts = {},
): Invitation {
  const place = formatPlace(local, machineAddress);
  return { transport, raw, place, sameMachine: isLoopback(local), key, hasPassword };
}

/** The invitation to a side that listens at `local`. */
export function inviteTo(
  chat: Pick<Chat, "self" | "config">,
  side: Pick<Side, "transport" | "socket" | "isRaw">,
  local: Endpoint,
  machineAddress = chat.config.machineAddress,
): Invitation {
  const key = findKeyToHandOver(chat, side);
  const hasPassword = chat.config.password !== undefined;
  return makeInvitation(side.transport, local, side.isRaw, { machineAddress, key, hasPassword });
}

/** Our key, for the line that a friend joins with; undefined where a friend's duet is answered in the clear. */
export function findKeyToHandOver(
  { self, config }: Pick<Chat, "self" | "config">,
  side: Pick<Side, "socket" | "isRaw">,
): string | undefined {
  const { local } = side.socket;
  if (!canSeal(config) || side.isRaw || local === undefined) return undefined;
  const isHere = local.family === "unix" || isLoopback(local);
  if (isHere && config.encrypt !== "require") return undefined;
  return formatKey(getOwnKey(self.keys).publicKey);
}

function formatPlace(local: Endpoint, machine: string): string {
  if (local.family === "unix") return `-U ${cleanText(local.path)}`;
  const any = local.address === "0.0.0.0" || local.address === "::";
  return `${any ? machine : local.address} ${local.port}`;
}
