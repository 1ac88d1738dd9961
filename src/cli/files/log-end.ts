/** Mends the end of a log that another run left, so that no record is glued to half of another. */

import fs from "node:fs";

export type LogEnd =
  | { readonly kind: "whole" }
  /** The last record is only half there: the log ends at `wholeBytes`. */
  | { readonly kind: "unfinished"; readonly wholeBytes: number }
  /** The last record is whole, but its newline is missing. */
  | { readonly kind: "unterminated" }
  /** From this byte on the file is something else than a log of this kind. */
  | { readonly kind: "damaged"; readonly atByte: number };

/** Reads `length` bytes of a log from `offset` on; fewer at its end. */
export type ReadLog = (offset: number, length: number) => Buffer;

/** Looks at the end of a log of `size` bytes, more than 0. */
export type FindLogEnd = (read: ReadLog, size: number) => LogEnd;

/**
 * The end of the log at `path`, which is open as `descriptor` to append to it. While another process writes to it, an
 * unfinished record is that process's to finish, and the log counts as whole.
 */
export function inspectLogEnd(path: string, descriptor: number, findEnd: FindLogEnd): LogEnd {
  const { size } = fs.fstatSync(descriptor);
  if (size === 0) return { kind: "whole" };
  const end = readWith(path, (read) => findEnd(read, size));
  return end.kind === "unfinished" && hasOtherWriter(descriptor) ? { kind: "whole" } : end;
}

/** A log that may be written and not read counts as whole. */
function readWith(path: string, use: (read: ReadLog) => LogEnd): LogEnd {
  const descriptor = openToRead(path);
  if (descriptor === undefined) return { kind: "whole" };
  try {
    return use((offset, length) => {
      const bytes = Buffer.allocUnsafe(length);
      return bytes.subarray(0, fs.readSync(descriptor, bytes, 0, length, offset));
    });
  } finally {
    fs.closeSync(descriptor);
  }
}

function openToRead(path: string): number | undefined {
  try {
    return fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/** True if another process of ours has the file open for writing. False where there is no /proc. */
function hasOtherWriter(descriptor: number): boolean {
  const file = readLink(`/proc/self/fd/${descriptor}`);
  const others = listNames("/proc").filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  return others.some((pid) =>
    listNames(`/proc/${pid}/fd`).some(
      (other) =>
        readLink(`/proc/${pid}/fd/${other}`) === file && isForWriting(`/proc/${pid}/fdinfo/${other}`),
    ),
  );
}

/** The flags of proc_pid_fdinfo(5) are octal; the lowest two bits are O_WRONLY and O_RDWR. */
function isForWriting(path: string): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(fs.readFileSync(path, "utf8"))?.[1] ?? "0";
    return (Number.parseInt(flags, 8) & 0b11) !== 0;
  } catch {
    return false; // Closed meanwhile.
  }
}

/** Empty if the process has ended or belongs to another user. */
function listNames(path: string): readonly string[] {
  try {
    return fs.readdirSync(path);
  } catch {
    return [];
  }
}

function readLink(path: string): string | undefined {
  try {
    return fs.readlinkSync(path);
  } catch {
    return undefined;
  }
}
