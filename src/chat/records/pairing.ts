/** The progress of pairing, on a side that was opened without an address. */

import type { Target } from "../../protocol/address/target.ts";
import type { FolderProblem } from "../../protocol/errors/folder-problem.ts";
import type { FoundDuet } from "../config/open-request.ts";

export interface Pairing {
  readonly target: Target;
  readonly untilMs: number;
  /** listen → (in use) → look up announcements → probe → again. */
  stage: "listening" | "looking" | "joining" | "probing" | "waiting";
  /** The duet that was found. */
  duet?: FoundDuet;
  /** The program that has the port, for the final error. */
  holder: string | undefined;
  /** Why no duet of this machine can announce itself, if that is so. */
  folderProblem?: FolderProblem | undefined;
}
