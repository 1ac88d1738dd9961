/** The path of a file that duet keeps for a person between runs. */

import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** `$XDG_STATE_HOME/duet/NAME`, by default below ~/.local/state (XDG Base Directory); undefined without a home. */
export function findStatePath(
  env: Readonly<Record<string, string | undefined>>,
  name: "history" | "name",
): string | undefined {
  const state = env["XDG_STATE_HOME"] ?? "";
  const home = env["HOME"] ?? homedir();
  const base = isAbsolute(state) ? state : isAbsolute(home) ? join(home, ".local", "state") : undefined;
  return base === undefined ? undefined : join(base, "duet", name);
}
