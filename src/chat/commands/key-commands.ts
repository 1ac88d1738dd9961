/** Commands about keys: each returns undefined when done, else the problem. */

import { whoRowsMax } from "../../protocol/limits.ts";
import { formatFingerprint } from "../../protocol/identity/key-text.ts";
import type { KnownPeer } from "../../protocol/identity/known-peers.ts";
import type { Cell } from "../../words/parts/table.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { trustHeld } from "../connections/recognised-key.ts";
import { openByPerson } from "../connections/sides.ts";
import type { SendContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { addNotice } from "../report/report.ts";
import { reconnect } from "./connection-commands.ts";

/** Lists the known keys, the one that was met last first. */
export function showKnownPeers(chat: SendContext, side: Side): undefined {
  const known = [...chat.self.people.source.readKnown().values()].toReversed();
  if (known.length === 0) return addNotice(chat, side, "info", sentence("no-known-peers")) as undefined;
  const table = { rows: known.slice(0, whoRowsMax).map(makeRow) };
  for (const at of table.rows.keys()) addNotice(chat, side, "info", sentence("row", { table, at }));
  if (known.length > whoRowsMax)
    addNotice(chat, side, "info", sentence("and-more", { more: known.length - whoRowsMax }));
}

function makeRow({ key, names, endpoints, isVerified, lastMs }: KnownPeer): readonly Cell<Sentence>[] {
  const date = new Date(lastMs).toISOString().slice(0, 10);
  return [
    names.at(-1) ?? "",
    formatFingerprint(key),
    isVerified ? "VERIFIED" : "",
    endpoints.at(-1) ?? "",
    date,
  ];
}

/** Forgets the keys that have used a name. */
export function forgetPeer(chat: SendContext, side: Side, name: string): Sentence | undefined {
  if (name === "") return sentence("needs-name", { command: "forget" });
  const found = [...chat.self.people.source.readKnown().values()].filter(({ names }) => names.includes(name));
  if (found.length === 0) return sentence("peer-not-known", { name });
  for (const { key } of found) chat.effects.push({ type: "learn-peer", change: { is: "forgotten", key } });
  addNotice(chat, side, "info", sentence("peer-forgotten", { name, keys: found.length }));
  return undefined;
}

/** Accepts the connection that was held, and connects again. `name`: whom it is to be, if it is written. */
export function trust(chat: SendContext, side: Side, name: string): Sentence | undefined {
  const { people } = chat.self;
  const { held } = people;
  if (held === undefined) return sentence("nothing-held");
  const names = people.source.readKnown().get(held.expected)?.names ?? [];
  if (name !== "" && name !== held.endpoint && !names.includes(name))
    return sentence("peer-not-known", { name });
  trustHeld(chat);
  const { key } = held;
  addNotice(
    chat,
    side,
    "info",
    key === undefined ? sentence("plain-trusted") : sentence("key-trusted", { key: formatFingerprint(key) }),
  );
  return held.isListed ? joinListed(chat, side, key) : reconnect(chat, side);
}

/** Joins the duet that was held again, in spite of the person as whom it is listed. `key`: it must have this one. */
function joinListed(chat: SendContext, side: Side, key: string | undefined): Sentence | undefined {
  const { request } = side.socket;
  if (request?.role !== "connect") return sentence("nothing-held");
  openByPerson(chat, side.transport, { ...request, listed: { key } });
  return undefined;
}
