/** An identity with a pass-phrase, as a person and as a script start duet with it. */

import { expect, test } from "bun:test";
import fs from "node:fs";
import { duetCommand, Folder, startDuet } from "../support/duet.ts";
import { startInTerminal } from "../support/pty.ts";

const setUp = (folder: Folder) => {
  const secret = folder.join("secret");
  const wrong = folder.join("wrong");
  fs.writeFileSync(secret, "correct horse\n", { mode: 0o600 });
  fs.writeFileSync(wrong, "battery staple\n", { mode: 0o600 });
  return { secret: `file:${secret}`, wrong: `file:${wrong}`, identity: folder.join("data/duet/identity") };
};

async function run(folder: Folder, ...args: readonly string[]) {
  await using duet = startDuet(args, { folder });
  const { code } = await duet.waitForExit();
  return { code, said: duet.output + duet.errors };
}

test("a script sets it, gives it and takes it away, from files; a wrong one starts nothing", async () => {
  using folder = new Folder();
  const { secret, wrong, identity } = setUp(folder);
  const set = await run(folder, "--new-pass-phrase", secret);
  expect([set.code, set.said]).toEqual([0, expect.stringContaining("has a new pass-phrase")]);
  expect(fs.readFileSync(identity, "utf8")).toMatch(
    /^duet identity 1\nargon2id 65536 3 1 \S+\nsealed \S+\n$/,
  );
  for (const [args, said] of [
    [["--pass-phrase", wrong], "that is not the pass-phrase of"],
    [["--pass-phrase", "correct horse"], "never the secret itself"],
    [["--pass-phrase", wrong, "--new-pass-phrase", "none"], "that is not the pass-phrase of"],
  ] as const) {
    const refused = await run(folder, "-l", "127.0.0.1", "0", "--json", ...args);
    expect(refused.code).toBeGreaterThan(0);
    expect(refused.said).toContain(said);
    expect(refused.said).not.toMatch(/correct|battery/);
  }
  await using host = startDuet(
    ["-l", "127.0.0.1", "0", "--json", "--encrypt", "require", "--pass-phrase", secret],
    {
      folder,
    },
  );
  const port = await host.port();
  using other = new Folder();
  const client = ["--duet", "127.0.0.1", String(port), "--json", "--encrypt", "require"];
  await using joined = startDuet(client, { folder: other });
  await joined.waitForEvent({ type: "peer", event: "identified", security: "encrypted" });
  const removed = await run(folder, "--pass-phrase", secret, "--new-pass-phrase", "none");
  expect([removed.code, removed.said]).toEqual([0, expect.stringContaining("has no pass-phrase any more")]);
  expect(fs.readFileSync(identity, "utf8")).toContain("x25519 ");
});

test("a person is asked, without echo, three times at most", async () => {
  using folder = new Folder();
  const { secret } = setUp(folder);
  await run(folder, "--new-pass-phrase", secret);
  const start = (...args: readonly string[]) =>
    startInTerminal(["bash", "-c", '"$@"; echo "exit $?"; read -r', "sh", ...duetCommand, ...args], {
      env: { XDG_DATA_HOME: folder.join("data"), XDG_RUNTIME_DIR: folder.path },
    });
  await using refused = await start("-l", "127.0.0.1", "0");
  await refused.waitForText("the pass-phrase of");
  for (const count of [1, 2]) {
    refused.write(`wrong ${count}\r`);
    await refused.waitFor(
      (seen) => seen.output().split("Once more:").length === count + 1,
      "the question again",
    );
  }
  refused.write("wrong 3\r");
  await refused.waitForText(/exit [1-9]/);
  expect(refused.output()).not.toMatch(/wrong \d/);
  await using plain = await start("-l", "127.0.0.1", "0", "--plain");
  await plain.waitForText("the pass-phrase of");
  plain.write("correct horse\r");
  await plain.waitForText("LISTEN");
  expect(plain.output()).not.toContain("correct");
  await using changed = await start("--new-pass-phrase", "ask");
  await changed.waitForText("the pass-phrase of");
  changed.write("correct horse\r");
  await changed.waitForText("a new pass-phrase for");
  changed.write("Tr0ub4dor\r");
  await changed.waitForText("The same again:");
  changed.write("Tr0ub4dor\r");
  await changed.waitForText("exit 0");
  expect(changed.screen().join(" ")).toContain("nobody can find it again");
});
