/**
 * duet started in a folder that somebody else made: nothing of the folder runs, and nothing of it changes duet. The
 * forms of a start that Bun itself cannot protect are pinned, so that an upgrade that mends them is noticed.
 */

import { expect, test } from "bun:test";
import { chmodSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Folder } from "../support/duet.ts";
import { startProgram } from "../support/processes.ts";
import { startInTerminal } from "../support/pty.ts";

const project = join(import.meta.dir, "../..");
const mainPath = join(project, "src/main.ts");
/** Bun's options in the first line of main.ts. */
const safeOptions = (await Bun.file(mainPath).text()).split("\n", 1)[0]!.split(" ").slice(3);

/** A folder with everything that Bun, npm or duet might read there, and a witness file of what it ran. */
class HostileFolder extends Folder {
  readonly witness = this.join("witness");
  readonly bin = this.join("installed/bin");

  constructor() {
    super();
    const run = `require("node:fs").appendFileSync(${JSON.stringify(this.witness)}, "the folder's code\\n");`;
    this.#write("evil.ts", run);
    this.#write("bunfig.toml", 'preload = ["./evil.ts"]\n');
    this.#write("duet/config.toml", "mistake = true\n");
    for (const name of [".env", ".env.local", ".env.development", ".env.production"])
      this.#write(name, `XDG_CONFIG_HOME=${this.path}\nLANG=zh_CN.UTF-8\nTERM=dumb\n`);
    const everything = { "*": ["./evil.ts"], ink: ["./evil.ts"], "./cli/*": ["./evil.ts"] };
    const compilerOptions = { baseUrl: ".", paths: everything, jsxImportSource: "evil" };
    this.#write("tsconfig.json", JSON.stringify({ compilerOptions }));
    this.#write("jsconfig.json", JSON.stringify({ compilerOptions }));
    const scripts = { duet: "bun evil.ts", start: "bun evil.ts", prestart: "bun evil.ts" };
    this.#write("package.json", JSON.stringify({ name: "hostile", type: "commonjs", scripts }));
    for (const name of ["ink", "react", "fs", "evil/jsx-runtime", "evil/jsx-dev-runtime"])
      this.#write(`node_modules/${name}/index.js`, run);
    this.#install();
  }

  #write(name: string, content: string): void {
    mkdirSync(join(this.join(name), ".."), { recursive: true });
    writeFileSync(this.join(name), content);
  }

  /** What `npm install --global` makes of the package: its files, and a link to each program. */
  #install(): void {
    const installed = this.join("installed/lib/node_modules/duet");
    mkdirSync(installed, { recursive: true });
    mkdirSync(this.bin, { recursive: true });
    for (const name of ["src", "components", "package.json", "tsconfig.json"])
      cpSync(join(project, name), join(installed, name), { recursive: true });
    symlinkSync(join(project, "node_modules"), join(installed, "node_modules"));
    chmodSync(join(installed, "src/main.ts"), 0o755);
    symlinkSync(join(installed, "src/main.ts"), join(this.bin, "duet"));
    symlinkSync(mainPath, this.join("here"));
  }
}

type Form = (folder: HostileFolder) => readonly string[];

const protectedForms: Readonly<Record<string, Form>> = {
  "the program by its path": () => [mainPath],
  "a link in $PATH": ({ bin }) => ["env", `PATH=${bin}:${process.env["PATH"]}`, "duet"],
  "a link in the folder": () => ["./here"],
  "bunx, of an installed package": ({ bin }) => [
    ...["env", `PATH=${bin}:${process.env["PATH"]}`],
    ...["bunx", "--no-install", "duet"],
  ],
  "bun run start, for the project": () => ["bun", "run", "--cwd", project, "start"],
  "npm start, for the project": () => ["npm", "--prefix", project, "run", "--silent", "start", "--"],
  "bun with the options of the first line": () => ["bun", ...safeOptions, mainPath],
};

/** Bun reads the folder before it reads the program. */
const unprotectedForms: Readonly<Record<string, Form>> = {
  "bun and the program's path": () => ["bun", mainPath],
  "bun run duet": ({ bin }) => ["env", `PATH=${bin}:${process.env["PATH"]}`, "bun", "run", "duet"],
};

/** Starts duet in the folder, connected to a peer that closes; returns how it ended. */
async function startIn(folder: HostileFolder, form: Form): Promise<{ code: number | null; errors: string }> {
  using listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { open: (socket) => void socket.end(), data: () => {} },
  });
  const args = ["127.0.0.1", String(listener.port), "--plain"];
  const command = ["env", "-u", "XDG_CONFIG_HOME", ...form(folder), ...args];
  await using program = startProgram(command, { cwd: folder.path });
  program.end();
  const { code } = await program.waitForExit();
  return { code, errors: program.errors };
}

test.each(Object.entries(protectedForms))("nothing of a hostile folder runs: %s", async (_name, form) => {
  using folder = new HostileFolder();
  const { code, errors } = await startIn(folder, form);
  expect([code, errors]).toEqual([0, expect.stringContaining("ESTABLISHED")]);
  expect(existsSync(folder.witness)).toBe(false);
});

test("nothing of a hostile folder runs when the screen is drawn", async () => {
  using folder = new HostileFolder();
  const command = ["env", "-u", "XDG_CONFIG_HOME", join(folder.bin, "duet"), "-l", "0"];
  await using terminal = await startInTerminal(command, { columns: 80, rows: 24, cwd: folder.path });
  await terminal.waitFor((seen) => seen.screen().join("\n").includes("LISTEN"), "the screen in English");
  expect(existsSync(folder.witness)).toBe(false);
});

test.each(Object.entries(unprotectedForms))("Bun 1.4.5 runs the folder's code: %s", async (_name, form) => {
  using folder = new HostileFolder();
  await startIn(folder, form);
  expect(existsSync(folder.witness)).toBe(true);
});
