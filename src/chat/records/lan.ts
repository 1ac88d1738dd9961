/** The local network as this duet looks at it: types only. */

import type { LanInterface } from "../../protocol/lan/lan-event.ts";
import { LanRoster } from "./lan-roster.ts";

/** One interface, and our own last announcement through it. */
export interface LanHere {
  readonly interface: LanInterface;
  /** By which we know our announcement again, should it come back. */
  probe: string;
  sentMs: number | undefined;
  /** That very announcement was heard again; and whether the one before it was. */
  hearsItself: boolean;
  heardItself: boolean;
  /** Why nothing can be sent there. */
  failed: string | undefined;
}

export interface Lan {
  /** Random, and told to nobody otherwise. */
  readonly session: string;
  readonly roster: LanRoster;
  interfaces: readonly LanHere[];
  /** Announcements so far. */
  round: number;
  announcedMs: number;
}
