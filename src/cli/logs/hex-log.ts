/** The format of `-x FILE`: every payload as offsets, hex and text. */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";

/** One payload as `hexdump -C` prints it, below a line with its direction, time, transport, peer and size. */
export function formatHex(
  direction: "in" | "out",
  transport: string,
  peer: string,
  bytes: BorrowedBytes,
): string {
  const arrow = direction === "in" ? "<" : ">";
  const lines = [`${arrow} ${new Date().toISOString()} ${transport} ${peer} ${bytes.length} B`];
  for (let offset = 0; offset < bytes.length; offset += 16)
    lines.push(formatRow(offset, bytes.subarray(offset, offset + 16)));
  return `${lines.join("\n")}\n`;
}

function formatRow(offset: number, row: BorrowedBytes): string {
  const hex = Array.from(row, (byte) => byte.toString(16).padStart(2, "0"));
  const text = Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."));
  const left = hex.slice(0, 8).join(" ");
  const right = hex.slice(8).join(" ");
  return `${offset.toString(16).padStart(8, "0")}  ${left.padEnd(23)}  ${right.padEnd(23)}  |${text.join("")}|`;
}
