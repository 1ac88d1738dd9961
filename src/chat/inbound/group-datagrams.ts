/** Datagrams that are received in a multicast group. */

import { parseGroupLine } from "../../protocol/lan/multicast-chat.ts";
import { receiveText } from "../messages/raw-lines.ts";
import type { SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import type { Datagram } from "./received-datagram.ts";
import { introducePeer, becomeRaw } from "../connections/recognition.ts";
import { noteReceivedFrom } from "../connections/pings.ts";
import { mustWaitForTurn } from "../room/strangers.ts";
import { setName } from "../peer/identity.ts";
import type { Link } from "../peer/link.ts";
import { claimGroupName } from "../records/group-names.ts";

/** A datagram of a group member, shown with the name in it and the sender's address. */
export function receiveGroupDatagram(
  chat: SendContext,
  side: Side,
  peer: Peer,
  { text, bytes, span }: Datagram,
): void {
  noteReceivedFrom(chat, side, peer);
  if (peer.identity.kind === "unknown") becomeRaw(chat, peer);
  if (peer.link.endReason !== undefined || bytes === 0) return;
  const line = side.isRaw ? { name: undefined, text } : parseGroupLine(text);
  if (line.name !== undefined) setName(peer.identity, claimName(chat, peer.link, line.name));
  if (!peer.identity.isIntroduced) introducePeer(chat, peer);
  const input = { kind: "datagram", text: line.text, bytes, span } as const;
  if (!mustWaitForTurn(chat, peer, input)) receiveText(chat, side, peer, input, span);
}

function claimName({ room, self }: SendContext, { connection, endpoint }: Link, name: string): string {
  const address = endpoint.family === "unix" ? endpoint.path : endpoint.address;
  return claimGroupName(room.groupNames, { connection, address }, name, self.name);
}
