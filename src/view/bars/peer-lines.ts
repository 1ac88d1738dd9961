/**
 * Two lines for each peer: name and address; kind, state and traffic. Fits the panel's width and height; no colours.
 */

import { computeLossShare } from "../../chat/features/link-measures.ts";
import { getStateGlyph } from "../../chat/records/connection-state.ts";
import type { LinkMeasures } from "../../chat/records/link-measures.ts";
import type { HubMemberModel, PeerModel, ScreenModel } from "../../chat/screen/screen-model.ts";
import { formatBytes, formatPercent, formatRoundTrip } from "../../protocol/text/quantities.ts";
import { measureColumns } from "../../protocol/text/wrap.ts";
import type { Words } from "../../words/tables/words.ts";
import { type Segment, type SegmentTone, fitSegments, makeSegment } from "./segments.ts";
import { cutName } from "../conversation/author-label.ts";
import { makeSecuritySegment } from "./security.ts";
import { getStateTone } from "./top-bar.ts";

export interface PeerLine {
  readonly text: string;
  readonly tone: SegmentTone | "name";
  /** The key of a name's colour. */
  readonly nameKey?: string;
  /** Spaces before it. */
  readonly space: number;
}

/** The lines of the panel, each a few pieces of text: at most `rows` lines of `columns`. */
export function buildPeerLines(
  model: ScreenModel,
  columns: number,
  rows: number,
): readonly (readonly PeerLine[])[] {
  const { peers, words } = model;
  if (model.tabs[model.active].room !== undefined) return buildRoomLines(model, columns, rows);
  const isOverBoth = model.scrollback[model.active].isOverBoth;
  const title = peers.length === 0 ? words.peers.nobody : words.peers.here(peers.length);
  const room = Math.max(0, Math.floor((rows - 1) / 2));
  const shown = peers.length <= room ? peers : peers.slice(0, Math.max(0, Math.floor((rows - 2) / 2)));
  const lines = [
    [{ text: title, tone: "quiet", space: 0 } as const],
    ...shown.flatMap((peer) => buildPeer(peer, words, columns, isOverBoth)),
  ];
  if (shown.length === peers.length) return lines.slice(0, rows);
  const more: PeerLine = { text: words.peers.more(peers.length - shown.length), tone: "quiet", space: 2 };
  return [...lines, [more]].slice(0, rows);
}

/**
 * A room on several machines: the members here, then each hub with its members, one line each. Every hub has its line as long as
 * half of the panel holds them; then members, ours first.
 */
function buildRoomLines(model: ScreenModel, columns: number, rows: number): readonly (readonly PeerLine[])[] {
  const { peers, hubs, words } = model;
  const isOverBoth = model.scrollback[model.active].isOverBoth;
  const all = model.tabs[model.active].room?.members ?? 0;
  const listed = hubs.slice(0, Math.floor((rows - 1) / 2));
  // The first line, one for each hub, and the last one, which counts the rest.
  let left = Math.max(0, rows - 2 - listed.length);
  const shown = peers.slice(0, Math.floor(left / 2));
  left -= 2 * shown.length;
  let unlisted = all - 1 - shown.length;
  const lines: (readonly PeerLine[])[] = [
    [{ text: words.peers.atThisHub(peers.length), tone: "quiet", space: 0 }],
    ...shown.flatMap((peer) => buildPeer(peer, words, columns, isOverBoth)),
  ];
  for (const { label, count, members } of listed) {
    const some = members.slice(0, left);
    left -= some.length;
    unlisted -= some.length;
    lines.push([{ text: cutName(words.peers.atHub(label, count), columns), tone: "quiet", space: 0 }]);
    for (const member of some) lines.push(buildHubMember(member, columns));
  }
  if (unlisted > 0) lines.push([{ text: words.peers.more(unlisted), tone: "quiet", space: 2 }]);
  return lines.slice(0, rows);
}

function buildHubMember(
  { name, colourKey, security, addressed }: HubMemberModel,
  columns: number,
): readonly PeerLine[] {
  const [verified] = fitSegments([makeSecuritySegment(security, 8, 2)], columns - 12);
  const room = columns - 2 - (verified === undefined ? 0 : measureColumns(verified.text) + 1);
  const named: PeerLine = { text: cutName(name, room), tone: "name", nameKey: colourKey, space: 1 };
  const glyph: PeerLine = { text: addressed ? "→" : " ", tone: "strong", space: 0 };
  return verified === undefined ? [glyph, named] : [glyph, named, { ...verified, space: 1 }];
}

