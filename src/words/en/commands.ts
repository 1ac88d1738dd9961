/** Answers and errors of commands, in English. */

import { errorCodes, refusalPages } from "../../protocol/errors/error-advice.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { CommandSentences } from "../sentences/commands.ts";
import { commandSummariesEnglish } from "./command-summaries.ts";

export const commandsEnglish: SentenceTable<CommandSentences<Sentence>> = {
  usage: ({ command, argumentsText }) =>
    `usage: ${`/${command} ${argumentsText}`.trim()} (${commandSummariesEnglish[command]})`,
  "no-slash": ({ slash }) => `nothing was sent: the line begins with ${slash}, a command with /`,
  "no-slash-hint": ({ command }) => `write /${command}, or a blank first to send it as text`,
  "no-such-command": ({ name }) => `there is no command /${name}`,
  "commands-there": ({ commands }, _word, _program, place) => {
    const list = place === "screen" ? "F1 lists all" : "/help lists all";
    return commands.length === 0
      ? `${list}, // sends a slash`
      : `did you mean ${commands.map((name) => `/${name}`).join(" or ")}? ${list}`;
  },
  "unknown-command": ({ unknown, hint }, word) => `${word(unknown)}: ${word(hint)}`,
  "takes-no-argument": ({ command }) => `/${command} takes no argument`,
  "takes-on-or-off": ({ command, word }) => `/${command} takes on or off, not ${word}`,
  "needs-name": ({ command }) => `/${command} needs a name`,
  "needs-text": ({ command }) => `/${command} needs text`,
  "needs-name-and-text": ({ command }) => `/${command} needs a name and text`,
  "needs-file": ({ command }) => `/${command} needs a file`,
  "needs-bytes": ({ command }) => `/${command} needs bytes`,
  "nobody-called": ({ word, names, more }) => {
    const others = more === 0 ? "" : ` and ${more.toLocaleString("en")} more`;
    const here = names.length === 0 ? "nobody is here" : `there is ${names.join(", ")}${others}`;
    return `nobody is called ${word}: ${here}`;
  },
  "ambiguous-name": ({ names }) => {
    const [longest = "", ...others] = names;
    const choices = names.map((name) => `"${name}"`).join(" or ");
    return `that may be for ${choices}: put the name in quotes, as in "${others.at(-1) ?? longest}" …`;
  },
  "which-peer": "which one? Several are here",
  "unix-needs-tcp": "a UNIX socket is a stream: /tcp first",
  "group-has-no-listener": "nobody listens on a group: /connect joins it",
  "group-needs-udp": "a group uses datagrams: /udp first",
  "nothing-open-before": "nothing was open here before",
  "nothing-open": "nothing is open here",
  "pairing-given-up": "pairing was given up",
  "neighbour-waits": ({ name, at, transport }) =>
    `${name} waits on this machine too, over ${transport.toUpperCase()}, at ${at}`,
  "neighbour-hint": ({ transport, isInChat }, _word, program) =>
    isInChat
      ? `/${transport} joins it there`
      : `this joins it: ${program}${transport === "udp" ? " --udp" : ""}`,
  "udp-has-no-half-close": "UDP has no half-close: there is no connection to shut down",
  "peer-has-no-half-close": ({ name }) => `${name} is here by UDP, which has no half-close`,
  "peer-has-our-fin": ({ name }) => `${name} has our FIN already`,
  "duet-chooses-name": ({ name }) => `${name} is a duet: only they can change that name`,
  "duet-already": ({ name }) => `${name} is a duet already`,
  "raw-off-first": "raw is on: /raw off first",
  "raw-already": ({ isOn }) => `raw is ${isOn ? "on" : "off"} already`,
  "raw-on": "raw: exactly what you type is sent, no frames, no banner, no names",
  "raw-connects-again": "the peer is a duet and cannot read bare text: connecting again without frames",
  "raw-off": "duets greet each other again; /upgrade makes the peer here one",
  "no-range": ({ word }) =>
    `${word} is neither a host nor a range of addresses: write 10.0.0.0/8, fe80::/10, one address or a name`,
  "rule-host-unknown": ({ host, code }) => `no address was found for ${host} (${code})`,
  "rules-unchanged": ({ rule }) => `the rules are as before; /${rule} takes an address as well`,
  "ranges-full": ({ ranges }) => `there are ${ranges} ranges already`,
  rules: ({ allow, allowCount, deny, denyCount, staying }) => {
    const who = allow.length === 0 ? "everybody may join" : `only ${listRanges(allow, allowCount)} may join`;
    const not = deny.length === 0 ? "" : `, but not ${listRanges(deny, denyCount)}`;
    return `${who}${not}${staying ? "; members already here stay" : ""}`;
  },
  "port-kept": ({ target, state, seconds }) =>
    `${target} was used by a connection that has ended: the kernel keeps it (${state}), for about ${seconds} s more`,
  "port-kept-hint": ({ transport, host, port, isTyped }, _word, program) => {
    const listen = isTyped ? "/listen" : `${program}${transport === "udp" ? " -u" : ""} -l`;
    return `wait: duet listens there as soon as it can; or take another port now: ${listen} ${host} ${port}`;
  },
  "target-held": ({ target, transport, holder = "another program", why }, word) => {
    const held = `${target} (${transport.toUpperCase()}) is taken by ${holder}`;
    if (why !== undefined)
      return `${held}, and duet cannot know whether that is a duet of yours: ${word(why)}`;
    return `${held}, which is not a duet that can be joined`;
  },
  "folder-problem": ({ folder, problem }) => {
    switch (problem) {
      case "not ours":
        return `${folder} belongs to another user`;
      case "symbolic link":
        return `${folder} is a symbolic link`;
      case "open to others":
        return `others may write to ${folder}`;
      case "no directory":
        return `${folder} is not a folder`;
      default:
        return `${folder} cannot be used (${problem})`;
    }
  },
  "not-announced": ({ why }, word) =>
    `your other duets on this machine cannot find this one over UDP: ${word(why)}`,
  "no-announcements-hint": ({ duetAt, isHere }, _word, program, place) => {
    const join =
      isHere && place !== "shell" ? `/connect ${duetAt}, then /upgrade` : `${program} -u --duet ${duetAt}`;
    return `join with ${join}, or set XDG_RUNTIME_DIR for all of them to a folder that only you can write to`;
  },
  "target-held-hint": ({ transport, port, duetAt, isInChat }, _word, program) => {
    if (isInChat === true) {
      const join =
        duetAt === undefined ? "" : `; should it be another user's duet: /connect ${duetAt}, then /upgrade`;
      return `take another port: /listen ${port} here, /connect 127.0.0.1 ${port} there${join}`;
    }
    const start = `${program}${transport === "udp" ? " -u" : ""}`;
    const join = duetAt === undefined ? "" : `; should it be another user's duet: ${start} --duet ${duetAt}`;
    return `take another port: ${start} -l ${port} here, ${start} --duet 127.0.0.1 ${port} there${join}`;
  },
  "needs-drawn-screen": ({ command }) => `/${command} needs the full screen; -o FILE saves the conversation`,
  "no-page-for": ({ word }) =>
    `no page for ${word}: there is ${[...errorCodes, ...refusalPages, "PRIVATE"].join(", ")}`,
  "nothing-went-wrong": "nothing has gone wrong yet",
  "why-code-hint": "/why CODE explains a code, as ECONNREFUSED",
  "why-tells-more": ({ hint }, word) => `${word(hint)}; /why explains it`,
};

/** The newest ranges, since a file may list thousands. */
function listRanges(newest: readonly string[], count: number): string {
  const more = count - newest.length;
  return newest.join(", ") + (more > 0 ? ` and ${more.toLocaleString("en")} more` : "");
}
