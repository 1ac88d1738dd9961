/** Reads the log of `-x FILE`: its payloads in order. */

/** One payload; over UDP one datagram. `peer` is its endpoint, printed. */
export interface LoggedPayload {
  readonly way: "in" | "out";
  readonly peer: string;
  readonly bytes: Buffer;
}

export async function readHexLog(path: string): Promise<readonly LoggedPayload[]> {
  const text = await Bun.file(path).text();
  return text
    .split(/^(?=[<>] )/m)
    .filter((block) => block !== "")
    .map(parseBlock);
}

function parseBlock(block: string): LoggedPayload {
  const [head = "", ...rows] = block.split("\n");
  const [arrow, , , peer = ""] = head.split(" ");
  const hex = rows.map((row) => row.slice(10, 58).replaceAll(" ", "")).join("");
  return { way: arrow === "<" ? "in" : "out", peer, bytes: Buffer.from(hex, "hex") };
}
