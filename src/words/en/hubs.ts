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
  "wrong-password": "has the room under another password",
  "needs-password": "has the room under a password, which this hub lacks",
  "no-seal": "has the room without a password",
  "later-seal": "has the room as a later version of duet seals it",
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
  "wrong-password": "start every hub of the room with one --password, or take another room",
  "needs-password": "start this hub with the --password of the others",
  "no-seal": "start every hub of the room with --password, or this one without, or take another room",
  "later-seal": "update this duet",
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
  "entries-passed-over": ({ entries, why }) => {
    switch (why) {
      case "skipped":
        return `the room's stream has ${formatCount(entries, "item")} that this duet cannot read and left out: malformed, or of a later version`;
      case "unproven":
        return `the room's stream has ${formatCount(entries, "item")} that no hub of this room has signed: left out. Somebody else writes to the engine`;
      case "removed":
        return `${formatCount(entries, "item")} of hubs that were removed: left out`;
    }
  },
  "room-readable": ({ place }) =>
    `whoever runs ${place} can read this room: start every hub with one --password to seal it`,
  "hub-joined": ({ hub, fingerprint }) => `${hub}'s hub shares the room; its key is ${fingerprint}`,
  "hub-removed-by": ({ by, hub, isObeyed }) =>
    isObeyed
      ? `${by}'s hub has removed ${hub}'s hub from the room`
      : `${by}'s hub passes over ${hub}'s hub for its own guests; here nothing changes, since the room has no password`,
  "our-hub-passed-over": ({ by }) =>
    `${by}'s hub passes over what is written at this hub: its guests do not read it`,
  "our-hub-removed": ({ room, by }) =>
    `${by === "" ? "another hub" : `${by}'s hub`} has removed this hub from room ${room}: the room goes on here only`,
  "room-not-shared": "this room is on this machine alone: --room shares one among several hubs",
  "hub-takes": "/hub lists the hubs; /hub remove NAME removes one",
  "this-hub": "this hub",
  "hub-size": ({ members }) => formatCount(members, "member"),
  "hub-is-ours": "that is this hub: /quit leaves the room",
  "hub-missing": ({ name }) => `no hub is called ${name}, and no key begins so: /hub lists them`,
  "hubs-of-one-name": ({ name, fingerprints }) =>
    `${fingerprints.length} hubs are called ${name}; write the key instead: ${fingerprints.join(", ")}`,
  "hubs-removed-full": ({ most }) => `${most} hubs were removed already: take another room, with a password`,
  "hub-removed-here":
    "it is left out at this hub only: in a room without a password anybody could remove others, so each hub decides for its own guests",
  "our-hub-removed-hint": "ask the person of that hub; nothing that is written here reaches the others",
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
    switch (why) {
      case "ended":
        return `${left}, left the room`;
      case "lease":
        return `${left}, is gone: nothing was received from it for 15 s`;
      case "removed":
        return `${left}, was removed: what it writes from now on is left out`;
    }
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
