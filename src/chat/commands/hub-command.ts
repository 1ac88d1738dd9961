/** `/hub`: lists the hubs of a shared room with their keys, and removes one. */

import { removedHubsMax, whoRowsMax } from "../../protocol/limits.ts";
import { fingerprintHub } from "../../protocol/hubs/room-entry.ts";
import { cleanText } from "../../protocol/text/text.ts";
import type { Cell } from "../../words/parts/table.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { isRoomSealed, removeByPerson } from "../hubs/removed-hubs.ts";
import type { SendContext } from "../model/chat.ts";
import type { Hub, SharedRoom } from "../model/shared-room.ts";
import type { Side } from "../model/side.ts";
import { addNotice } from "../report/report.ts";

/** Returns undefined when done, else the problem. */
export function runHub(chat: SendContext, side: Side, rest: string): Sentence | undefined {
  const { shared } = chat.room;
  if (shared === undefined) return sentence("room-not-shared");
  if (rest === "") return listHubs(chat, side, shared);
  const [, name] = /^remove\s+"?([^"]+)"?$/i.exec(rest) ?? [];
  if (name === undefined) return sentence("hub-takes");
  return remove(chat, side, shared, cleanText(name.trim().slice(0, 80)));
}

function listHubs(chat: SendContext, side: Side, shared: SharedRoom): undefined {
  const { room, self } = chat;
  const ours = { label: self.name, members: room.members.size + 1, since: shared.since };
  const rows = [
    makeRow(shared.hub, ours, sentence("this-hub")),
    ...[...shared.hubs.values()].map((hub) => makeRow(hub.id, { ...hub, members: hub.names.size }, "")),
  ];
  const table = { rows: rows.slice(0, whoRowsMax) };
  for (const at of table.rows.keys()) addNotice(chat, side, "info", sentence("row", { table, at }));
  if (rows.length > whoRowsMax)
    addNotice(chat, side, "info", sentence("and-more", { more: rows.length - whoRowsMax }));
}

function makeRow(
  id: string,
  {
    label,
    members,
    since,
  }: { readonly label: string; readonly members: number; readonly since: number | undefined },
  mark: Sentence | "",
): readonly Cell<Sentence>[] {
  const joined = since === undefined || since === 0 ? "" : new Date(since).toISOString().slice(0, 16);
  const when = joined === "" ? "" : `${joined.replace("T", " ")}Z`;
  return [label, fingerprintHub(id), sentence("hub-size", { members }), when, mark];
}

function remove(chat: SendContext, side: Side, shared: SharedRoom, name: string): Sentence | undefined {
  const found = findHubs(shared, name);
  const [hub] = found;
  if (hub === undefined) {
    const isOurs = name === chat.self.name || isFingerprint(shared.hub, name);
    return isOurs ? sentence("hub-is-ours") : sentence("hub-missing", { name });
  }
  if (found.length > 1)
    return sentence("hubs-of-one-name", { name, fingerprints: found.map(({ id }) => fingerprintHub(id)) });
  if (!removeByPerson(chat, shared, hub.id)) return sentence("hubs-removed-full", { most: removedHubsMax });
  if (!isRoomSealed(chat)) addNotice(chat, side, "info", sentence("hub-removed-here"));
  return undefined;
}

/** The hubs of that name, or whose fingerprint begins so. */
function findHubs({ hubs }: SharedRoom, name: string): readonly Hub[] {
  const named = [...hubs.values()].filter(({ label }) => label.toLowerCase() === name.toLowerCase());
  return named.length > 0 ? named : [...hubs.values()].filter(({ id }) => isFingerprint(id, name));
}

/** True if a text is the beginning of a hub's fingerprint: at least four digits, with or without the blanks. */
function isFingerprint(id: string, text: string): boolean {
  const digits = text.replaceAll(" ", "").toLowerCase();
  return digits.length >= 4 && fingerprintHub(id).replaceAll(" ", "").startsWith(digits);
}
