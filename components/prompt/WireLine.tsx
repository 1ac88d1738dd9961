/** The line of the wire panel, in place of the composer: the filter, and the key hints. */

import { columnStop } from "../paint/columns.ts";
import { joinPainted, paintDim, paintPlain } from "../paint/theme.ts";
import { PromptRow } from "./PromptRow.tsx";
import { selectVisible, splitAtCursor } from "../../src/input/line/line-window.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { chooseWireHint, choosePlaceholder } from "../../src/view/wire/wire-hints.ts";
import type { WireWords } from "../../src/words/tables/words.ts";
import type { WireState } from "../../src/view/wire/wire-state.ts";

interface WireLineProps {
  readonly state: WireState;
  readonly words: WireWords;
  readonly columns: number;
  /** The row of the line, counted from 0 at the top of Ink's output. */
  readonly row: number;
}

/** Key hints are shown only if this much room is left for the text. */
const textFewestColumns = 16;

export function WireLine({ state, words, columns, row }: WireLineProps) {
  const prompt = `${words.title} │`;
  const hint = chooseWireHint(state, words, columns - measureColumns(prompt) - 4 - textFewestColumns);
  const textRoom = Math.max(1, columns - measureColumns(prompt) - 3 - measureColumns(hint));
  const { text, cursor } = state.filter;
  const window = selectVisible(text, cursor, textRoom);
  const placeholder = text === "" ? choosePlaceholder(words, textRoom) : "";
  const { before, after } = splitAtCursor(window);
  const pad = " ".repeat(Math.max(0, textRoom - measureColumns(window.visible + placeholder)));
  return (
    <PromptRow
      before={joinPainted([paintDim(prompt + (window.hasMoreLeft ? "‹" : " ")), paintPlain(before)])}
      after={joinPainted([
        paintPlain(after),
        columnStop,
        paintDim(`${placeholder}${window.hasMoreRight ? "›" : " "}${pad}${hint}`),
      ])}
      columns={columns}
      row={row}
    />
  );
}
