/** The local network: its duets, announcements and diagnosis; and broadcasts to a subnet. Types only. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Invitation } from "../parts/invitation.ts";
import type { NoParams } from "../parts/no-params.ts";

export interface LanPlace {
  readonly transport: TransportName;
  readonly endpoint: Endpoint;
}

export interface LanSentences<S> {
  readonly "lan-looking": { readonly interfaces: readonly string[] };
  readonly "lan-looking-hint": NoParams;
  readonly "lan-no-network": NoParams;
  readonly "lan-off": NoParams;
  readonly "lan-was-off": NoParams;
  readonly "lan-off-hint": NoParams;
  readonly "lan-found": {
    readonly name: string;
    readonly places: readonly LanPlace[];
    readonly marks: readonly S[];
  };
  /** Beside a duet that announces the key of a known person. */
  readonly "lan-key-of": { readonly name: string; readonly isVerified: boolean };
  /** Beside a duet that has a known person's name, and announces no key of theirs. */
  readonly "lan-other-key": NoParams;
  /** Beside a duet whose session another address announces, too. */
  readonly "lan-id-elsewhere": NoParams;
  /** Beside a duet with the name of one at another address. */
  readonly "lan-name-elsewhere": NoParams;
  /** `words`: of the command line, to join it. */
  readonly "lan-found-hint": { readonly words: string };
  readonly "lan-gone": { readonly name: string; readonly reason: S };
  readonly "lan-duet-gone": NoParams;
  readonly "lan-nobody": NoParams;
  readonly "lan-nobody-can-join": NoParams;
  readonly "lan-blocked": NoParams;
  /** A command for a friend, on a line of its own. */
  readonly "lan-invitation": { readonly invitation: Invitation };
  /** The command that joins one of the list, in the chat after a switch unless its transport is active. */
  readonly "lan-connect": {
    readonly transport: TransportName;
    readonly isActive: boolean;
    readonly place: string;
    /** The key that it is VERIFIED to have, for the command line. */
    readonly key: string | undefined;
  };
  readonly "interface-joined": NoParams;
  readonly "interface-not-joined": { readonly code: string };
  readonly "interface-has-echo": NoParams;
  readonly "interface-deaf": NoParams;
  readonly "interface-listens": NoParams;
  readonly "interface-cannot-send": { readonly code: string };
  readonly "interface-receives": { readonly names: readonly string[]; readonly more: number };
  readonly "broadcast-too-long": { readonly bytes: number };
  readonly "broadcast-needs-socket": NoParams;
  readonly "broadcast-needs-network": NoParams;
  readonly "no-subnet": NoParams;
  readonly "no-broadcast-address": { readonly address: string };
  readonly "broadcast-addresses": { readonly addresses: readonly string[]; readonly nearest: string };
}
