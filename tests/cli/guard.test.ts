/** Signals and faults without a screen; tests/e2e/terminal.test.ts has those with one. */

import { expect, test } from "bun:test";
import { describeFault } from "../../src/cli/process/guard.ts";
import { deadlySignals } from "../../src/words/parts/ending-signals.ts";
import { type Program, startProgram } from "../support/processes.ts";
import { chinese, english } from "../support/words.ts";

const guardPath = new URL("../../src/cli/process/guard.ts", import.meta.url).pathname;
const wordsPath = new URL("../support/words.ts", import.meta.url).pathname;

/** A guarded program that prints when it is ready, signalled or restoring. */
function startGuarded(restore = `console.log("restored")`): Program {
  const source = `
    import { guardTerminal } from ${JSON.stringify(guardPath)};
    import { english } from ${JSON.stringify(wordsPath)};
    guardTerminal({
      onSignal: (signal, exitCode) => console.log(signal, exitCode),
      restore: () => { ${restore} },
      print: (text) => process.stderr.write(text),
      word: english.word,
    });
    process.stdin.on("data", () => { throw new Error("a fault\\u001b[2J"); });
    console.log("ready");
  `;
  return startProgram([process.execPath, "-e", source]);
}

test("the first signal is reported with its exit code, and the second ends at once", async () => {
  await using program = startGuarded();
  await program.waitForLine("ready");
  program.signal("SIGINT");
  expect(await program.waitForLine("SIG")).toBe("SIGINT 130");
  program.signal("SIGTERM");
  expect(await program.waitForExit()).toEqual({ code: 143, signal: null });
  expect(program.lines.at(-1)).toBe("restored");
});

test.each(deadlySignals)("the second signal ends at once, by itself if it is deadly: %s", async (signal) => {
  await using program = startGuarded();
  await program.waitForLine("ready");
  program.signal("SIGTERM");
  expect(await program.waitForLine("SIG")).toBe("SIGTERM 143");
  program.signal(signal);
  expect((await program.waitForExit()).signal).toBe(signal);
  expect(program.lines.at(-1)).toBe("restored");
});

test("a fault is reported after the terminal is restored, with control characters escaped", async () => {
  await using program = startGuarded();
  await program.waitForLine("ready");
  program.write("x");
  expect((await program.waitForExit()).code).toBe(70);
  expect(program.lines).toEqual(["ready", "restored"]);
  expect(program.errors).toBe("duet stopped by a fault of its own: a fault\\u{1b}[2J; please report it.\n");
});

test("a fault while restoring also ends with 70, and both are reported", async () => {
  await using program = startGuarded(`throw new Error("a second one")`);
  await program.waitForLine("ready");
  program.write("x");
  expect((await program.waitForExit()).code).toBe(70);
  expect(program.errors).toMatch(/a fault.*\n.*a second one/);
});

test("any thrown value is reported in one sentence", () => {
  expect(describeFault("text\nof two lines", english.word)).toBe(
    "duet stopped by a fault of its own: text\\u{a}of two lines; please report it.\n",
  );
  expect(describeFault(undefined, english.word)).toBe(
    "duet stopped by a fault of its own: undefined; please report it.\n",
  );
});

test("a fault is reported in the person's language, and its own message is not translated", () => {
  expect(describeFault(new Error("left"), chinese.word)).toBe(
    "duet 因自身错误而停止：left；请报告这个问题。\n",
  );
});
