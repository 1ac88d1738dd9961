/** A room on several machines, in English. */

import { formatCount } from "../../protocol/text/quantities.ts";
import type { EngineTrouble, HubSentences } from "../sentences/hubs.ts";
import type { SentenceTable } from "../sentences/sentence.ts";

const troubles: Readonly<Record<EngineTrouble, string>> = {
  unreachable: "cannot be reached",
  silent: "does not answer",
  denied: "refuses the user, the password, or a right that a hub needs",
  full: "is full, and takes nothing",
  "read-only": "is a read-only replica, and takes nothing",
  loading: "is starting",
  certificate: "has a certificate that does not verify",
  other: "has failed",
};

const remedies: Readonly<Record<EngineTrouble, string>> = {
  unreachable: "start it, or compare host and port; until then this hub tries again",
  silent: "it may be stopped or overloaded; until it answers this hub tries again",
  denied: "compare the user and password of the URL, and the engine's ACL with the README's line",
  full: "raise its maxmemory, or free memory; this hub tries again",
  "read-only": "give the address of its primary",
  loading: "wait; this hub tries again",
  certificate: "install the authority that signed it, or use the name that it is for",
  other: "this hub tries again",
};

export const hubsEnglish: SentenceTable<HubSentences> = {
  "here-only": "here only",
  "room-shared": ({ room, hubs, members, epoch }) => {
    const size = `${formatCount(hubs, "hub")}, ${formatCount(members, "member")} on the others`;
    switch (epoch) {
      case "first":
        return `room ${room} is shared: ${size}`;
      case "same":
        return `room ${room} is shared again: ${size}`;
      case "emptied":
        return `room ${room} begins anew, since its engine was emptied: ${size}`;
      case "failed-over":
        return `room ${room} goes on after a failover, which lost the engine's newest lines: some that were shown here may be missing on other hubs, and the reverse. Now ${size}`;
    }
  },
  "entries-missed": ({ entries }) =>
    `${formatCount(entries, "change")} of other hubs went missing: the engine trimmed them while this hub was away`,
  "entries-skipped": ({ entries }) =>
    `the room's stream has ${formatCount(entries, "item")} that this duet cannot read and left out: malformed, or of a later version`,
  "lines-stayed-here": ({ lines }) =>
    `${formatCount(lines, "line")} stayed here only: more waited to cross than this hub keeps`,
  "engine-problem": ({ place, problem, detail }) =>
    `${place} ${troubles[problem]}${detail === "" ? "" : ` (${detail})`}: the room goes on here only`,
  "engine-problem-hint": ({ problem }) => remedies[problem],
  "engine-takes-again": "the room's engine takes lines again: those that are marked cross now",
  "hub-row": ({ hub, members }) => `${hub}'s hub: ${formatCount(members, "member")}`,
  "told-in-numbers": ({ members }) =>
    `the room has more than ${members.toLocaleString("en")} members: those of other hubs join and leave without a row, and are counted above`,
  "hub-member-joined": ({ name, hub }) =>
    name === hub ? `${name}'s hub joined` : `${name} joined at ${hub}'s hub`,
  "hub-left": ({ hub, members, why }) => {
    const left = `${hub}'s hub, with ${formatCount(members, "member")}`;
    return why === "ended"
      ? `${left}, left the room`
      : `${left}, is gone: nothing was received from it for 15 s`;
  },
  "left-while-away": "while this hub was away",
  "member-of-other-hub": ({ name }) =>
    `${name} is a member of another hub: this duet has no connection to that person`,
  "verify-not-across": ({ name }) =>
    `${name} is a member of another hub, and a comparison of keys does not cross: compare them when you two are connected`,
  "engine-reads": "not encrypted end to end: whoever runs the hubs or their engine can read it",
  "too-much-waits": "the room's engine is away, and as many lines wait for it as this hub keeps",
  "hub-gone": ({ hub }) => `${hub}'s hub is gone, and had not confirmed it`,
};
