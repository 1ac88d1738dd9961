/** What goes wrong, in the words that a person reads, and with the exit code that a script sees. */

import { Folder, startDuet } from "../support/duet.ts";
import { freePort } from "../support/tutorial.ts";
import { golden, type Transcript } from "./transcript.ts";

/** One duet after another; each ends by itself. */
async function writeRuns(
  transcript: Transcript,
  runs: readonly (readonly string[])[],
  folder: Folder,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const duets = runs.map((args) => startDuet(args, { folder, env }));
  try {
    for (const [index, duet] of duets.entries()) {
      duet.end();
      await transcript.writeEnd(`duet ${runs[index]!.join(" ")}`, duet);
    }
  } finally {
    for (const duet of duets) await duet[Symbol.asyncDispose]();
  }
}

const wrongUsage: readonly (readonly string[])[] = [
  ["--no-such-option"],
  ["--nmae", "ann"],
  ["-z"],
  ["--name"],
  ["--name", ""],
  ["one", "2", "3"],
  ["127.0.0.1", "65536"],
  ["127.0.0.1", "eighty"],
  ["-l", "-U"],
  ["--wait", "soon"],
  ["--max-conns", "0"],
  ["--allow", "10.0.0.0/33"],
  ["--udp", "--tcp"],
  ["--plain", "--json"],
  ["-u", "-U", "/tmp/none"],
  ["--send-only", "--recv-only"],
  ["--trouble", "loss=200%"],
  ["--theme", "pink"],
  ["--lang", "tlh"],
  ["-4", "-6"],
  ["-4", "::1", "8080"],
  ["--version"],
];

golden("errors-usage", async (transcript) => {
  using folder = new Folder();
  await writeRuns(transcript, wrongUsage, folder);
});

golden("errors-usage-chinese", async (transcript) => {
  using folder = new Folder();
  const chosen = wrongUsage.filter((_, index) => index % 3 === 0);
  await writeRuns(transcript, [...chosen, ["--help"]], folder, { LANG: "zh_CN.UTF-8" });
});

golden("errors-help", async (transcript) => {
  using folder = new Folder();
  await writeRuns(transcript, [["--help"]], folder);
});

golden("errors-network", async (transcript) => {
  using folder = new Folder();
  await using taken = startDuet(["-l", "127.0.0.1", "0", "--plain"], { folder });
  const port = String(await taken.port());
  transcript.namePort(Number(port), "taken");
  await using takenUdp = startDuet(["-u", "-l", "127.0.0.1", "0", "--plain"], { folder });
  const udpPort = String(await takenUdp.port());
  transcript.namePort(Number(udpPort), "t-udp");
  const free = String(await freePort("tcp"));
  transcript.namePort(Number(free), "nobdy");
  transcript.namePath(folder.path, "FOLDER");
  await writeRuns(
    transcript,
    [
      ["127.0.0.1", free],
      ["127.0.0.1", free, "--json"],
      ["-l", "127.0.0.1", port],
      ["-l", "127.0.0.1", port, "--json"],
      ["-u", "-l", "127.0.0.1", udpPort],
      ["-l", "192.0.2.77", "8080"],
      ["-U", folder.join("no-socket")],
      ["-l", "-U", folder.join("no-folder/socket")],
      ["127.0.0.1", free, "--lang", "zh"],
      ["-o", folder.join("no-folder/log.txt"), "-l", "0"],
    ],
    folder,
  );
});

golden("errors-settings", async (transcript) => {
  using folder = new Folder();
  transcript.namePath(folder.path, "FOLDER");
  const files = {
    "syntax.toml": 'name = "ann"\nudp = \n',
    "unknown.toml": 'name = "ann"\nnmae = "bob"\n',
    "type.toml": "wait = true\n",
    "value.toml": 'theme = "pink"\n',
    "two.toml": "udp = true\ntcp = true\n",
    "list.toml": 'allow = ["192.0.2.0/24", "somewhere"]\n',
  };
  for (const [name, text] of Object.entries(files)) await Bun.write(folder.join(name), text);
  const names = [...Object.keys(files), "absent.toml"];
  const runs = names.map((name) => ["--config", folder.join(name), "-l", "0"]);
  await writeRuns(transcript, runs, folder);
  await Bun.write(folder.join("config/duet/config.toml"), 'name = "from the file"\nudp = true\nnmae = 1\n');
  await writeRuns(transcript, [["-l", "0"]], folder);
});

golden("exit-codes", async (transcript) => {
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
    await using duet = startDuet(["-l", "127.0.0.1", "0", "--plain"]);
    transcript.namePort(await duet.port(), "p-ann");
    duet.signal(signal);
    await transcript.writeEnd(signal, duet);
  }
  await using full = startDuet(["--help"], { outputTo: "/dev/full" });
  await transcript.writeEnd("--help > /dev/full", full);
});
