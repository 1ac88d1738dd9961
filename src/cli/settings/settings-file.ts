/** Finds the settings file (XDG Base Directory 0.8) and reads it. settings.ts parses its text. */

import { settingsFileMaxBytes } from "../../protocol/limits.ts";
import { readInputText } from "../files/input-file.ts";
import type { GivenOptions } from "../options/command-line.ts";
import type { SettingsSource } from "./settings.ts";
import { refuse, type UsageRefusal } from "../options/usage-refusal.ts";

/** The environment; HOME and XDG_CONFIG_HOME are used. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the file at `namedPath` (--config), which must exist, or else the default file, which need not. */
export function readSettingsFile(
  namedPath: string | undefined,
  env: Environment,
): GivenOptions | UsageRefusal {
  const path = namedPath ?? findDefaultPath(env);
  if (path === undefined) return new Map();
  try {
    const { text, isTruncated } = readInputText(path, settingsFileMaxBytes);
    if (isTruncated) return refuse("settings-unreadable", { path, code: "EFBIG" });
    return parse(text, { path, home: env["HOME"] ?? "" });
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    const isAbsent = code === "ENOENT" || code === "ENOTDIR";
    return namedPath === undefined && isAbsent ? new Map() : refuse("settings-unreadable", { path, code });
  }
}

/** Loads the parser only if there is a file, because most starts have none. */
function parse(text: string, source: SettingsSource): GivenOptions | UsageRefusal {
  const { parseSettings } = require("./settings.ts") as typeof import("./settings.ts");
  return parseSettings(text, source);
}

/** A relative $XDG_CONFIG_HOME is invalid and ignored. */
function findDefaultPath(env: Environment): string | undefined {
  const { XDG_CONFIG_HOME: folder = "", HOME: home = "" } = env;
  if (folder.startsWith("/")) return `${folder}/duet/config.toml`;
  return home.startsWith("/") ? `${home}/.config/duet/config.toml` : undefined;
}
