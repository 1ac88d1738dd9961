/** The duets on the local network, in place of the conversation. src/view/overlays/lan-list.ts makes its lines. */

import { measureColumns } from "../../src/protocol/text/wrap.ts";
import type { LanModel } from "../../src/chat/screen/screen-model.ts";
import { buildLanList } from "../../src/view/overlays/lan-list.ts";
import type { Words } from "../../src/words/tables/words.ts";
import { Rows } from "../paint/Rows.tsx";
import { joinPainted, type Theme, paint, paintPlain } from "../paint/theme.ts";

interface LanListProps {
  readonly lan: LanModel;
  /** The key of the chosen row. */
  readonly selected: string | undefined;
  readonly words: Words;
  readonly columns: number;
  readonly height: number;
  readonly theme: Theme;
}

export function LanList({ lan, selected, words, columns, height, theme }: LanListProps) {
  const rows = buildLanList(lan, selected, words, columns - 2, height).map(({ text, tone }) => {
    if (tone === "chosen") {
      const pad = " ".repeat(Math.max(0, columns - 2 - measureColumns(text)));
      return paint(theme, "menuChosen", ` ${text}${pad} `);
    }
    return joinPainted([paintPlain(" "), tone === "plain" ? paintPlain(text) : paint(theme, tone, text)]);
  });
  return <Rows rows={rows} columns={columns} height={height} />;
}