function buildPeer(
  peer: PeerModel,
  words: Words,
  columns: number,
  isOverBoth: boolean,
): readonly (readonly PeerLine[])[] {
  return [buildIdentityLine(peer, columns), buildStateLine(peer, words, columns, isOverBoth)];
}

function buildIdentityLine(peer: PeerModel, columns: number): readonly PeerLine[] {
  const tone = getStateTone(peer.state);
  const glyph: PeerLine = peer.addressed
    ? { text: "→", tone: "strong", space: 0 }
    : { text: getStateGlyph(peer.state), tone, space: 0 };
  const address = peer.address === undefined || peer.address === peer.name ? "" : peer.address;
  const name = cutName(peer.name, Math.max(8, columns - 3 - measureColumns(address)));
  const left = columns - 2 - measureColumns(name) - 1;
  const named: PeerLine = { text: name, tone: "name", nameKey: peer.colourKey, space: 1 };
  if (address === "" || left < 8) return [glyph, named];
  return [glyph, named, { text: cutName(address, left), tone: "quiet", space: 1 }];
}

function buildStateLine(
  peer: PeerModel,
  words: Words,
  columns: number,
  isOverBoth: boolean,
): readonly PeerLine[] {
  // A remote member behind the host has no socket here, and so no state.
  if (peer.kind === "remote") return buildRemoteLine(peer, words, columns);
  const isUsual = peer.state === "ESTABLISHED" || peer.state === "OPEN";
  const roundTrip = peer.roundTripMs === undefined ? "" : formatRoundTrip(peer.roundTripMs);
  const bytes = `↓${formatBytes(peer.bytesIn)} ↑${formatBytes(peer.bytesOut)}`;
  const queued = peer.queuedBytes === 0 ? "" : words.peers.waits(formatBytes(peer.queuedBytes));
  const pieces = fitSegments(
    [
      makeSegment(isOverBoth ? peer.transport.toUpperCase() : "", "quiet", 10),
      makeSegment(isUsual ? "" : peer.state, getStateTone(peer.state), 9),
      makeSegment(queued, "warning", 8),
      buildKindSegment(peer, words),
      makeSegment(roundTrip, "quiet", 6),
      ...buildLinkSegments(peer.link, words),
      makeSegment(bytes, "quiet", 5),
    ],
    columns - 2,
  );
  return pieces.map((piece, index) => (index === 0 ? { ...piece, space: 2 } : piece));
}

/** Private lines to a VERIFIED member are for its key, whatever the host does. */
function buildRemoteLine({ security }: PeerModel, words: Words, columns: number): readonly PeerLine[] {
  const pieces = fitSegments(
    [makeSecuritySegment(security, 8, 2), makeSegment(words.peers.throughHost, "quiet", 9)],
    columns - 2,
  );
  return pieces.map((piece, index) => (index === 0 ? { ...piece, space: 2 } : piece));
}

/** A duet is `PLAIN` or `ENCRYPTED`; a raw peer is always in the clear. */
function buildKindSegment({ kind, security }: PeerModel, words: Words): Segment {
  if (kind === "duet" && security !== undefined) return makeSecuritySegment(security, 8, 2);
  if (kind === "remote") return makeSegment(words.peers.throughHost, "quiet", 8);
  return makeSegment(kind === "unknown" ? "?" : words.peers.kinds[kind], "quiet", 8);
}

/** Loss, duplicates and the like on UDP, where there were any; /stats lists all of it. */
function buildLinkSegments(link: LinkMeasures | undefined, words: Words): readonly Segment[] {
  if (link === undefined) return [];
  const { duplicates, reordered, retransmitted } = link;
  const loss = computeLossShare(link);
  return [
    makeSegment(loss === 0 ? "" : words.bar.loss(formatPercent(loss)), "warning", 7),
    makeSegment(retransmitted === 0 ? "" : words.peers.again(retransmitted), "quiet", 3),
    makeSegment(duplicates === 0 ? "" : words.peers.double(duplicates), "quiet", 2),
    makeSegment(reordered === 0 ? "" : words.peers.late(reordered), "quiet", 1),
  ];
}
