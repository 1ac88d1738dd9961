/**
 * The key of a member that hubs tell each other, as one text, in entries and in presence: `KEY EPOCH` of a duet that is
 * sealed at its hub, or nothing for one that is not. A raw program has no such text.
 */

import { formatKey, parseKey } from "../identity/key-text.ts";

/** A key as text, and what the member's process has drawn. */
interface MemberKey {
  readonly key: string;
  readonly epoch: string;
}

export function formatMemberKey(known: MemberKey | undefined): string {
  return known === undefined ? "" : `${known.key} ${known.epoch}`;
}

const form = /^([2-7a-z]{52}) ([0-9a-f]{32})$/;

/** Undefined: the duet is not sealed at its hub, or the text is malformed. */
export function parseMemberKey(text: string): MemberKey | undefined {
  const [, written = "", epoch] = form.exec(text) ?? [];
  const key = epoch === undefined ? undefined : parseKey(written);
  return key === undefined || epoch === undefined ? undefined : { key: formatKey(key), epoch };
}

/** The text as a hub keeps it: nothing if it has another form. Its check is compared when the key is needed. */
export function cleanMemberKey(text: string): string {
  return form.test(text) ? text : "";
}
