/** What a person asked for at the start and does not change while the chat runs. Values only. */

import type { Cidr } from "../../protocol/address/cidr.ts";
import type { Trouble } from "../../protocol/sockets/network-impairment.ts";
import type { Words } from "../../words/tables/words.ts";

export interface Config {
  /** Wanted nickname, clean. */
  readonly name: string;
  /** What is said to the person here; programs are told everything in English. */
  readonly words: Words;
  /** No frames, no banner, no names: bytes as typed, on every connection. */
  readonly raw: boolean;
  /** The other side is a duet: speak first. */
  readonly duet: boolean;
  /** Lines to raw TCP peers end in CR LF. */
  readonly crlf: boolean;
  /** TCP peers may negotiate as telnet does (RFC 854). */
  readonly telnet: boolean;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number | undefined;
  readonly peersMax: number;
  readonly allow: readonly Cidr[];
  readonly deny: readonly Cidr[];
  /** No screen: the chat ends when its connection does, and input that ends half-closes. */
  readonly headless: boolean;
  /** With headless: at most so long after the end of input has left as FIN (`-N`; 0 with `--send-only`). */
  readonly lingerAfterInputMs: number | undefined;
  /** Whether messages and socket calls are told as outputs, one by one (headless printing, logs). */
  readonly tellMessages: boolean;
  /** Whether messages that came together may be told as `lines`: nobody counts them, or wants more of each than its text. */
  readonly tellLines: boolean;
  /** With `raw`: only bytes are told, and no lines are made of them. */
  readonly bytesOnly: boolean;
  readonly tellCalls: boolean;
  /** With each message, receipt and socket call that is told, which call carried which message. */
  readonly tellCarried: boolean;
  /** With each socket call that is told, the first bytes that it moved. */
  readonly tellPayloads: boolean;
  /** With each peer's counters, what the kernel knows of it. */
  readonly tellKernel: boolean;
  /** Socket calls are kept for a screen that may show them. */
  readonly keepCalls: boolean;
  /** Looks for duets of the local network from the start, and announces what listens beyond this machine. */
  readonly lan?: boolean;
  /** On from the start. */
  readonly trouble?: Trouble | undefined;
  /** What others say is shown nowhere (`--send-only`): no receipt may say otherwise. */
  readonly silent: boolean;
  /** This machine's address for others, to be handed to a friend; undefined: not known, or not asked for. */
  readonly machineAddress?: string | undefined;
}
