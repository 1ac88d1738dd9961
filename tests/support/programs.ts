/** Tests with programs that this machine may lack: such a test is skipped with the reason, but not in CI. */

import { test } from "bun:test";

/**
 * `test` where all programs are installed, or in CI, where a missing one must fail; else a skipped test with the
 * reason.
 */
export function withPrograms(
  programs: readonly string[],
): (name: string, body: () => Promise<void>, timeoutMs?: number) => void {
  const missing = programs.filter((program) => Bun.which(program) === null);
  if (missing.length === 0 || process.env["CI"] !== undefined) return test;
  return (name, body) => test.skip(`${name} (not installed: ${missing.join(", ")})`, body);
}

/** Whether a program listens on this TCP port, on Linux. */
export async function isTcpListening(port: number): Promise<boolean> {
  const tables = await Promise.all(["tcp", "tcp6"].map((name) => Bun.file(`/proc/net/${name}`).text()));
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const isIt = new RegExp(`^ *\\d+: [0-9A-F]+${local} [0-9A-F]+:0000 0A `, "m");
  return tables.some((table) => isIt.test(table));
}
