/** The state of discovery on the local network. Types only. */

import type { LanInterface } from "../../protocol/lan/lan-event.ts";
import { LanRoster } from "./lan-roster.ts";

/** One interface, and our last announcement through it. */
export interface LanHere {
  readonly interface: LanInterface;
  /** Identifies our last announcement if it returns. */
  probe: string;
  sentMs: number | undefined;
  /** The last announcement returned to us; `hadEcho`: the one before it did. */
  hasEcho: boolean;
  hadEcho: boolean;
  /** Why sending on the interface failed. */
  failed: string | undefined;
}

export interface Lan {
  /** A random token that is used nowhere else. */
  readonly session: string;
  readonly roster: LanRoster;
  interfaces: readonly LanHere[];
  /** Announcements sent so far. */
  round: number;
  announcedMs: number;
}
