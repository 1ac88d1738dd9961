/** Signals and faults without a screen; with one they are proven in tests/e2e/terminal.test.ts. */

import { expect, test } from "bun:test";
import { describeFault } from "../../src/cli/process/guard.ts";
import { type Program, startProgram } from "../support/processes.ts";
import { chinese, english } from "../support/words.ts";

const guardPath = new URL("../../src/cli/process/guard.ts", import.meta.url).pathname;
const wordsPath = new URL("../support/words.ts", import.meta.url).pathname;

/** A program that says when it is guarded, when it is signalled and when it restores. */
function startGuarded(restore = `console.log("restored")`): Program {
  const source = `
    import { guardTerminal } from ${JSON.stringify(guardPath)};
    import { english } from ${JSON.stringify(wordsPath)};
    guardTerminal({
      onSignal: (signal, exitCode) => console.log(signal, exitCode),
      restore: () => { ${restore} },
      word: english.word,
    });
    process.stdin.on("data", () => { throw new Error("a fault\\u001b[2J"); });
    console.log("ready");
  `;
  return startProgram([process.execPath, "-e", source]);
}

test("the first signal is told with its exit code, the second one ends at once", async () => {
  await using program = startGuarded();
  await program.waitForLine("ready");
  program.signal("SIGINT");
  expect(await program.waitForLine("SIG")).toBe("SIGINT 130");
  program.signal("SIGTERM");
  expect(await program.waitForExit()).toEqual({ code: 143, signal: null });
  expect(program.lines.at(-1)).toBe("restored");
});

test("a fault is told after the terminal is restored, without what would harm it", async () => {
  await using program = startGuarded();
  await program.waitForLine("ready");
  program.write("x");
  expect((await program.waitForExit()).code).toBe(70);
  expect(program.lines).toEqual(["ready", "restored"]);
  expect(program.errors).toBe("duet stopped by a fault of its own: a fault\\u{1b}[2J; please report it.\n");
});

test("a fault while restoring ends with 70 as well, and both are told", async () => {
  await using program = startGuarded(`throw new Error("a second one")`);
  await program.waitForLine("ready");
  program.write("x");
  expect((await program.waitForExit()).code).toBe(70);
  expect(program.errors).toMatch(/a fault.*\n.*a second one/);
});

test("anything that is thrown gives one sentence", () => {
  expect(describeFault("text\nof two lines", english.word)).toBe(
    "duet stopped by a fault of its own: text\\u{a}of two lines; please report it.\n",
  );
  expect(describeFault(undefined, english.word)).toBe(
    "duet stopped by a fault of its own: undefined; please report it.\n",
  );
});

test("a fault is told in the language of who reads it, and what it says itself stays as it is", () => {
  expect(describeFault(new Error("left"), chinese.word)).toBe(
    "duet 因自身的错误停止：left；请报告这个问题。\n",
  );
});
