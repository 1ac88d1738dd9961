/** Ink's Text, behind the door of the screen: what a terminal would obey is replaced in each string. */

import { Text as InkText } from "ink";
import { Children, type ReactNode } from "react";
import { type Painted, paintPlain } from "./theme.ts";

interface TextProps {
  readonly children?: ReactNode;
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly wrap?: "truncate";
}

export function Text({ children, ...style }: TextProps) {
  const cleaned = Children.map(children, (child) => (typeof child === "string" ? paintPlain(child) : child));
  return <InkText {...style}>{cleaned}</InkText>;
}

/** Rows that Ink cuts at the width of their box. Slower than Rows. */
export function PaintedText({ rows }: { readonly rows: readonly Painted[] }) {
  return <InkText wrap="truncate">{rows.join("\n")}</InkText>;
}
