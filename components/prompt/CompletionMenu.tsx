/** The completions, drawn over the lowest rows of the conversation, so that nothing moves when the menu opens. */

import { Box } from "ink";
import { buildMenu } from "../../src/input/composer/completion-menu.ts";
import type { OfferedCompletion } from "../../src/input/composer/composer.ts";
import type { Words } from "../../src/words/tables/words.ts";
import { Rows } from "../paint/Rows.tsx";
import { paint, type Theme } from "../paint/theme.ts";

interface CompletionMenuProps {
  readonly offer: OfferedCompletion;
  readonly words: Words;
  readonly columns: number;
  /**
   * The row below the menu, counted from 0 at the top of the screen, and the number of rows above it that the menu may
   * take.
   */
  readonly below: number;
  readonly rowsMax: number;
  readonly theme: Theme;
}

export function CompletionMenu({ offer, words, columns, below, rowsMax, theme }: CompletionMenuProps) {
  const rows = buildMenu(offer, words, columns, rowsMax);
  const drawn = rows.map(({ text, isSelected }) =>
    paint(theme, isSelected ? "menuChosen" : "barPlain", text),
  );
  return (
    <Box position="absolute" top={below - rows.length} left={0}>
      <Rows rows={drawn} columns={columns} height={rows.length} />
    </Box>
  );
}
