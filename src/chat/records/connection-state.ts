/** The names of connection states, after RFC 9293, and their glyphs. */

export const stateWords = [
  "CLOSED",
  "LISTEN",
  "CONNECTING",
  "ESTABLISHED",
  "HALF-CLOSED (theirs)",
  "HALF-CLOSED (ours)",
  "RESET",
  "REFUSED",
  "TIMED OUT",
  "UNREACHABLE",
  "BOUND",
  "OPEN",
  "SILENT",
] as const;

export type StateWord = (typeof stateWords)[number];

/** The glyph of a state, one column wide, so that a status bar never shifts. */
export function getStateGlyph(state: StateWord): string {
  switch (state) {
    case "CLOSED":
      return "○";
    case "LISTEN":
    case "BOUND":
      return "◎";
    case "CONNECTING":
      return "◌";
    case "ESTABLISHED":
    case "OPEN":
      return "●";
    case "HALF-CLOSED (theirs)":
      return "◐";
    case "HALF-CLOSED (ours)":
      return "◑";
    case "SILENT":
      return "◍";
    case "RESET":
    case "REFUSED":
    case "TIMED OUT":
    case "UNREACHABLE":
      return "✗";
  }
}
