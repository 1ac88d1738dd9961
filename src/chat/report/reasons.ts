/** Why something was ended: as the person here reads it, and as peers and members read it elsewhere. */

import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

export const closedHere = sentence("closed-here");
export const openingAnother = sentence("opening-another");

/** What a goodbye says, for who reads it as the sender's reason. */
export function inGoodbye(reason: Sentence): Sentence {
  if (reason.id === "closed-here") return sentence("closed-on-its-side");
  return reason.id === "opening-another" ? sentence("gone-elsewhere") : reason;
}

/** Why a member has left, for the other members of the room. */
export function forTheRoom(reason: Sentence): Sentence {
  const isHosts = reason.id === "closed-here" || reason.id === "opening-another";
  return isHosts ? sentence("closed-by-host") : reason;
}

/** The reason without whom it is about, for behind their name. `names`: what they are called, and their address. */
export function withoutSubject(reason: Sentence, names: readonly string[]): Sentence {
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
