/** What stays on the terminal when the screen is gone. */

import { localTime } from "../../components/local-time.ts";
import type { ScreenModel } from "../chat/screen-model.ts";
import { farewellRowsMax } from "../protocol/limits.ts";
import { farewellLines } from "../view/transcript.ts";

/** What was said last, for the terminal that shows no alternate screen any more: to be read, selected and copied. */
export function farewellText(model: ScreenModel, columns: number): string {
  const lines = farewellLines(model, { columns, rows: farewellRowsMax, formatTime: localTime });
  return lines.map((line) => `${line}\r\n`).join("");
}
