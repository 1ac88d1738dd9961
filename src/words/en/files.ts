/** Files, standard output, and faults of duet itself, in English. */

import { formatCount, formatPercent } from "../../protocol/text/quantities.ts";
import { quoteWord } from "../../protocol/address/target.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { FileSentences } from "../sentences/files.ts";

export const filesEnglish: SentenceTable<FileSentences<Sentence>> = {
  "log-unopened": ({ path, code }) =>
    code === "ENXIO"
      ? `the log ${path} cannot be opened (ENXIO): nobody reads that pipe or device; start its reader first`
      : `the log ${path} cannot be opened (${code}): give a path in a folder that exists and that you may write to`,
  "log-mended": ({ path, bytes }) =>
    `the log ${path} ended in half a record, as after a crash or on a full disk: duet cut off the last ${formatCount(bytes, "byte")}`,
  "log-damaged": ({ path, atByte }) =>
    `the log ${path} is no pcapng from byte ${atByte} on, and programs would read nothing after it: give another path, or move that file away`,
  "log-untrusted": ({ path, reason, at }) =>
    `the log ${path} is not opened: ${wordUntrusted(reason, at)}; give a path in a folder that only you may write to`,
  "log-exposed": ({ path, mode, access }) =>
    `other users may ${access === "both" ? "read and change" : access} the log ${path} (mode ${mode}): chmod 600 keeps it to you`,
  "log-of-another": ({ path, uid }) =>
    `the log ${path} belongs to another user (uid ${uid}), who can read and change it`,
  "input-unreadable": ({ code }) =>
    `standard input cannot be read (${code}): nothing of it is sent; check where it is redirected from`,
  "log-ends": ({ path, code }) => {
    const cause = code === "ENOSPC" ? "the disk is full (ENOSPC); make room there, or log elsewhere" : code;
    return `the log ${path} ends here, and the chat continues without it: ${cause}`;
  },
  "recording-unreadable": ({ path, code }) =>
    code === "ENXIO"
      ? `the recording ${path} cannot be read (ENXIO): nobody writes to that pipe; start its writer first`
      : `the recording ${path} cannot be read (${code}): give a file that -o FILE.ndjson has written`,
  "recording-empty": ({ path }) =>
    `${path} has no event of duet's: give a file that -o FILE.ndjson has written`,
  "recording-read": ({ path, share }) => `reading ${path}: ${formatPercent(share)}`,
  "recording-goes-on": ({ events }) => `the recording goes on after these ${formatCount(events, "event")}`,
  "transcript-failed": ({ path, folder, code }) => `${path} was not written: ${wordFailure(folder, code)}`,
  "transcript-saved": ({ path, lines }) =>
    `${formatCount(lines, "line")} of this conversation are in ${path}`,
  "settings-unreadable": ({ path, code }) =>
    `the settings ${quoteWord(path)} cannot be read: ${wordUnreadable(code)} (${code}); --no-config starts without them`,
  "settings-line": ({ path, line, problem }, word) => `${path}:${line}: ${word(problem)}`,
  "output-unwritable": ({ code }) => {
    if (code === "EBADF")
      return "standard output is closed (EBADF): redirect it, to /dev/null if nobody reads it";
    const cause =
      code === "ENOSPC"
        ? "the disk is full (ENOSPC); make room there, or write elsewhere"
        : `${code}; check where it is redirected`;
    return `standard output cannot be written: ${cause}`;
  },
  "output-dropped": ({ pieces }) => `${pieces} pieces of output were dropped: nobody read them`,
  "output-not-taken": ({ bytes }) => `${bytes} bytes of output are lost: they were not read`,
  "lines-not-sent": ({ lines }) => `${lines === 1 ? "1 line was" : `${lines} lines were`} not sent`,
  fault: ({ message }) => `duet stopped by a fault of its own: ${message}; please report it.`,
};

function wordFailure(folder: string, code: string): string {
  switch (code) {
    case "ENOENT":
      return `there is no folder ${folder} (ENOENT); make it first, or save elsewhere`;
    case "ENOTDIR":
      return `${folder} is no folder (ENOTDIR); save elsewhere`;
    case "EISDIR":
      return "it is a folder (EISDIR); add a file's name";
    case "EEXIST":
      return "something that is no plain file has that name (EEXIST); choose another";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `you may not write there (${code}); save elsewhere, as in /save ~/chat.txt`;
    case "ENOSPC":
    case "EDQUOT":
      return `the disk is full (${code}); make room there, or save elsewhere`;
    case "ELOOP":
      return "another user could have made a symbolic link in that path (ELOOP); save elsewhere";
    case "ENAMETOOLONG":
      return "the name is too long (ENAMETOOLONG); give a shorter one";
    default:
      return `${code}; save elsewhere`;
  }
}

function wordUntrusted(reason: "link" | "owner" | "second-name", at: string): string {
  switch (reason) {
    case "link":
      return `another user could have made the symbolic link ${at}`;
    case "owner":
      return `another user (uid ${at}) has put it into a shared folder`;
    case "second-name":
      return "it is in a shared folder and has a second name elsewhere (a hard link)";
  }
}

function wordUnreadable(code: string): string {
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "there is no such file";
    case "EACCES":
      return "it may not be read";
    case "EISDIR":
      return "it is a folder";
    case "EFBIG":
      return "it has more than 1 MiB";
    case "ENXIO":
      return "nobody writes to that pipe";
    default:
      return "reading it failed";
  }
}
