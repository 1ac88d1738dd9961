/** The command that starts duet, as the person typed it, for hints and invitations. */

import { realpathSync } from "node:fs";
import { basename, dirname, relative } from "node:path";

/** The facts that a process knows of its start. */
interface Start {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `Bun.main`: the first module, by its real path. */
  readonly mainPath: string;
  /** `argv[0]` as the kernel was given it. */
  readonly argv0: string;
  readonly cwd: string;
}

/** The folder of the modules in a compiled program. */
const compiledFolder = "/$bunfs/";
const npmProgram = /\/np[mx]-cli\.js$/;

/** Returns a command that a shell understands, such as `bun run start`, `duet` or `./dist/duet`. */
export function findProgramName({ env, mainPath, argv0, cwd }: Start): string {
  if (mainPath.startsWith(compiledFolder)) return quote(argv0);
  // A POSIX shell sets `_` to the path of the command.
  const typed = env["_"];
  if (typed !== undefined && findRealPath(typed) === mainPath) return quote(shortenPath(typed, env["PATH"]));
  if (env["npm_lifecycle_event"] === "start")
    return npmProgram.test(env["npm_execpath"] ?? "") ? "npx -y bun run start" : "bun run start";
  const path = relative(cwd, mainPath);
  return `bun ${quote(path.startsWith("../") ? mainPath : path)}`;
}

/** A command in a folder of $PATH was typed without the folder. */
function shortenPath(path: string, searched = ""): string {
  return searched.split(":").includes(dirname(path)) ? basename(path) : path;
}

function findRealPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // The shell had another working directory, or set nothing.
    return undefined;
  }
}

function quote(word: string): string {
  return /^[\w./@%+:,=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
