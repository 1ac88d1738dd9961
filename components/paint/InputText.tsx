/** The text of an input line, as ink-text-input shows it, behind the door of the screen. */

import TextInput from "ink-text-input";
import { paintPlain } from "./theme.ts";

/** line-editor.ts edits the line; ink-text-input only shows it. */
export function InputText({ value }: { readonly value: string }) {
  return <TextInput value={paintPlain(value)} focus={false} showCursor={false} onChange={ignoreChange} />;
}

function ignoreChange(): void {}
