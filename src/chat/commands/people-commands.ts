/** Commands about names, private messages and raw mode: each returns undefined when done, else the problem. */

import { cleanName } from "../../protocol/text/nicknames.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { sendPrivateMessage } from "../messages/private-messages.ts";
import type { SendContext } from "../model/chat.ts";
import type { LocalMember } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { describeMissingName, splitAddressee } from "../outbound/addressees.ts";
import { getOutboundPeer } from "../outbound/recipients.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { noteAskedName } from "../peer/host-room.ts";
import { addNotice } from "../report/report.ts";
import { renameHost, renameMember, renameSelf } from "../room/members.ts";
import { getPrivateTarget } from "./private-line.ts";
import { setRaw } from "./raw-mode.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

export function changeName(chat: SendContext, side: Side, rest: string): Sentence | undefined {
  if (rest === "") return sentence("needs-name", { command: "nick" });
  const split = splitAddressee(chat.room, side, rest);
  if (split.kind === "ambiguous") return sentence("ambiguous-name", { names: split.names });
  if (split.kind === "found" && split.addressee.kind === "local" && split.rest !== "") {
    const { member } = split.addressee;
    const name = split.rest;
    if (member.via.identity.kind === "duet") return sentence("duet-chooses-name", { name: member.name });
    return namePeer(chat, side, member, cleanName(name));
  }
  const wanted = cleanName(/^"([^"]+)"$/.exec(rest)?.[1] ?? rest);
  chat.effects.push({ type: "remember-name", name: wanted });
  const peer = getOutboundPeer(side);
  if (peer?.identity.kind !== "duet") {
    renameHost(chat, side, wanted);
    return announceName(chat);
  }
  renameSelf(chat, wanted);
  announceName(chat);
  noteAskedName(peer.hostRoom);
  return void sendFrameTo(chat, peer, { type: "renamed", name: wanted });
}

/** Announces the new name on this machine, where we listen for duets. */
function announceName({ effects, sides }: Pick<SendContext, "effects" | "sides">): undefined {
  for (const { transport, isRaw, socket } of [sides.tcp, sides.udp]) {
    const { role, isOpen, local } = socket;
    if (role === "listen" && isOpen && !isRaw && local !== undefined)
      effects.push({ type: "announce", transport, local });
  }
}

/** Names a raw peer, and reports it if the name is taken. */
function namePeer(chat: SendContext, side: Side, member: LocalMember, wanted: string): undefined {
  const from = member.name;
  renameMember(chat, member, wanted);
  const { name } = member;
  if (name !== wanted) addNotice(chat, side, "info", sentence("peer-name-taken", { wanted, from, name }));
}

export function runPrivateMessage(chat: SendContext, side: Side, words: string): Sentence | undefined {
  const split = splitAddressee(chat.room, side, words);
  if (split.kind === "ambiguous") return sentence("ambiguous-name", { names: split.names });
  if (split.rest === "") return sentence("needs-name-and-text", { command: "msg" });
  if (split.kind === "unknown") return describeMissingName(chat, side, split.word);
  return sendPrivateMessage(chat, side, getPrivateTarget(split.addressee, side.transport), split.rest);
}

export function switchRawMode(chat: SendContext, side: Side, word: string): Sentence | undefined {
  if (word !== "" && word !== "on" && word !== "off")
    return sentence("takes-on-or-off", { command: "raw", word: cleanText(word.slice(0, 40)) });
  if (chat.config.password !== undefined) return sentence("raw-has-no-password");
  return void setRaw(chat, side, word === "" ? !side.isRaw : word === "on");
}
