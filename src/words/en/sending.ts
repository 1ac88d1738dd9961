/** Where messages are sent, and whether they were delivered, in English. */

import { formatBytes, formatCount, formatPercent } from "../../protocol/text/quantities.ts";
import { duetCommand } from "../parts/invitation.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { SendingSentences } from "../sentences/sending.ts";

export const sendingEnglish: SentenceTable<SendingSentences<Sentence>> = {
  "friend-joins": ({ invitation }, _word, program) =>
    `a friend joins with: ${duetCommand(program, invitation)}`,
  "friend-joins-group": ({ host, port }, _word, program) =>
    `a friend joins with: ${program} --group ${host} ${port}`,
  "open-to-network": "open to the network: whoever reaches this port can join and read",
  "open-with-password":
    "open to the network: whoever reaches this port and knows the password can join and read",
  "goes-as-datagrams": ({ address }) =>
    `your lines are sent to ${address} as datagrams; UDP does not show whether anyone is there`,
  "goes-to-group": ({ address }) =>
    `your lines are sent to everybody who has joined ${address}, as datagrams of plain text`,
  "group-promises-nothing":
    "UDP multicast promises no delivery and checks no name: lines may be lost, and anybody may be anybody",
  "goes-to-all": "what you type is sent to all again",
  "goes-to-one": ({ name }) => `what you type is sent to ${name} alone`,
  "to-ends-that": "/to ends that",
  "to-ends-private-line": "/to ends the private line",
  "no-private-line": "there is no private line to end",
  "me-is-for-all": ({ name }) => `/me is for all, and you write to ${name} alone: /to ends that`,
  "line-not-sent": ({ why }, word) => `${word(why)}: the line was not sent`,
  "line-not-sent-again": ({ why }, word) => `${word(why)}: the line was not sent again`,
  "reconnect-hint": ({ target }) => `/reconnect tries ${target} again`,
  "bytes-not-sent-to": ({ bytes, name }) => `${bytes} bytes for ${name} were not sent`,
  "bytes-perhaps-lost": ({ bytes, name }) =>
    `The last ${bytes} bytes for ${name} may be lost: they were not acknowledged before the connection was closed.`,
  "send-again-hint": "Send them again, or compare what arrived",
  "transfer-cut": ({ name, seconds }) =>
    `${name} sent nothing for ${seconds} s and has not closed the connection: the rest, if there is any, is cut off.`,
  "wait-longer-hint": "Allow a longer pause: -w SECONDS",
  "transfer-sent": ({ bytes, totalBytes, perSecond }) => {
    const share =
      totalBytes === undefined || totalBytes === 0
        ? ""
        : ` of ${formatBytes(totalBytes)} (${formatPercent(Math.min(1, bytes / totalBytes))})`;
    return `sent ${formatBytes(bytes)}${share}, ${formatBytes(perSecond)}/s`;
  },
  "transfer-received": ({ bytes, perSecond }) =>
    `received ${formatBytes(bytes)}, ${formatBytes(perSecond)}/s`,
  "input-no-utf8": "the input is not UTF-8: raw peers receive its bytes, duets receive U+FFFD in their place",
  "bytes-not-sent": ({ bytes }) => `${bytes} bytes were not sent: nobody is there`,
  "empty-line-no-datagram": "an empty line makes no datagram: nothing was sent",
  "send-once-joined": "send it again once somebody has joined",
  "back-in-composer": (_params, _word, _program, place) =>
    place === "screen" ? "it is back in the composer" : "type it again to send it",
  "typed-for-others": "it waited, and was typed for others than it would reach now",
  "nobody-takes-lines": "nobody here accepts messages any more",
  "nobody-here-yet": "nobody is here yet",
  "our-fin-sent": "our FIN is sent",
  "our-fin-hint": (_params, _word, _program, place) =>
    `what is received is still shown; ${place === "shell" ? "start duet again for" : "/reconnect opens"} a new connection`,
  "no-one-over": ({ transport }) => `there is no one to send to over ${transport.toUpperCase()}`,
  "enter-again-hint": ({ target }, _word, _program, place) =>
    place === "screen"
      ? `Enter connects to ${target} again and sends it`
      : `/reconnect connects to ${target} again; then type it again`,
  "open-hint": (_params, _word, program, place) =>
    place === "shell"
      ? `${program} HOST PORT connects, ${program} -l listens`
      : "/connect HOST PORT, /listen or /reconnect opens a connection",
  "takes-no-lines": ({ who }) => `${who ?? "the peer"} accepts no messages now`,
  "too-long-for-message": "that is too long for one message",
  "line-too-long": ({ kibibytes }) =>
    `the line is longer than a message may be (${kibibytes} KiB): it was not sent`,
  "send-in-lines": "send it in several lines, or over TCP",
  "large-datagram": ({ bytes, readBytes }) =>
    `${bytes} bytes left as one datagram: a receiver that reads ${readBytes} at a time loses the rest`,
  "private-line-undelivered": ({ name, reason }, word) =>
    `your line to ${name} was not delivered: ${word(reason)}`,
  "not-delivered": ({ reason }, word) => `not delivered: ${word(reason)}`,
  "not-delivered-to": ({ name, reason }, word) => `not delivered to ${name}: ${word(reason)}`,
  "not-delivered-to-some": ({ lost, of, reason }, word) =>
    `not delivered to ${lost} of ${of}: ${word(reason)}`,
  "line-not-delivered": ({ line, name, reason }, word) =>
    `line ${line} was not delivered to ${name}: ${word(reason)}`,
  "sent-again-below": "not delivered, and sent again below",
  "only-undelivered-again": "only a line that was not delivered can be sent again",
  "nothing-undelivered": "there is no line here that was not delivered",
  "datagrams-missing": ({ datagrams, name }) =>
    `${formatCount(datagrams, "datagram")} from ${name} ${datagrams === 1 ? "is" : "are"} missing: later ones wait`,
  "piped-limit": ({ name }) =>
    `${name} may be forged, as any UDP address may: standard input reaches it only as far as it has sent as many bytes`,
  "piped-limit-hint": ({ address }) => `--allow ${address} lifts that`,
  "datagrams-lost": ({ datagrams, name }) =>
    `${formatCount(datagrams, "datagram")} from ${name} ${datagrams === 1 ? "was" : "were"} lost`,
  "datagrams-overrun": ({ datagrams }) =>
    `${formatCount(datagrams, "datagram")} arrived faster than they could be read, and were dropped`,
  "overrun-hint": "over TCP the sender would have been made to wait",
  "key-introduced": ({ key, knownAs, by }) =>
    (knownAs === undefined
      ? `only ${by === "hub" ? "its hub" : "the host"} says whose key this is`
      : `you know this key as ${knownAs}'s`) + (key === undefined ? "" : `: ${key}`),
  "key-unknown": ({ key }) =>
    `sealed with another key than the author's${key === undefined ? "" : `: ${key}`}`,
  "key-unusable": ({ name }) => `the host introduced ${name} with a key that nothing can be encrypted to`,
  "host-replaced-key": ({ name, before, now }) =>
    `the host says that ${name} has ${now === undefined ? "no key any more" : `the key ${now}`}, and said before ${before}: it may be lying`,
  "host-reads": "not encrypted end to end: the host can read it",
  "another-key-mark": ({ name }) => `another key than the ${name} you know`,
  "why-private": ({ part }) => privateLines[part],
  "host-reads-room": ({ host }, _word, _program, place) =>
    `${host === undefined ? "your duet relays the room and you" : `${host} relays the room and`} can read what is for all` +
    (place === "shell" ? "" : "; private lines (/msg, /to) between duets that encrypt are end to end"),
  "private-line-unreadable": ({ name }) =>
    `a private line from ${name} was dropped: it was changed on the way, or encrypted for somebody else or an earlier run`,
  "private-line-repeated": ({ name }) =>
    `a private line from ${name} was dropped: the host sent a line again that was received before`,
  "private-line-hint": "nothing of it was shown, and its sender gets no receipt",
  "cannot-open-sealed": "it was encrypted end to end, and this member's connection is PLAIN",
  "no-such-member": "nobody of that number is here any more",
  "that-is-you": "that is you yourself",
  "no-relay-over-udp": "messages of others are not relayed there over UDP",
  "unsent-in-history": "what was not sent is in the history: ↑ brings it back",
  "socket-stays-open": "the socket stays open: you still send and receive",
  "nc-receives-first": "if that is nc -ul, it receives only from its first sender: start it again",
  "cut-line": (cut) => wordCut(cut),
  "peers-line-cut": (cut) => `a line of ${cut.name} was ${wordCut(cut)}`,
  "empty-datagram": ({ name }) => `${name} sent an empty datagram`,
  "nc-probe": "a probe, as nc -u -v sends",
  "sent-as-hex": "sent as hex",
  "no-newline-sent": "no newline sent",
  "to-subnet": ({ address, port }) =>
    `to everybody at ${address}:${port}, one datagram: delivery is not confirmed`,
  "broadcast-left": "the broadcast left on the UDP side",
  "broadcast-not-sent": ({ why }, word) => `not sent: ${word(why)}`,
};

function wordCut({ kibibytes, bytes }: { readonly kibibytes: number; readonly bytes: number }): string {
  return `cut at ${kibibytes} KiB: ${bytes} more bytes without a newline were skipped`;
}

const privateLines = {
  what: "private lines (/msg, /to) between duets that encrypt: each is encrypted from your identity to the other's (Noise X), with the time and an id inside",
  host: "the host relays such a line and cannot open it. It sees who writes to whom, when and how much, can drop it, and can claim a receipt; one that it repeats or changes is dropped here",
  key: "the key is the one that the host introduced, until it is VERIFIED, or known from a connection of your own under the same name: until then the row shows it, and /verify NAME compares it",
  later:
    "no forward secrecy at the receiver: whoever records such a line, and steals the receiver's identity later, can open it then. What is for all, between two duets, has forward secrecy",
  plain:
    "to a member whose duet does not encrypt, or that is no duet, a private line goes in the clear, the host can read it, and the row says so",
};
