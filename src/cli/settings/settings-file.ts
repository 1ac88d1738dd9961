/** Where the file of settings is (XDG Base Directory 0.8), and reading it. What stands in it is settings.ts's business. */

import { readFileSync } from "node:fs";
import type { GivenOptions } from "../options/option-words.ts";
import type { SettingsSource } from "./settings.ts";
import { refuse, type UsageRefusal } from "../options/usage-refusal.ts";

/** The environment, of which HOME and XDG_CONFIG_HOME say where. */
type SettingsPlaces = Readonly<Record<string, string | undefined>>;

/** `named` as with --config; without it the usual file, which need not be there. */
export function readSettingsFile(
  named: string | undefined,
  places: SettingsPlaces,
): GivenOptions | UsageRefusal {
  const path = named ?? usualPath(places);
  if (path === undefined) return new Map();
  try {
    return parse(readFileSync(path, "utf8"), { path, home: places["HOME"] ?? "" });
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    const isAbsent = code === "ENOENT" || code === "ENOTDIR";
    return named === undefined && isAbsent ? new Map() : refuse("settings-unreadable", { path, code });
  }
}

/** Loaded only where there is a file: most starts have none. */
function parse(text: string, source: SettingsSource): GivenOptions | UsageRefusal {
  const { parseSettings } = require("./settings.ts") as typeof import("./settings.ts");
  return parseSettings(text, source);
}

/** A relative $XDG_CONFIG_HOME is not valid and is passed over. */
function usualPath(places: SettingsPlaces): string | undefined {
  const { XDG_CONFIG_HOME: folder = "", HOME: home = "" } = places;
  if (folder.startsWith("/")) return `${folder}/duet/config.toml`;
  return home.startsWith("/") ? `${home}/.config/duet/config.toml` : undefined;
}
