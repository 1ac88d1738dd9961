/** Edits a secret that is typed and not shown: only its end, as where a terminal does not echo. */

import { secretMaxBytes } from "../../protocol/limits.ts";
import type { KeyEvent } from "../keys/key-event.ts";
import { findPreviousBoundary } from "./graphemes.ts";

type SecretEdit = { readonly is: "typing"; readonly text: string } | { readonly is: "entered" | "cancelled" };

/**
 * The text after a key. Enter ends it, and so does Ctrl-D behind a text; Ctrl-C, Esc and Ctrl-D without one cancel.
 * A text that is too long already, which parseSecret refuses, does not grow.
 */
export function editSecret(text: string, event: KeyEvent): SecretEdit {
  if (event.type === "text" || event.type === "paste")
    return { is: "typing", text: text.length > secretMaxBytes ? text : text + event.text };
  if (event.type !== "key" || event.alt) return { is: "typing", text };
  switch (event.ctrl ? `C-${event.name}` : event.name) {
    case "enter":
    case "C-j":
      return { is: "entered" };
    case "C-d":
      return { is: text === "" ? "cancelled" : "entered" };
    case "escape":
    case "C-c":
      return { is: "cancelled" };
    case "backspace":
    case "C-h":
      return { is: "typing", text: text.slice(0, findPreviousBoundary(text, text.length)) };
    case "C-u":
    case "C-w":
      return { is: "typing", text: "" };
    default:
      return { is: "typing", text };
  }
}
