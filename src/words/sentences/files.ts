/** Files, standard output, and faults of duet itself. Types only. */

export interface FileSentences<S> {
  readonly "log-unopened": { readonly path: string; readonly code: string };
  /** Half a record at its end was cut off: `bytes` bytes. */
  readonly "log-mended": { readonly path: string; readonly bytes: number };
  /** From a byte on it is no pcapng. */
  readonly "log-damaged": { readonly path: string; readonly atByte: number };
  /** Another user could have made a link in its path (`at`: the link), the file (`at`: its owner), or a second name of it. */
  readonly "log-untrusted": {
    readonly path: string;
    readonly reason: "link" | "owner" | "second-name";
    readonly at: string;
  };
  /** `mode`: in octal digits; `access`: what other users may do. */
  readonly "log-exposed": {
    readonly path: string;
    readonly mode: string;
    readonly access: "read" | "change" | "both";
  };
  readonly "log-of-another": { readonly path: string; readonly uid: number };
  readonly "input-unreadable": { readonly code: string };
  readonly "log-ends": { readonly path: string; readonly code: string };
  readonly "recording-unreadable": { readonly path: string; readonly code: string };
  readonly "recording-empty": { readonly path: string };
  readonly "recording-goes-on": { readonly events: number };
  /** `share`: from 0 to 1. */
  readonly "recording-read": { readonly path: string; readonly share: number };
  /** `folder`: the folder of the file. */
  readonly "transcript-failed": { readonly path: string; readonly folder: string; readonly code: string };
  readonly "transcript-saved": { readonly path: string; readonly lines: number };
  readonly "settings-unreadable": { readonly path: string; readonly code: string };
  readonly "settings-line": { readonly path: string; readonly line: number; readonly problem: S };
  readonly "output-unwritable": { readonly code: string };
  readonly "output-dropped": { readonly pieces: number };
  readonly "output-not-taken": { readonly bytes: number };
  readonly "lines-not-sent": { readonly lines: number };
  readonly fault: { readonly message: string };
}
