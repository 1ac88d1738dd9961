#!/usr/bin/env bun
/**
 * From the command line to an exit code: the only owner of `process`. It picks who runs (the screen, or headless),
 * and makes every way out leave the terminal and the machine as they were.
 */

import { userInfo } from "node:os";
import { exitFault, exitHangup, exitInterrupt, exitOk, exitTerminated, exitUsage } from "./cli/exit-code.ts";
import { type Running, runHeadless } from "./cli/headless.ts";
import { type Options, parseOptions } from "./cli/options.ts";
import { usageText, version } from "./cli/usage.ts";

/** A second signal, or a peer that takes no goodbye, must not keep us: after this long we are gone. */
const patienceMs = 2000;

async function main(): Promise<void> {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const parsed = parseOptions(process.argv.slice(2), { isTerminal, loginName: loginName() });
  switch (parsed.kind) {
    case "help":
      return print(usageText());
    case "version":
      return print(`duet ${version}\n`);
    case "usage-error":
      process.stderr.write(`duet: ${parsed.message}\n`);
      process.exitCode = exitUsage;
      return;
    case "run":
      return run(parsed.options);
  }
}

async function run(options: Options): Promise<void> {
  let running: Running | undefined;
  watchForEnd(() => running);
  if (options.output === "screen") {
    const { runScreen } = await import("./cli/screen.tsx");
    running = runScreen(options, leave);
  } else running = runHeadless(options, process.stdout.isTTY === true, leave);
}

/** Signals end the chat with goodbyes; a fault of ours ends it at once, with one sentence. */
function watchForEnd(running: () => Running | undefined): void {
  const signals = { SIGHUP: exitHangup, SIGINT: exitInterrupt, SIGTERM: exitTerminated };
  for (const [signal, code] of Object.entries(signals))
    process.on(signal, () => quit(running(), code, `${signal} came`));
  process.on("uncaughtException", (error) => fault(running(), error));
  process.on("unhandledRejection", (error) => fault(running(), error));
}

let quitting = false;

function quit(running: Running | undefined, code: number, reason: string): void {
  if (quitting || running === undefined) {
    running?.abandon();
    leave(code);
    return;
  }
  quitting = true;
  setTimeout(() => {
    running.abandon();
    leave(code);
  }, patienceMs);
  running.quit(code, reason);
}

function fault(running: Running | undefined, error: unknown): void {
  running?.abandon();
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `duet: stopped by a fault of its own (${message}); please report it, with what you did last\n`,
  );
  if (process.env["DUET_DEBUG"] !== undefined && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  leave(exitFault);
}

function leave(code: number): void {
  process.exit(code);
}

function print(text: string): void {
  process.stdout.write(text);
  process.exitCode = exitOk;
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the passwd database has no login name; the options know a name for guests.
    return "";
  }
}

await main();
