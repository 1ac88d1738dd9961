/** Why a folder of this machine is not safe to use, or could not be used. Types only. */

/** One of these reasons, or the system's error code. */
export type FileProblem =
  "symbolic link" | "no directory" | "no file" | "not ours" | "open to others" | "too large" | (string & {});

export interface FolderProblem {
  readonly folder: string;
  readonly problem: FileProblem;
}
