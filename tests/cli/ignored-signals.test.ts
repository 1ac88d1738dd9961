import { expect, test } from "bun:test";
import { startProgram } from "../support/processes.ts";

const modulePath = new URL("../../src/cli/process/ignored-signals.ts", import.meta.url).pathname;

/** What the program that is started with these signals ignored finds, but what Bun itself ignores. */
async function findIgnored(trapped: string): Promise<string> {
  const source = `
    import { readIgnoredSignals } from ${JSON.stringify(modulePath)};
    const ofBun = ["SIGPIPE", "SIGXFSZ"];
    console.log([...readIgnoredSignals()].filter((name) => !ofBun.includes(name)).toSorted().join(" ") || "none");
  `;
  const shell = `trap '' ${trapped}; exec "$@"`;
  const command = ["sh", "-c", trapped === "" ? `exec "$@"` : shell, "sh", process.execPath, "-e", source];
  await using program = startProgram(command);
  await program.waitForExit();
  return program.lines.join("\n");
}

test.each([
  ["", "none"],
  ["HUP", "SIGHUP"],
  ["INT QUIT", "SIGINT SIGQUIT"],
  [
    "TERM TSTP USR1 USR2 ALRM VTALRM XCPU PROF",
    "SIGALRM SIGPROF SIGTERM SIGTSTP SIGUSR1 SIGUSR2 SIGVTALRM SIGXCPU",
  ],
  ["IO", "SIGIO SIGPOLL"],
  // Bun 1.4.5 handles ABRT itself, so that nothing is known of it.
  ["ABRT", "none"],
])("ignored at the start: %p", async (trapped, expected) => {
  expect(await findIgnored(trapped)).toBe(expected);
});
