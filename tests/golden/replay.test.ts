/** A recording is played again. Its times, ports and ids are fixed: it stands beside this file. */

import { Folder, startDuet } from "../support/duet.ts";
import { startOnScreen } from "../support/screens.ts";
import { golden } from "./transcript.ts";

const recording = new URL("recordings/room.ndjson", import.meta.url).pathname;

for (const mode of ["--plain", "--json"]) {
  golden(`replay${mode.slice(1)}`, async (transcript) => {
    await using duet = startDuet(["--replay", recording, mode], { env: { TZ: "UTC" } });
    await transcript.writeEnd(`duet --replay room.ndjson ${mode}`, duet);
  });
}

for (const [columns, rows] of [
  [80, 24],
  [120, 40],
  [48, 12],
] as const) {
  golden(`replay-screen-${columns}x${rows}`, async (transcript) => {
    const options = { columns, rows, lowestRow: /^[▶‖] \d\d:\d\d/, env: { TZ: "UTC" } };
    await using duet = await startOnScreen(["--replay", recording], options);
    await duet.sees(/^‖ .*?(\d+)\/\1/);
    await transcript.writeScreen("at its end", duet);
    duet.type("\x1bOQ");
    await transcript.writeScreen("F2: the calls", duet);
    duet.type("\x1bOQ");
    duet.type("\x1b[A\x1b[A\r");
    await transcript.writeScreen("a call is opened", duet);
    duet.type("\x1b");
    await transcript.writeScreen("Esc: the keys go back", duet);
    duet.type("\x1bOQ");
    duet.type("\x1b[D");
    await transcript.writeScreen("ten seconds back", duet);
    duet.type("\x1bOP");
    await transcript.writeScreen("F1: the keys", duet);
    duet.type("\x1bOP");
    duet.type("q");
    await transcript.writeFarewell("the terminal afterwards", duet.terminal);
  });
}

golden("replay-errors", async (transcript) => {
  using folder = new Folder();
  transcript.namePath(folder.path, "FOLDER");
  await Bun.write(folder.join("other.txt"), "no recording\n");
  for (const name of ["none.ndjson", "", "other.txt"]) {
    await using duet = startDuet(["--replay", folder.join(name)], { folder });
    await transcript.writeEnd(`duet --replay FOLDER/${name}`, duet);
  }
});
