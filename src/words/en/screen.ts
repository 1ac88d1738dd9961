/** The text of the screen, in English. */

import { formatCount } from "../../protocol/text/quantities.ts";
import type { HintPlace } from "../parts/hint-place.ts";
import { wordWith } from "../sentences/sentence.ts";
import { sentencesEnglish } from "./sentences.ts";
import type { Words, WordsTable } from "../tables/words.ts";
import { commandSummariesEnglish } from "./command-summaries.ts";

const days = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const months = "January February March April May June July August September October November December".split(
  " ",
);

const table: WordsTable = {
  commandSummaries: commandSummariesEnglish,
  keySummaries: undefined,
  replayKeySummaries: undefined,
  helpMore: (lines) => `↓ ${lines} more: PgDn, Esc closes`,
  tooSmall: (size, needed) => `too small: ${size}, duet needs ${needed}`,
  day: ({ year, month, day, weekday }) => `${days[weekday]} ${day} ${months[month - 1]} ${year}`,
  newLines: "new",
  line: {
    receipts: { queued: "queued", sent: "sent", acked: "acked", received: "received", read: "read" },
    you: "you",
    resend: "Alt-L r sends it again",
    olderDropped: (lines) => `(${formatCount(lines, "older line")} dropped)`,
  },
  bar: {
    roles: { listen: "server", connect: "client", pair: "pair", group: "group" },
    peers: (count) => formatCount(count, "peer"),
    room: ({ name, hubs, members }) => {
      const size = `${formatCount(hubs, "hub")} · ${members.toLocaleString("en")} here`;
      return [`room ${name} · ${size}`, size, `${members.toLocaleString("en")} here`];
    },
    hereOnly: (since) => [`here only since ${since}`, "here only"],
    below: (count) => `-MORE(${count})-`,
    newBelow: (count) => `↓ ${count} new`,
    openToNetwork: ["open to the network", "open to network", "open"],
    raw: "raw",
    troubleSign: "TROUBLE",
    trouble: (dropped, doubled, delayed) => `${dropped} dropped, ${doubled} doubled, ${delayed} delayed`,
    troubleDropped: (dropped) => `${dropped} dropped`,
    backlog: (bytes) => `backlog ${bytes}`,
    roundTrip: (time) => `rtt ${time}`,
    loss: (percent) => `loss ${percent}`,
    oldDropped: (lines) => `${formatCount(lines, "old line")} dropped`,
    keys: {
      otherTab: (other) => `Ctrl-T ${other}`,
      help: "F1 help",
      wire: {
        hidden: ["F2 wire"],
        shown: ["F2 picks a call  Esc closes", "F2 picks  Esc closes"],
        focused: ["F2 closes"],
      },
    },
  },
  window: { whom: (whom) => ` with ${whom}`, toYou: " (to you)" },
  welcome: {
    youAre: (name) => [
      `You are ${name}. Another name: /nick NAME, or start with --name.`,
      `You are ${name}: /nick NAME or --name NAME`,
      `You are ${name}: /nick or --name`,
    ],
    joinsHere: "On this machine a friend joins with:",
    joins: "A friend joins with:",
    nobodyYet: "Nobody else is here yet. ",
    anyProgram: "or any program that speaks text",
    thenType: (other) => `Then type, and press Enter. Ctrl-T shows ${other}, F1 helps.`,
    thenTypeShort: "Then type. F1 helps.",
    noSocket: (transport) => `No ${transport} socket is open.`,
    listen: "wait for peers",
    connect: "go to one",
    help: "F1 shows keys and commands.",
  },
  peers: {
    nobody: "nobody else here",
    kinds: { duet: "duet", raw: "raw" },
    here: (count) => `${formatCount(count, "peer")} here`,
    more: (count) => `and ${count} more: /who`,
    atThisHub: (count) =>
      count === 0 ? "nobody else at this hub" : `${formatCount(count, "peer")} at this hub`,
    atHub: (hub, count) => `${hub}'s hub: ${formatCount(count, "member")}`,
    memberOfHub: (hub) => `at ${hub}'s hub`,
    throughHost: "through the host",
    inRoomThroughHost: "in the room, through its host",
    waits: (bytes) => `waits ${bytes}`,
    again: (count) => `again ${count}`,
    double: (count) => `double ${count}`,
    late: (count) => `late ${count}`,
    at: (address) => `at ${address}`,
  },
  composer: {
    placeholder: "type a line and press Enter, or /help",
    waiting: (lines) => `waiting: ${formatCount(lines, "line")}`,
    paste: ({ lines, characters, isCut }) =>
      `Paste of ${formatCount(lines, "line")} (${characters.toLocaleString("en")} characters${isCut ? ", cut" : ""}), too long to edit: y sends it, n drops it.`,
    pasteShort: ({ lines, isCut }) =>
      `${formatCount(lines, "line")} pasted${isCut ? ", cut" : ""}: y sends, n drops`,
    place: (first, last, all) => `${first}–${last} of ${all}`,
  },
  search: {
    prompt: "search",
    keys: ["↑ ↓ step · Enter stays · Esc returns", "Enter stays · Esc returns"],
    notFound: "not found",
  },
  lan: {
    title: "On the local network",
    interfaces: "This machine's interfaces",
    nobody: "nobody yet: a duet started with --lan shows up within ten seconds",
    joined: "you are there",
    known: "known key",
    prompt: "lan",
    keys: ["↑ ↓ choose · Enter joins · Esc closes", "↑ ↓ Enter Esc", "Esc"],
  },
  password: {
    asked: (address) => [`password of the room at ${address}`, "password of the room", "password"],
    wrong: (address) => [`wrong password of ${address}: once more`, "wrong: once more", "wrong"],
    keys: ["it is not shown: Enter joins, Esc leaves it", "Enter joins, Esc leaves it", ""],
  },
  questions: {
    overwrite: (path) => ({
      subject: path,
      asked: " exists: y overwrites, n keeps ",
      refused: "kept as it was: nothing was saved",
    }),
    leaveRoom: (members) => ({
      subject: `your room of ${members}`,
      asked: " will close: y joins, n stays ",
      refused: "stayed here",
    }),
    broadcast: (endpoint) => ({
      subject: `everybody at ${endpoint}`,
      asked: " receives it: y sends, n does not ",
      refused: "nothing was sent",
    }),
  },
  wire: {
    title: "wire",
    callKeys: [
      "↑ ↓ call · Enter its bytes · Tab messages · F3 pause · Esc back",
      "↑ ↓ call · Enter bytes · Tab messages · Esc back",
      "Enter bytes · Tab messages · Esc",
      "Esc back",
    ],
    openKeys: [
      "↑ ↓ call · PgUp PgDn its bytes · Enter closes · Esc back",
      "Enter closes · Esc back",
      "Esc back",
    ],
    messageKeys: [
      "↑ ↓ message · Enter its first call · Tab calls · Esc back",
      "↑ ↓ message · Tab calls · Esc back",
      "Tab calls · Esc",
      "Esc back",
    ],
    placeholders: ["filter: peer=ann call=send, or any text", "peer= call= or text", "filter"],
    following: "following",
    stopped: "stopped",
    paused: (passedOver) => `paused, ${passedOver.toLocaleString("en-US")} skipped`,
    calls: (count) => formatCount(count, "call"),
    callsPassing: (passing, kept) => {
      const part = `${passing.toLocaleString("en-US")} of `;
      return [part + formatCount(kept, "call"), part + kept.toLocaleString("en-US")];
    },
    keepalives: (count) => `+${formatCount(count, "keepalive")}`,
    bytesOf: (bytes, all) => `${bytes} of ${all} B`,
    sealed: (size) => `${size} sealed`,
    ended: (result) => `(${result === "would-block" ? "would block" : result})`,
    retransmits: (count) => formatCount(count, "retransmit"),
    fromCalls: "from its calls",
    fromTable: "from the system's list",
    answersFromAny: [
      "the kernel chooses the address that answers leave from: listen at one address for a peer that takes no other",
      "the kernel chooses the address of answers",
    ],
    unacked: (bytes) => `unacked ${bytes}`,
    unsent: (bytes) => `unsent ${bytes}`,
    unread: (bytes) => `unread ${bytes}`,
    theirWindow: (bytes) => `their window ${bytes}`,
    word: { receipt: "receipt", ack: "ack" },
    ackedByNoCall: ["acked: reported by TCP, no call", "acked: no call"],
  },
  replayName: "replay",
  replayKeys: [
    "Space pauses · ← → 10 s · Enter next event · F2 wire · q ends",
    "Space pauses · ← → 10 s · Enter next · F2 wire",
    "Space · ← → · Enter",
  ],
  spoken: {
    welcome: "duet in plain lines: type a line and press Enter; /help lists the commands, /quit leaves.",
    colon: ": ",
    comma: ", ",
    stop: ". ",
    says: (who, isPrivate) => `${who} says${isPrivate ? " to you alone" : ""}`,
    does: (who, isPrivate) => `${who} does${isPrivate ? " to you alone" : ""}`,
    state: (who, to, from, reason) => `${who} is now ${to}, was ${from}: ${reason}`,
    tones: { duet: "duet", warning: "warning", error: "error" },
    next: (text, hint) => `${text.replace(/\.$/, "")}. Next: ${hint}`,
    notSent: (text) => `not sent: ${text}`,
    askedFirst: "not sent: /broadcast! sends it without asking",
    tourKeys: "Enter on an empty line continues, q leaves.",
    tourOver: "the walk is over",
  },
  choice: {
    whose: (name) => `${name}'s line`,
    keys: ["c copies it · ↑ ↓ another line · Esc back", "c copies · Esc back", "Esc back"],
    resendKeys: [
      "r sends it again · c copies it · ↑ ↓ another line · Esc back",
      "r sends again · c copies · Esc back",
      "r again · c copies",
      "r again",
    ],
  },
};

/** The words for a person who starts duet by this command. */
export function englishFor(program: string, place: HintPlace): Words {
  const word = wordWith(sentencesEnglish, program, place);
  return { ...table, program, word, inEnglish: word };
}
