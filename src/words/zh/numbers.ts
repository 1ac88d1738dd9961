/** Numbers and lists of names, as Chinese texts write them. */

/** `12,345`. */
export function formatNumber(count: number): string {
  return count.toLocaleString("en-US");
}

/** `bob`, `bob 和 eve`, `bob、eve 和 joe`. */
export function listNames(names: readonly string[]): string {
  const others = names.slice(0, -1);
  return others.length === 0 ? (names[0] ?? "") : `${others.join("、")} 和 ${names.at(-1)}`;
}
