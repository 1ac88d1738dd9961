/** Switches are exhaustive by type: a new command, timer, effect, event, option, frame or call without a case does not compile. */

import { Glob } from "bun";
import { expect, test } from "bun:test";
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const files = [...new Glob("{src,components}/**/*.{ts,tsx}").scanSync(root)].toSorted();

interface Switch {
  readonly place: string;
  readonly hasDefault: boolean;
  /** Its function returns nothing, so that the compiler does not ask for a case. */
  readonly isVoid: boolean;
  /** The line after it. */
  readonly next: string;
}

async function switchesOf(file: string): Promise<readonly Switch[]> {
  const lines = (await Bun.file(join(root, file)).text()).split("\n");
  return lines.flatMap((line, index) => {
    const indent = /^(\s*)switch \(/.exec(line)?.[1];
    if (indent === undefined) return [];
    const end = lines.indexOf(`${indent}}`, index);
    const head = lines
      .slice(0, index)
      .findLast((before) => /^(?: {2})?\S.*\): .+ \{$|^\): .+ \{$/.test(before));
    return {
      place: `${file}:${index + 1}`,
      hasDefault: lines.slice(index, end).includes(`${indent}  default:`),
      isVoid: /\): (?:void|Promise<void>) \{$/.test(head ?? ""),
      next: lines[end + 1] ?? "",
    };
  });
}

const switches = (await Promise.all(files.map(switchesOf))).flat();

/**
 * Switches over values of an open type (a key, a field of a file, a byte of a peer, a code of the system), and those that
 * single out a few of many error codes or reasons.
 */
const open = [
  "src/chat/report/reasons.ts",
  "src/input/line/secret-line.ts",
  "src/protocol/errors/error-advice.ts",
  "src/protocol/lines/telnet.ts",
  "src/protocol/sealed/records.ts",
  "src/replay/recorded-event.ts",
  "src/tour/tour-state.ts",
  "src/transport/engine/engine-diagnosis.ts",
  "src/view/overlays/lan-list.ts",
  "src/view/screen/screen-keys.ts",
  "src/view/wire/wire-keys.ts",
  "src/words/en/commands.ts",
  "src/words/en/files.ts",
  "src/words/parts/error-table.ts",
  "src/words/sentences/gone-reasons.ts",
  "src/words/zh/commands.ts",
  "src/words/zh/files.ts",
];

test("only a switch over an open type has a default", () => {
  const withDefault = switches.filter(({ hasDefault }) => hasDefault).map(({ place }) => place.split(":")[0]);
  expect([...new Set(withDefault)]).toEqual(open);
});

test("a switch whose function returns nothing is followed by a proof of the cases that are left, none as a rule", () => {
  const voids = switches.filter(({ isVoid, hasDefault }) => isVoid && !hasDefault);
  expect(voids.length).toBeGreaterThan(10);
  expect(voids.filter(({ next }) => !/^\s+[\w.]+ satisfies \w+;$/.test(next))).toEqual([]);
});
