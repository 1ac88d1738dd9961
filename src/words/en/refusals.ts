/** The pages of /why about encryption, keys and identity, in English. */

import type { RefusalTable } from "../parts/refusal-table.ts";

export const refusalsEnglish: RefusalTable = {
  meanings: {
    EKEY: "the peer does not prove the key that you rely on",
    EPASSWORD: "the room's password was not proven",
    REQUIRED: "one side only encrypts, and the other does not",
    HANDSHAKE: "the encrypted handshake was not completed",
    BUSY: "the other side takes no more handshakes now",
    SESSION: "an encrypted session was broken off",
    PLAIN: "this connection is not encrypted",
    FORGED: "a datagram was dropped: it is not the peer's",
    IDENTITY: "a file with keys cannot be used",
    NAMESAKE: "a known person's name, with another key",
    VERIFY: "a comparison of keys ended without VERIFIED",
  },
  wires: {
    EKEY: "the handshake showed another key, or the answer was in the clear; the connection ended before anything that you wrote was sent, or anything of the peer was shown",
    EPASSWORD:
      "the password itself never crosses: each side proves that it knows it (CPace), and whoever listens learns nothing to guess with offline",
    REQUIRED:
      "two hellos and a goodbye crossed in the clear; nothing that anybody wrote was sent before the connection ended",
    HANDSHAKE:
      "two hellos and one to three records crossed; a record that was changed or cut does not authenticate, and nothing that anybody wrote was sent",
    BUSY: "two hellos crossed, and one record that refuses (0x98), which nothing protects; nothing that anybody wrote was sent",
    SESSION:
      "a record did not authenticate, or the stream ended without its sealed end: nothing of that record was shown, and what was shown before is as it was sent",
    PLAIN:
      "one of the two hellos had no offer to encrypt: whoever is on the path reads everything and can change it",
    FORGED:
      "it has no key of ours, or its tag is wrong: it was counted, shown nowhere, and changed nothing; others are dropped silently",
    IDENTITY: "nothing was sent: duet refuses such a file and never replaces it",
    NAMESAKE:
      "everybody chooses a name freely; the key of this session, or the one that the host names, is none that you know under it",
    VERIFY:
      "a commitment and two numbers crossed inside the session; the digits follow from them and from both keys, so whoever puts other keys in between makes them differ",
  },
  causes: {
    "somebody-between": "somebody between you answers in the peer's place",
    "new-identity": "the same person has another machine or identity, or started with --anonymous",
    "address-reused": "the address belongs to another machine now",
    "announced-falsely": "of the local network's list: anybody there can announce any key",
    "password-missing": "the room has a password, and none was typed for it",
    "password-mistyped": "the password is mistyped",
    "password-changed": "the room has another password than before",
    "room-without-password": "the room asks for none any more, or somebody else answers in its place",
    "duet-too-old": "the other duet is older, or was started with --encrypt off or --telnet",
    "offer-removed": "somebody on the path took the offer out of the hello",
    "raw-program": "the other side is no duet: nc and the like cannot encrypt",
    "bytes-changed":
      "bytes were changed on the way: by a proxy that rewrites them, or by somebody who tries to be in between",
    "handshake-slow": "the network is slow or loses packets: a handshake has five seconds",
    "refused-our-key": "the other side relies on another key of ours, and its screen says so",
    "many-half-open":
      "64 handshakes of one address, or 1,024 in all, have begun there and not ended: a flood, or a scanner",
    "many-guesses": "more than five guesses of the password came from this address in a minute",
    "cut-unsealed":
      "a firewall, NAT or proxy cut the connection, or the peer's program was killed: only a sealed end is believed",
    "keys-used-up": "the keys sealed as much as they may, and the other side agreed to no new ones",
    "own-machine":
      "on 127.0.0.1, ::1 and UNIX sockets duet encrypts only on request, so that you can read the wire",
    "source-forged": "somebody sends with the peer's address as its source",
    "earlier-session": "it is left over from an earlier session, or the network repeated it",
    "modes-wrong": "other users may read or change it, or it is another user's: a copy, or a shared folder",
    "file-spoilt": "it was edited, cut, or is no such file",
    "later-duet": "a later duet has written it",
    "same-name": "two people have the same name",
    impostor: "somebody wants to pass for the person that you know",
    "keys-replaced": "somebody between you, or the host of the room, has put other keys in place",
    "digits-misread": "one of you read other digits: of another comparison, or with another person",
    "nobody-answered": "the other duet is too old to compare, or one of you did not answer in time",
  },
  tries: {
    "ask-elsewhere": "ask the person by another way, and compare the key: /identity shows theirs there",
    trust: "/trust accepts what answered, and connects again",
    "type-again": "/reconnect, and type it once more",
    "update-there": "start a newer duet there, without --encrypt off",
    "accept-plain": (program) => `${program} HOST PORT without --encrypt require, and the screen says PLAIN`,
    "demand-encryption": (program) => `${program} --encrypt require HOST PORT to send nothing in the clear`,
    "connect-again": "/reconnect",
    "look-there": "read the other side's screen: it knows its own reason",
    "look-at-records": "F2 shows the records; Enter there opens one",
    "wait-a-minute": "wait a minute",
    "count-drops": "/stats counts what was dropped",
    "restrict-modes": "chmod 700 for the folder, chmod 600 for the file",
    "restore-backup": "put a backup in its place, or move it away: a new one is made",
    "start-anonymous": (program) => `${program} --anonymous HOST PORT to do without it`,
    "compare-digits": "/verify PEER, and read the digits to each other by phone",
    "list-known": "/peers lists the keys that you know",
    "compare-directly": "/connect HOST PORT to the person's own duet, then /verify PEER",
  },
};
