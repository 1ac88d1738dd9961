/** Reasons of an end: for the person here, for the peer, and for the other members. */

import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

export const closedHere = sentence("closed-here");
export const openingAnother = sentence("opening-another");

/** The reason in a goodbye, which the recipient reads as the sender's. */
export function toGoodbyeReason(reason: Sentence): Sentence {
  if (reason.id === "closed-here") return sentence("closed-on-its-side");
  return reason.id === "opening-another" ? sentence("gone-elsewhere") : reason;
}

/** The reason why a member has left, for the other members. */
export function toRoomReason(reason: Sentence): Sentence {
  const isHosts = reason.id === "closed-here" || reason.id === "opening-another";
  return isHosts ? sentence("closed-by-host") : reason;
}

/** The reason of a goodbye with the name of the peer, for a line that does not name it. */
export function nameGoodbye(reason: Sentence, who: string): Sentence {
  return reason.id === "said-goodbye" ? sentence("said-goodbye", { ...reason.params, who }) : reason;
}

/** The reason without its subject, to follow a name. `names`: the peer's names and its address. */
export function removeSubject(reason: Sentence, names: readonly string[]): Sentence {
  switch (reason.id) {
    case "unanswered-pings":
    case "did-not-read":
    case "reads-too-slowly":
    case "acknowledges-too-slowly": {
      const { who } = reason.params;
      if (who === undefined || !names.includes(who)) return reason;
      return { id: reason.id, params: { ...reason.params, who: undefined } } as Sentence;
    }
    case "network-error":
      if (!names.includes(reason.params.error.target)) return reason;
      return sentence("network-error", { ...reason.params, isNamed: true });
    default:
      return reason;
  }
}
