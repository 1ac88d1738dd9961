/** Where messages are sent, and whether they were delivered. Types only. */

import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Invitation } from "../parts/invitation.ts";
import type { NoParams } from "../parts/no-params.ts";

export interface SendingSentences<S> {
  readonly "friend-joins": { readonly invitation: Invitation };
  readonly "friend-joins-group": { readonly host: string; readonly port: number };
  readonly "open-to-network": NoParams;
  readonly "open-with-password": NoParams;
  readonly "goes-as-datagrams": { readonly address: string };
  readonly "goes-to-group": { readonly address: string };
  readonly "group-promises-nothing": NoParams;
  readonly "goes-to-all": NoParams;
  readonly "goes-to-one": { readonly name: string };
  readonly "to-ends-that": NoParams;
  readonly "to-ends-private-line": NoParams;
  readonly "no-private-line": NoParams;
  readonly "me-is-for-all": { readonly name: string };
  readonly "line-not-sent": { readonly why: S };
  readonly "line-not-sent-again": { readonly why: S };
  readonly "reconnect-hint": { readonly target: string };
  readonly "bytes-not-sent-to": { readonly bytes: number; readonly name: string };
  readonly "bytes-perhaps-lost": { readonly bytes: number; readonly name: string };
  readonly "send-again-hint": NoParams;
  readonly "transfer-cut": { readonly name: string; readonly seconds: number };
  readonly "wait-longer-hint": NoParams;
  /** `totalBytes`: undefined if nobody knows how many follow. */
  readonly "transfer-sent": {
    readonly bytes: number;
    readonly totalBytes: number | undefined;
    readonly perSecond: number;
  };
  readonly "transfer-received": { readonly bytes: number; readonly perSecond: number };
  readonly "input-no-utf8": NoParams;
  readonly "bytes-not-sent": { readonly bytes: number };
  readonly "empty-line-no-datagram": NoParams;
  readonly "send-once-joined": NoParams;
  readonly "back-in-composer": NoParams;
  readonly "typed-for-others": NoParams;
  readonly "nobody-takes-lines": NoParams;
  readonly "nobody-here-yet": NoParams;
  readonly "our-fin-sent": NoParams;
  readonly "our-fin-hint": NoParams;
  readonly "no-one-over": { readonly transport: TransportName };
  readonly "open-hint": NoParams;
  readonly "enter-again-hint": { readonly target: string };
  /** `who`: undefined if the context names the peer. */
  readonly "takes-no-lines": { readonly who: string | undefined };
  readonly "too-long-for-message": NoParams;
  readonly "line-too-long": { readonly kibibytes: number };
  readonly "send-in-lines": NoParams;
  readonly "large-datagram": { readonly bytes: number; readonly readBytes: number };
  readonly "private-line-undelivered": { readonly name: string; readonly reason: S };
  readonly "not-delivered": { readonly reason: S };
  readonly "not-delivered-to": { readonly name: string; readonly reason: S };
  readonly "not-delivered-to-some": { readonly lost: number; readonly of: number; readonly reason: S };
  readonly "line-not-delivered": { readonly line: number; readonly name: string; readonly reason: S };
  readonly "sent-again-below": NoParams;
  readonly "only-undelivered-again": NoParams;
  readonly "nothing-undelivered": NoParams;
  readonly "datagrams-missing": { readonly datagrams: number; readonly name: string };
  readonly "piped-limit": { readonly name: string };
  readonly "piped-limit-hint": { readonly address: string };
  readonly "datagrams-lost": { readonly datagrams: number; readonly name: string };
  readonly "datagrams-overrun": { readonly datagrams: number };
  readonly "overrun-hint": NoParams;
  /** Keys as people compare them, in groups of four; undefined: they are not shown. */
  /** `by`: our host, or the hub that the other person is at. */
  readonly "key-introduced": {
    readonly key: string | undefined;
    readonly knownAs: string | undefined;
    readonly by: "host" | "hub";
  };
  readonly "key-unknown": { readonly key: string | undefined };
  readonly "key-unusable": { readonly name: string };
  /** Keys in groups of four; undefined: none any more. */
  readonly "host-replaced-key": {
    readonly name: string;
    readonly before: string;
    readonly now: string | undefined;
  };
  readonly "host-reads": NoParams;
  readonly "another-key-mark": { readonly name: string };
  /** A row of the page about private lines. */
  readonly "why-private": { readonly part: "what" | "host" | "key" | "later" | "plain" };
  /** `host`: undefined at the host's own screen. */
  readonly "host-reads-room": { readonly host: string | undefined };
  readonly "private-line-unreadable": { readonly name: string };
  readonly "private-line-repeated": { readonly name: string };
  readonly "private-line-hint": NoParams;
  /** For the sender of a sealed line, in our `undelivered`. */
  readonly "cannot-open-sealed": NoParams;
  readonly "no-such-member": NoParams;
  readonly "that-is-you": NoParams;
  readonly "no-relay-over-udp": NoParams;
  readonly "unsent-in-history": NoParams;
  readonly "socket-stays-open": NoParams;
  readonly "nc-receives-first": NoParams;
  readonly "cut-line": { readonly kibibytes: number; readonly bytes: number };
  readonly "peers-line-cut": {
    readonly name: string;
    readonly kibibytes: number;
    readonly bytes: number;
  };
  readonly "empty-datagram": { readonly name: string };
  readonly "nc-probe": NoParams;
  readonly "sent-as-hex": NoParams;
  readonly "no-newline-sent": NoParams;
  readonly "to-subnet": { readonly address: string; readonly port: number };
  readonly "broadcast-left": NoParams;
  readonly "broadcast-not-sent": { readonly why: S };
}
