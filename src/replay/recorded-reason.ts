/** The reason of a recorded change of state: the sentence that duet wrote it from, or the recording's own words. */

import { readKnownReason } from "../chat/report/wire-reasons.ts";
import { type Sentence, sentence, type Word } from "../words/sentences/sentence.ts";
import type { RecordedEvent } from "./recorded-event.ts";

type RecordedState = Extract<RecordedEvent, { readonly type: "state" }>;

/** The event names its places in fields of their own, so that a sentence about them is known again. */
export function readRecordedReason(
  { local = "", peer = "", reason }: RecordedState,
  inEnglish: Word,
): Sentence {
  const candidates = [
    sentence("waiting-for-connection", { local }),
    sentence("waiting-for-datagram", { local }),
    sentence("datagrams-leave-from", { local }),
    sentence("asked-for-connection", { target: peer }),
    sentence("connection-made", { address: peer }),
    sentence("peer-connected", { address: peer }),
    sentence("peer-heard", { address: peer }),
    sentence("peer-sent-fin"),
    sentence("we-sent-fin"),
    sentence("closed-here"),
    sentence("connection-over"),
  ];
  const found = candidates.find((candidate) => inEnglish(candidate) === reason);
  return found ?? readKnownReason(inEnglish, reason) ?? sentence("as-written", { text: reason });
}
