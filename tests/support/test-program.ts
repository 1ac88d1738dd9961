/** The compiled duet that the tests start. It starts in a third of the processor time of main.ts with its bundle. */

import { dirname, join } from "node:path";
import { readFreshRecord } from "../../src/bundle/bundle.ts";

/** The program's source. */
export const mainPath = new URL("../../src/main.ts", import.meta.url).pathname;

/** Returns the path of the compiled duet, made or not; undefined if there is no bundle of the sources as they are. */
export function findTestProgram(): string | undefined {
  const record = readFreshRecord();
  return record === undefined ? undefined : join(dirname(record.withScreen), "duet");
}
