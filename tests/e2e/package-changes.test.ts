/** What the bundle changes in packages: the changed ones do what the packages do. */

import { expect, test } from "bun:test";
import { join } from "node:path";
import { changePackages } from "../../src/bundle/package-changes.ts";
import { Folder } from "../support/duet.ts";

type StringWidth = (text: string, options?: { readonly ambiguousIsNarrow: boolean }) => number;

const packages = join(import.meta.dir, "../../node_modules");

async function loadChanged<Exports>(folder: Folder, path: string): Promise<Exports> {
  const entrypoints = [join(packages, path)];
  await Bun.build({ entrypoints, outdir: folder.path, target: "bun", plugins: [changePackages] });
  return (await import(folder.join("index.js"))) as Exports;
}

test("string-width measures every character, alone and in a cluster, as it did", async () => {
  using folder = new Folder();
  const path = "string-width/index.js";
  const { default: measure } = (await import(join(packages, path))) as { default: StringWidth };
  const { default: changed } = await loadChanged<{ default: StringWidth }>(folder, path);
  expect(changed).not.toBe(measure);
  for (let code = 0; code <= 0xff_ff; code++) {
    const character = String.fromCharCode(code);
    // Beyond the symbols the changed one has no answer of its own.
    const clusters = [`${character}\u{fe0f}`, `${character}\u{301}`, `─${character}`];
    for (const text of code < 0x2c_00 ? [character, ...clusters] : [character])
      if (changed(text) !== measure(text)) throw new Error(`${code.toString(16)} in ${JSON.stringify(text)}`);
    const options = { ambiguousIsNarrow: false };
    if (code < 0x2c_00 && changed(character, options) !== measure(character, options))
      throw new Error(code.toString(16));
  }
});
