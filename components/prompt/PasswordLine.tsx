/** The question for a room's password, in place of the composer. What is typed is not shown. */

import { PromptRow } from "./PromptRow.tsx";
import { joinPainted, paintBold, paintDim, paintPlain } from "../paint/theme.ts";
import { cutEnd, measureColumns } from "../../src/protocol/text/wrap.ts";
import { drawBullets } from "../../src/view/screen/screen-password.ts";
import type { AskedPassword } from "../../src/view/screen/screen-state.ts";
import type { PasswordWords } from "../../src/words/tables/words.ts";

interface PasswordLineProps {
  readonly asked: AskedPassword;
  readonly words: PasswordWords;
  readonly columns: number;
  readonly row: number;
}

export function PasswordLine({ asked, words, columns, row }: PasswordLineProps) {
  const { address, isWrong } = asked.request;
  const forms = isWrong ? words.wrong(address) : words.asked(address);
  const question = forms.find((each) => measureColumns(each) + 12 <= columns) ?? forms.at(-1) ?? "";
  const prompt = cutEnd(`${question} │ `, columns - 1);
  const bullets = drawBullets(asked.text, columns - measureColumns(prompt) - 1);
  const room = columns - measureColumns(prompt + bullets) - 1;
  const keys = asked.text === "" ? (words.keys.find((each) => measureColumns(each) <= room) ?? "") : "";
  const before = joinPainted([isWrong ? paintBold(prompt) : paintDim(prompt), paintPlain(bullets)]);
  return <PromptRow before={before} after={paintDim(keys)} columns={columns} row={row} />;
}
