/** The progress of pairing, on a side that was opened without an address, and of waiting for a port that the kernel keeps. */

import type { Target } from "../../protocol/address/target.ts";
import type { FolderProblem } from "../../protocol/errors/folder-problem.ts";
import type { FoundDuet } from "../config/open-request.ts";

export interface Pairing {
  readonly target: Target;
  /** Later once the kernel is found to keep the port. */
  untilMs: number;
  /** listen → (in use) → look up announcements → probe → again. */
  stage: "listening" | "looking" | "joining" | "probing" | "waiting";
  /** The duet that was found. */
  duet?: FoundDuet;
  /** The program that has the port, for the final error. */
  holder: string | undefined;
  /** Why no duet of this machine can announce itself, if that is so. */
  folderProblem?: FolderProblem | undefined;
  /** False if the person asked to listen: then this only waits for the port. */
  readonly mayJoin: boolean;
  /** The kernel keeps the port for an ended connection (TIME-WAIT), which has been reported. */
  isPortKept: boolean;
}
