/**
 * `/broadcast`: one datagram to all machines of a subnet, after a confirmation. It is sent from the UDP side's own
 * socket, so that recipients can answer; our own copy that returns is ignored.
 */

import { type Endpoint, isLoopback } from "../../protocol/address/endpoint.ts";
import { encodeGroupLine } from "../../protocol/lan/multicast-chat.ts";
import { datagramWarnBytes } from "../../protocol/limits.ts";
import { limitedBroadcast } from "../../protocol/address/subnet.ts";
import { parseTarget, portDefault } from "../../protocol/address/target.ts";
import { cleanText } from "../../protocol/text/text.ts";
import type { Chat, ReportContext } from "../model/chat.ts";
import type { BroadcastRequest, BroadcastWish, Subnets } from "../model/effect.ts";
import { makeOwnEntry } from "../outbound/own-message.ts";
import { getNameHere } from "../outbound/recipients.ts";
import { addEntry, addNotice, reportProblem } from "../report/report.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { SideSocket } from "../model/side.ts";
import type { Network } from "../model/chat.ts";

/** `TEXT [ADDR[:PORT]]`. `forced`: it is sent without a question. Returns undefined when done, else the problem. */
export function broadcast(
  chat: Pick<Chat, "effects" | "sides">,
  rest: string,
  forced: boolean,
): Sentence | undefined {
  const side = chat.sides.udp;
  const wrong = findBroadcastProblem(side.socket);
  if (wrong !== undefined) return wrong;
  const { text, place } = splitDestination(rest);
  if (text === "") return sentence("needs-text", { command: "broadcast" });
  if (Buffer.byteLength(text) > datagramWarnBytes)
    return sentence("broadcast-too-long", { bytes: datagramWarnBytes });
  const port = place?.port ?? chooseBroadcastPort(side.socket);
  const wish = { text, address: place?.address, port, forced };
  chat.effects.push({ type: "find-subnets", wish });
  return undefined;
}

function findBroadcastProblem({ isOpen: open, local }: SideSocket): Sentence | undefined {
  if (!open || local === undefined) return sentence("broadcast-needs-socket");
  if (isLoopback(local)) return sentence("broadcast-needs-network");
  return undefined;
}

/** Our own port if we listen, for duets like us; else the default port. */
function chooseBroadcastPort({ role, local }: SideSocket): number {
  return role === "listen" && local !== undefined && local.family !== "unix" ? local.port : portDefault;
}

/** Splits a destination from the text: the last word if it is an IPv4 address, with or without a port. */
function splitDestination(rest: string): {
  readonly text: string;
  readonly place?: { readonly address: string; readonly port: number | undefined };
} {
  const [, text = "", word = ""] = /^(?:([^]*?)\s+)?(\S+)$/.exec(rest) ?? [];
  const [, address = "", port] = /^((?:\d{1,3}\.){3}\d{1,3})(?::(\d+))?$/.exec(word) ?? [];
  const parsed = parseTarget([address, port ?? "1"], { role: "connect", host: "", port: portDefault });
  if (address === "" || parsed.kind !== "ip") return { text: rest };
  return { text, place: { address: parsed.host, port: port === undefined ? undefined : parsed.port } };
}

/** Checks the destination against this machine's subnets, then asks for confirmation or sends. */
export function applySubnets(
  chat: ReportContext & Pick<Chat, "network" | "self">,
  wish: BroadcastWish,
  subnets: Subnets,
): void {
  const side = chat.sides.udp;
  chat.network.ourAddresses = new Set(subnets.ours);
  const { broadcasts } = subnets;
  const address = wish.address ?? broadcasts[0];
  if (address === undefined || (address !== limitedBroadcast && !broadcasts.includes(address))) {
    chat.effects.push({ type: "return-text", text: `/broadcast ${wish.text}` });
    const what =
      address === undefined ? sentence("no-subnet") : sentence("no-broadcast-address", { address });
    return reportProblem(
      chat,
      chat.sides[chat.focus.active],
      "EUSAGE",
      what,
      sentence("broadcast-addresses", { addresses: broadcasts, nearest: limitedBroadcast }),
    );
  }
  const settled = { ...wish, address };
  if (wish.forced) return sendBroadcast(chat, settled);
  if (side.socket.isOpen)
    chat.effects.push({ type: "ask-screen", request: { type: "broadcast", wish: settled } });
}

/** Sends a confirmed broadcast. */
export function sendBroadcast(chat: ReportContext & Pick<Chat, "self">, wish: BroadcastRequest): void {
  const side = chat.sides.udp;
  const wrong = findBroadcastProblem(side.socket);
  if (wrong !== undefined)
    return addNotice(
      chat,
      chat.sides[chat.focus.active],
      "warning",
      sentence("broadcast-not-sent", { why: wrong }),
    );
  const { text, address, port } = wish;
  const words = side.isRaw ? text : encodeGroupLine({ name: getNameHere(chat.self, side), text });
  chat.effects.push({ type: "broadcast-datagram", address, port, payload: Buffer.from(words) });
  const note = sentence("to-subnet", { address, port });
  addEntry(chat, side, { ...makeOwnEntry(chat, side, [], cleanText(text)), note });
  if (side !== chat.sides[chat.focus.active])
    addNotice(chat, chat.sides[chat.focus.active], "info", sentence("broadcast-left"));
}

/** True if a datagram is our own broadcast: from our port, at one of our addresses. */
export function isOwnEcho({ ourAddresses }: Network, { local }: SideSocket, from: Endpoint): boolean {
  if (ourAddresses === undefined || local === undefined) return false;
  if (local.family === "unix" || from.family === "unix") return false;
  return from.port === local.port && ourAddresses.has(from.address);
}
