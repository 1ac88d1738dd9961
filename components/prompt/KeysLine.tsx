/** The key hints of an overlay that gets all keys, in place of the composer. */

import { PromptRow } from "./PromptRow.tsx";
import { paintDim } from "../paint/theme.ts";
import { cutEnd, measureColumns } from "../../src/protocol/text/wrap.ts";
import type { Forms } from "../../src/words/tables/words.ts";

interface KeysLineProps {
  /** The name of the overlay. */
  readonly title: string;
  /** The longest form first. */
  readonly keys: Forms;
  readonly columns: number;
  /** The row of the line, counted from 0 at the top of Ink's output. */
  readonly row: number;
}

export function KeysLine({ title, keys, columns, row }: KeysLineProps) {
  const prompt = `${title} │ `;
  const fitting = keys.find((each) => measureColumns(prompt + each) <= columns) ?? "";
  const before = paintDim(cutEnd(prompt, columns - 1));
  return <PromptRow before={before} after={paintDim(fitting)} columns={columns} row={row} />;
}
