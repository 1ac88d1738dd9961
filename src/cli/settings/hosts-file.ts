/** Reads a file of --allowfile or --denyfile. host-ranges.ts parses its text. */

import { hostsFileMaxBytes } from "../../protocol/limits.ts";
import { readInputText } from "../files/input-file.ts";
import { refuse, type UsageRefusal } from "../options/usage-refusal.ts";

/** The file's text, or a refusal that names `flag` and the system's error; EFBIG if it is too long. */
export function readHostsFile(flag: string, path: string): string | UsageRefusal {
  try {
    const { text, isTruncated } = readInputText(path, hostsFileMaxBytes);
    return isTruncated ? refuse("hosts-unreadable", { flag, path, code: "EFBIG" }) : text;
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    return refuse("hosts-unreadable", { flag, path, code });
  }
}
