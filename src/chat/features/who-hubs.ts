/** `/who` in a room on several machines: the members here, and those of each other hub behind its heading. */

import { whoRowsMax } from "../../protocol/limits.ts";
import type { ReportContext } from "../model/chat.ts";
import type { Hub, SharedRoom } from "../model/shared-room.ts";
import type { Side } from "../model/side.ts";
import { addNotice } from "../report/report.ts";
import type { Cell } from "../../words/parts/table.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

type TableRow = readonly Cell<Sentence>[];

/** Hubs that have a heading of their own. */
const whoHubsMax = 32;

/** `near`: the rows of the members here. */
export function showRoomMembers(
  chat: ReportContext,
  side: Side,
  near: readonly TableRow[],
  shared: SharedRoom,
): void {
  const hubs = [...shared.hubs.values()];
  // Each hub has its row, with the number of its members, also where there are too many to list.
  const listed = hubs.slice(0, whoHubsMax);
  const shown = near.slice(0, whoRowsMax - listed.length);
  const far = makeHubRows(listed, whoRowsMax - listed.length - shown.length);
  const table = { rows: [...shown, ...far.rows] };
  for (const at of table.rows.keys()) {
    for (const heading of far.headings.get(at - shown.length) ?? []) addNotice(chat, side, "info", heading);
    addNotice(chat, side, "info", sentence("row", { table, at }));
  }
  for (const heading of far.headings.get(far.rows.length) ?? []) addNotice(chat, side, "info", heading);
  const all = near.length + hubs.reduce((sum, { names }) => sum + names.size, 0);
  const more = all - shown.length - far.rows.length;
  if (more > 0) addNotice(chat, side, "info", sentence("and-more", { more }));
}

/** The rows of hubs' members, at most so many, and the headings of hubs that stand before a row or behind the last one. */
interface HubRows {
  readonly rows: readonly TableRow[];
  readonly headings: ReadonlyMap<number, readonly Sentence[]>;
}

function makeHubRows(hubs: readonly Hub[], members: number): HubRows {
  const rows: TableRow[] = [];
  const headings = new Map<number, Sentence[]>();
  for (const { label, names } of hubs) {
    const heading = sentence("hub-row", { hub: label, members: names.size });
    headings.set(rows.length, [...(headings.get(rows.length) ?? []), heading]);
    for (const number of names.keys()) {
      if (rows.length === members) break;
      rows.push([
        names.get(number) ?? "",
        `${label}/${number}`,
        names.isDuet(number) ? "duet" : sentence("kind-raw"),
        "",
      ]);
    }
  }
  return { rows, headings };
}
