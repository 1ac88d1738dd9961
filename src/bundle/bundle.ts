/**
 * Finds the bundle of duet, which loads in less than half the time of the sources. `bun run start` makes it when the
 * sources have changed: the bundle's record has a stamp of each source, and one that differs makes the bundle stale.
 * There are two: with the screen, and without it, which takes less memory.
 */

import { fstatSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/** The project's folder. */
export const project = resolve(import.meta.dir, "../..");
/** The folder of bundles. Git ignores it, and `bun install` leaves it alone. */
export const bundleFolder = join(project, "node_modules/.cache/duet");
/** The record of the bundle in use. */
export const recordPath = join(bundleFolder, "bundle.json");

/** The sources of a bundle. */
interface BundleRecord {
  readonly bunVersion: string;
  /** The paths of the two bundles. The one with the screen can do all that the other can. */
  readonly withScreen: string;
  readonly withoutScreen: string;
  /** The stamp of each source, by its path in the project; of the packages, that of bun.lock. */
  readonly stamps: Readonly<Record<string, string>>;
}

/** Returns the path of the bundle to run; undefined if there is none of the sources as they are. */
export function findBundle(): string | undefined {
  const record = readFreshRecord() ?? (isStart() ? makeAndReadRecord() : undefined);
  return mayHaveScreen() ? record?.withScreen : record?.withoutScreen;
}

/** True if standard input and output may be terminals, which are character devices. */
function mayHaveScreen(): boolean {
  try {
    return [0, 1].every((descriptor) => fstatSync(descriptor).isCharacterDevice());
  } catch {
    // A descriptor is closed.
    return false;
  }
}

/** Returns the record of the bundle; undefined if there is none of the sources as they are. */
export function readFreshRecord(): BundleRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(recordPath, "utf8")) as BundleRecord;
    return isFresh(record) ? record : undefined;
  } catch {
    // No bundle was made, or a file that it needs is gone.
    return undefined;
  }
}

/** Returns what `stat` says of a source: its size, and the time of its last change, which no program can set. */
export function stampSource(path: string): string {
  const { size, ctimeMs } = statSync(join(project, path));
  return `${size} ${ctimeMs}`;
}

/** Throws if a file is gone. */
function isFresh({ bunVersion, withScreen, withoutScreen, stamps }: BundleRecord): boolean {
  if (bunVersion !== Bun.version) return false;
  statSync(withScreen);
  statSync(withoutScreen);
  return Object.entries(stamps).every(([path, stamp]) => stampSource(path) === stamp);
}

/** True in `bun run start`, which may take the time to make a bundle once. */
function isStart(): boolean {
  return process.env["npm_lifecycle_event"] === "start";
}

/** The bundler runs as a process of its own, since its memory stays taken. Where it fails, the sources run. */
function makeAndReadRecord(): BundleRecord | undefined {
  Bun.spawnSync([process.execPath, join(import.meta.dir, "make-bundle.ts")], {
    cwd: project,
    stdio: ["ignore", "ignore", "ignore"],
  });
  return readFreshRecord();
}
