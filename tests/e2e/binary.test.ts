/** The compiled program: it needs neither Bun nor packages nor the sources, and everything of duet works in it. */

import { afterAll, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Folder } from "../support/duet.ts";
import { startProgram } from "../support/processes.ts";
import { startInTerminal } from "../support/pty.ts";
import { startClient } from "../support/raw-client.ts";
import { restoredModes, screenEnvironment } from "../support/screens.ts";

const project = join(import.meta.dir, "../..");
/** Far from the project, under a name of its own. */
const home = new Folder();
const binary = home.join("chat");

const built = Bun.spawnSync([process.execPath, "src/bundle/make-binary.ts"], { cwd: project });
expect(built.stderr.toString()).toBe("");
copyFileSync(join(project, "dist/duet"), binary);
afterAll(() => home[Symbol.dispose]());

/** Without Bun in $PATH, in a folder that would change what Bun does. */
function environment(folder: Folder): Record<string, string> {
  return screenEnvironment(folder, { PATH: "/usr/bin:/bin", NODE_ENV: "" });
}

function hostileFolder(): Folder {
  const folder = new Folder();
  const witness = `require("node:fs").writeFileSync(${JSON.stringify(folder.join("witness"))}, "ran");`;
  writeFileSync(folder.join("evil.ts"), witness);
  writeFileSync(folder.join("bunfig.toml"), 'preload = ["./evil.ts"]\n');
  writeFileSync(folder.join(".env"), "LANG=zh_CN.UTF-8\n");
  for (const name of ["ink", "react"]) {
    mkdirSync(folder.join(`node_modules/${name}`), { recursive: true });
    writeFileSync(folder.join(`node_modules/${name}/index.js`), witness);
  }
  return folder;
}

test("without a screen: a line in each direction, and nothing of a stranger's folder", async () => {
  using folder = hostileFolder();
  const command = [binary, "-l", "0", "--plain", "-v"];
  await using duet = startProgram(command, { cwd: folder.path, env: environment(folder) });
  const port = /LISTEN: 127\.0\.0\.1:(\d+)/;
  await duet.waitForError(port);
  using client = await startClient(Number(port.exec(duet.errors)?.[1]));
  client.write("from the client\n");
  await duet.waitForLine(/from the client/);
  duet.write("from duet\n");
  await client.waitForText("from duet\n");
  expect(await Bun.file(folder.join("witness")).exists()).toBe(false);
});

test("with a screen: the command as it was typed, the kernel's facts, the tour, and the terminal as it was", async () => {
  using folder = hostileFolder();
  await using terminal = await startInTerminal([binary, "-l", "0"], {
    columns: 120,
    rows: 30,
    cwd: folder.path,
    env: environment(folder),
  });
  const invitation = new RegExp(`${binary} --duet 127\\.0\\.0\\.1 (\\d+)`);
  await terminal.waitForText(invitation);
  using client = await startClient(Number(invitation.exec(terminal.screen().join("\n"))?.[1]));
  client.write("from the client\n");
  await terminal.waitForText("from the client");
  terminal.write("\x1bOQ");
  await terminal.waitForText(/rtt [\d.]+ (µs|ms)/);
  terminal.write("/tour\r");
  await terminal.waitForText("tour 1/");
  terminal.write("\x1b");
  await terminal.waitFor((seen) => !seen.screen().join("\n").includes("tour 1/"), "the end of the tour");
  terminal.write("/quit\r");
  expect((await terminal.exited).code).toBe(0);
  expect(terminal.modes()).toMatchObject(restoredModes);
  expect(await Bun.file(folder.join("witness")).exists()).toBe(false);
});
