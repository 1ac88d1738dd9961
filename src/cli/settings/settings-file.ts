/** Where the file of settings is (XDG Base Directory 0.8), and reading it. What stands in it is settings.ts's business. */

import { readFileSync } from "node:fs";
import { quoteWord, type UsageError, usageError } from "../../protocol/address/target.ts";
import type { GivenOptions } from "../options/option-words.ts";
import type { SettingsSource } from "./settings.ts";

/** The environment, of which HOME and XDG_CONFIG_HOME say where. */
type SettingsPlaces = Readonly<Record<string, string | undefined>>;

/** `named` as with --config; without it the usual file, which need not be there. */
export function readSettingsFile(
  named: string | undefined,
  places: SettingsPlaces,
): GivenOptions | UsageError {
  const path = named ?? usualPath(places);
  if (path === undefined) return new Map();
  try {
    return parse(readFileSync(path, "utf8"), { path, home: places["HOME"] ?? "" });
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    const isAbsent = code === "ENOENT" || code === "ENOTDIR";
    return named === undefined && isAbsent ? new Map() : unreadable(path, code);
  }
}

/** Loaded only where there is a file: most starts have none. */
function parse(text: string, source: SettingsSource): GivenOptions | UsageError {
  const { parseSettings } = require("./settings.ts") as typeof import("./settings.ts");
  return parseSettings(text, source);
}

/** A relative $XDG_CONFIG_HOME is not valid and is passed over. */
function usualPath(places: SettingsPlaces): string | undefined {
  const { XDG_CONFIG_HOME: folder = "", HOME: home = "" } = places;
  if (folder.startsWith("/")) return `${folder}/duet/config.toml`;
  return home.startsWith("/") ? `${home}/.config/duet/config.toml` : undefined;
}

function unreadable(path: string, code: string): UsageError {
  const causes: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file",
    ENOTDIR: "there is no such file",
    EACCES: "it may not be read",
    EISDIR: "it is a folder",
  };
  const cause = causes[code] ?? "reading it failed";
  return usageError(
    `the settings ${quoteWord(path)} cannot be read: ${cause} (${code}); --no-config goes on without`,
  );
}
