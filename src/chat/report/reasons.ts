/** Why something was ended by the person here: in our own words, and as who reads it elsewhere has to be told. */

export const closedHere = "closed here";
export const openingAnother = "to open another";

/** What a goodbye says, for who reads it as the sender's reason. */
export function inGoodbye(reason: string): string {
  if (reason === closedHere) return "closed on its side";
  return reason === openingAnother ? "gone elsewhere" : reason;
}

/** Why a member has left, for the other members of the room. */
export function forTheRoom(reason: string): string {
  return reason === closedHere || reason === openingAnother ? "closed by the host" : reason;
}
