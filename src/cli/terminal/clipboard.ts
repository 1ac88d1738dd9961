/**
 * Copies text to the terminal's clipboard by OSC 52. A terminal answers nothing, so that nobody knows whether it took
 * the text: the sentence names the way out where it did not.
 */

import { copiedMaxBytes } from "../../protocol/limits.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

interface ClipboardOwner {
  /** The text must be clean but for LF and TAB. */
  setClipboard(text: string): void;
}

/** The environment; TMUX and STY are used. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Copies clean text, and reports it; text that terminals would cut or drop is not copied. `isMouseOn`: as /mouse. */
export function copyText(
  terminal: ClipboardOwner,
  text: string,
  { env, isMouseOn }: { readonly env: Environment; readonly isMouseOn: boolean },
): Sentence {
  const bytes = Buffer.byteLength(text);
  if (bytes > copiedMaxBytes) return sentence("copy-too-long", { bytes, max: copiedMaxBytes });
  terminal.setClipboard(text);
  return sentence("copied", { characters: [...text].length, within: findMultiplexer(env), isMouseOn });
}

function findMultiplexer({ TMUX = "", STY = "" }: Environment): "tmux" | "screen" | undefined {
  if (TMUX !== "") return "tmux";
  return STY === "" ? undefined : "screen";
}
