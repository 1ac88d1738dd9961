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

/** `bob 和 eve`, or the first few and how many they are in all: `bob、eve 等 33 人`. */
export function listSome(names: readonly string[], more: number): string {
  return more === 0 ? listNames(names) : `${names.join("、")} 等 ${formatNumber(names.length + more)} 人`;
}
