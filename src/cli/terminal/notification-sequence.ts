/** The escape sequences of an alert: BEL, a desktop notification or both, as `--bell` selects. */

import { cleanText } from "../../protocol/text/text.ts";
import { cutEnd } from "../../protocol/text/wrap.ts";
import type { Alert } from "../../view/conversation/alerts.ts";
import type { Words } from "../../words/tables/words.ts";
import type { BellChoice } from "../options/option-values.ts";
import type { ControlSequence } from "../files/standard-output.ts";
import { bellSequence, joinSequences, notificationSequence } from "./terminal-modes.ts";

const notificationMaxColumns = 120;

/** The whole alert as one sequence; undefined for `none`. */
export function formatAlert(bell: BellChoice, alert: Alert, words: Words): ControlSequence | undefined {
  const rung = hasBell(bell) ? [bellSequence] : [];
  const shown = hasNotification(bell) ? [notificationSequence(formatNotification(alert, words))] : [];
  return joinSequences(...rung, ...shown);
}

export function hasBell(bell: BellChoice): boolean {
  return bell === "bell" || bell === "both";
}

export function hasNotification(bell: BellChoice): boolean {
  return bell === "osc9" || bell === "both";
}

/** Clean text. It begins with `duet`, because some terminals interpret a leading digit as a progress bar. */
export function formatNotification({ name, text, isPrivate }: Alert, words: Words): string {
  const addressee = isPrivate ? words.window.toYou : "";
  return cutEnd(`duet: ${name}${addressee}: ${cleanText(text)}`, notificationMaxColumns);
}
