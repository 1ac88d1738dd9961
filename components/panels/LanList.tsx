/** Paints the duets on the local network, in place of the conversation. src/view/overlays/lan-list.ts makes its lines. */

import { measureColumns } from "../../src/protocol/text/wrap.ts";
import type { LanModel } from "../../src/chat/screen/screen-model.ts";
import { buildLanList } from "../../src/view/overlays/lan-list.ts";
import type { Words } from "../../src/words/tables/words.ts";
import { columnStop } from "../paint/columns.ts";
import { joinPainted, type Painted, type Theme, paint, paintPlain } from "../paint/theme.ts";

/** At most `height` rows. `selected`: the key of the chosen one. */
export function paintLanList(
  lan: LanModel,
  selected: string | undefined,
  words: Words,
  { columns, height }: { readonly columns: number; readonly height: number },
  theme: Theme,
): readonly Painted[] {
  return buildLanList(lan, selected, words, columns - 2, height).map(({ text, tone }) => {
    if (tone === "chosen") {
      const pad = " ".repeat(Math.max(0, columns - 2 - measureColumns(text)));
      return joinPainted([
        paint(theme, "menuChosen", ` ${text}`),
        columnStop,
        paint(theme, "menuChosen", `${pad} `),
      ]);
    }
    return joinPainted([paintPlain(" "), tone === "plain" ? paintPlain(text) : paint(theme, tone, text)]);
  });
}
