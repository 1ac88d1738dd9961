/** Paints the completions, which cover the lowest rows of the conversation, so that nothing moves when the menu opens. */

import { buildMenu } from "../../src/input/composer/completion-menu.ts";
import type { OfferedCompletion } from "../../src/input/composer/composer.ts";
import type { Words } from "../../src/words/tables/words.ts";
import { columnStop } from "../paint/columns.ts";
import { joinPainted, paint, type Painted, type Theme } from "../paint/theme.ts";

/** At most `rowsMax` rows, each `columns` wide. */
export function paintMenu(
  offer: OfferedCompletion,
  words: Words,
  { columns, rowsMax }: { readonly columns: number; readonly rowsMax: number },
  theme: Theme,
): readonly Painted[] {
  return buildMenu(offer, words, columns, rowsMax).map(({ parts, isSelected }) =>
    joinPainted(
      parts.flatMap((text) => [columnStop, paint(theme, isSelected ? "menuChosen" : "barPlain", text)]),
    ),
  );
}
