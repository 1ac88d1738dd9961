/** Options of the chat that do not change while it runs. Values only. */

import type { Cidr } from "../../protocol/address/cidr.ts";
import type { Impairment } from "../../protocol/sockets/network-impairment.ts";
import type { Words } from "../../words/tables/words.ts";

/**
 * `auto`: all that can, but those on loopback and UNIX paths, unless they ask for it. `require`: all, and duets that cannot are
 * refused. `off`: none.
 */
export type EncryptChoice = "auto" | "require" | "off";

/** A shared room: its name, and the engine without its password. */
export interface SharedRoomName {
  readonly name: string;
  readonly place: string;
}

export interface Config {
  /** The wanted nickname, clean. */
  readonly name: string;
  /** The language of the person; programs get English. */
  readonly words: Words;
  /** No frames, no banner, no names: bytes as typed, on every connection. */
  readonly raw: boolean;
  /** The peer is a duet: send the greeting first. */
  readonly duet: boolean;
  /** Lines to raw TCP peers end in CR LF. */
  readonly crlf: boolean;
  /** TCP peers may use telnet negotiation (RFC 854). */
  readonly telnet: boolean;
  /** Which duets are spoken with in sealed records (SEALED.md). */
  readonly encrypt: EncryptChoice;
  /** The key that the peer we connect to must have, as text (`--key`). */
  readonly expectedKey: string | undefined;
  /** The password of our room, and of the room that we join (`--password`). */
  readonly password: string | undefined;
  /** The room that we share with other hubs. */
  readonly sharedRoom?: SharedRoomName | undefined;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number | undefined;
  readonly peersMax: number;
  readonly allow: readonly Cidr[];
  readonly deny: readonly Cidr[];
  /** No screen: the chat ends with its connection, and the end of input half-closes it. */
  readonly headless: boolean;
  /** A person types the input, at a composer or in a terminal: no program pipes it in. */
  readonly isInputTyped: boolean;
  /** Headless: how long to wait after our FIN (`-N`; 0 with `--send-only`). */
  readonly lingerAfterInputMs: number | undefined;
  /** Messages and socket calls are reported one by one (headless output, logs). */
  readonly reportMessages: boolean;
  /**
   * Only the text of received messages is wanted: those received together may be reported as `lines`, and sent messages
   * and their receipts are not reported.
   */
  readonly reportLines: boolean;
  /** With `raw`: only bytes are reported; no lines are made of them. */
  readonly bytesOnly: boolean;
  readonly reportCalls: boolean;
  /** Reported messages, receipts and calls carry the spans that link them. */
  readonly reportSpans: boolean;
  /** Reported calls carry the first bytes of their payload. */
  readonly reportPayloads: boolean;
  /** Reported counters include the kernel's view of each connection. */
  readonly reportKernel: boolean;
  /** Socket calls are kept for the wire panel. */
  readonly keepCalls: boolean;
  /** Discovery starts with the chat, and endpoints beyond this machine are announced. */
  readonly lan?: boolean;
  /** An impairment from the start. */
  readonly impairment?: Impairment | undefined;
  /** Received messages are shown nowhere (`--send-only`), so no receipt may report them as shown. */
  readonly silent: boolean;
  /** A listener of `--send-only` or `--recv-only`: members' messages are not relayed. */
  readonly isOneWay: boolean;
  /** This machine's address for an invitation; undefined: unknown, or not wanted. */
  readonly machineAddress?: string | undefined;
}
