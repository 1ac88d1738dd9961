/** Restores the reason of a recorded change of state: the sentence it was worded from, or else the recorded text. */

import { readKnownReason } from "../chat/report/wire-reasons.ts";
import { type Sentence, sentence, type Word } from "../words/sentences/sentence.ts";
import type { RecordedEvent } from "./recorded-event.ts";

type RecordedState = Extract<RecordedEvent, { readonly type: "state" }>;

/** Sentences about an endpoint are recognised by the endpoints in the event's own fields. */
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
    sentence("datagram-received", { address: peer }),
    sentence("peer-sent-fin"),
    sentence("we-sent-fin"),
    sentence("closed-here"),
    sentence("connection-over"),
  ];
  const found = candidates.find((candidate) => inEnglish(candidate) === reason);
  return found ?? readKnownReason(inEnglish, reason) ?? sentence("as-written", { text: reason });
}
