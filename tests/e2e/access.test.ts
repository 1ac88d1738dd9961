/** What ncat's own test suite asks of --allow, --deny, their files and --max-conns, with nc and ncat as clients. */

import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { type Duet, Folder, startDuet } from "../support/duet.ts";
import { startProgram } from "../support/processes.ts";

const transports = [
  ["TCP", []],
  ["UDP", ["-u"]],
] as const;

const here = ["--allow", "127.0.0.1"];
const elsewhere = ["--allow", "1.2.3.4"];

const admitting: readonly (readonly string[])[] = [
  here,
  ["--allow", "localhost"],
  [...here, ...elsewhere],
  ["--allow", "1.2.3.4,localhost"],
  ["--deny", "1.2.3.4"],
  ["--allowfile", "BLANK"],
  ["--allowfile", "SEVERAL"],
  ["--allowfile", "COMMENTS"],
];

const refusing: readonly (readonly string[])[] = [
  elsewhere,
  ["--deny", "127.0.0.1"],
  ["--deny", "localhost"],
  ["--deny", "127.0.0.1", "--deny", "1.2.3.4"],
  // What is both allowed and denied is denied.
  [...here, "--deny", "127.0.0.1"],
  ["--deny", "localhost/8"],
  ["--denyfile", "BLANK"],
  ["--denyfile", "SEVERAL"],
  ["--denyfile", "COMMENTS"],
];

function writeHosts(folder: Folder): void {
  writeFileSync(folder.join("BLANK"), "1.2.3.4\n\nlocalhost");
  writeFileSync(folder.join("SEVERAL"), "1.2.3.4 localhost");
  writeFileSync(folder.join("COMMENTS"), "# us\nlocalhost # and nobody else\n");
}

describe.each(transports)("over %s", (_name, flags) => {
  /** Starts a duet with these rules, and a client that sends a line. */
  async function meet(rules: readonly string[], check: (duet: Duet) => Promise<void>): Promise<void> {
    using folder = new Folder();
    writeHosts(folder);
    const args = [...flags, "-l", "127.0.0.1", "0", "--json", ...rules];
    await using duet = startDuet(args, { cwd: folder.path });
    const port = String(await duet.port());
    await using client = startProgram(["nc", ...flags, "127.0.0.1", port]);
    client.write("abc\n");
    await check(duet);
  }

  test.concurrent.each(admitting)("%s %s admits", async (...rules) => {
    await meet(rules, async (duet) => void (await duet.waitForEvent({ type: "message", text: "abc" })));
  });

  test.concurrent("the other rules refuse", async () => {
    const refuse = async (duet: Duet): Promise<void> => {
      await duet.waitForEvent({ type: "stats", turnedAway: 1 });
      expect(duet.eventsOf("message")).toEqual([]);
    };
    await Promise.all(refusing.map((rules) => meet(rules, refuse)));
  });

  test.concurrent("-m N admits N at a time, and -m 0 nobody", async () => {
    await Promise.all([0, 1, 3].map((count) => fill(flags, count)));
  });
});

/** Fills a room, and tries twice more. */
async function fill(flags: readonly string[], count: number): Promise<void> {
  await using duet = startDuet([...flags, "-l", "127.0.0.1", "0", "--json", "-m", String(count)]);
  const port = String(await duet.port());
  await using clients = new AsyncDisposableStack();
  for (let index = 0; index < count + 2; index += 1) {
    const client = clients.use(startProgram(["nc", ...flags, "127.0.0.1", port]));
    client.write(`from ${index}\n`);
    if (index < count) await duet.waitForEvent({ type: "message", text: `from ${index}` });
  }
  // Over UDP further ones are counted later.
  await duet.waitFor(
    () => duet.eventsOf("stats").some(({ turnedAway }) => Number(turnedAway) > 0),
    "a client that is turned away",
  );
  expect(duet.eventsOf("message")).toHaveLength(count);
}

test.concurrent(
  "over TCP, a client that is killed makes room once its machine answers with RST",
  async () => {
    await using duet = startDuet(["-l", "127.0.0.1", "0", "--json", "-m", "1"]);
    const port = String(await duet.port());
    for (const round of [1, 2, 3]) {
      await using client = startProgram(["nc", "127.0.0.1", port]);
      client.write(`round ${round}\n`);
      await duet.waitForEvent({ type: "message", text: `round ${round}` });
      client.signal("SIGKILL");
      await duet.waitFor(
        () => duet.eventsOf("state").filter(({ to }) => to === "HALF-CLOSED (theirs)").length === round,
        `the FIN of client ${round}`,
      );
      duet.write("is anybody there?\n");
      await duet.waitFor(
        () => duet.eventsOf("peer").filter(({ event }) => event === "disconnected").length === round,
        `the end of client ${round}`,
      );
    }
  },
);

test.concurrent("-m 0 keeps nobody from connecting to another duet", async () => {
  for (const flags of [[], ["-u"]]) {
    await using host = startDuet([...flags, "-l", "127.0.0.1", "0", "--json"]);
    const port = String(await host.port());
    await using client = startDuet([...flags, "--duet", "127.0.0.1", port, "--json", "-m", "0"]);
    client.write("abc\n");
    await host.waitForEvent({ type: "message", direction: "in", text: "abc" });
    host.write("def\n");
    await client.waitForEvent({ type: "message", direction: "in", text: "def" });
  }
});

test.concurrent(
  "a name without an address, and a file that is not there, end duet before it opens anything",
  async () => {
    for (const [option, value, why] of [
      ["--deny", "nobody.invalid", /no address was found for that name \((ENOTFOUND|EAI_AGAIN)\)/],
      ["--denyfile", "/nowhere/hosts", /cannot be read \(ENOENT\)/],
    ] as const) {
      await using duet = startDuet(["-l", "127.0.0.1", "0", "--json", option, value]);
      expect((await duet.waitForExit()).code).toBe(2);
      expect(duet.errors).toMatch(why);
      expect(duet.output).toBe("");
    }
  },
);
