/** Reads files that a person names as input, up to a bound, without waiting for a pipe that nobody writes to. */

import fs from "node:fs";
import { inputFileChunkBytes } from "../../protocol/limits.ts";

const { O_NOCTTY, O_NONBLOCK, O_RDONLY } = fs.constants;

/** How long to wait before a pipe without bytes is read again. */
const retryMs = 5;
const newline = 0x0a;

export interface InputText {
  readonly text: string;
  /** True if the file is longer than the bound. */
  readonly isTruncated: boolean;
}

/**
 * The file's text, at most `maxBytes` of it. Throws the error of the system: ENXIO for a named pipe without a writer,
 * because to wait for one would look like a hang. A pipe with a writer is read to its end. Synchronous: only for the
 * start of the program, before signals are handled, so that each of them ends the wait.
 */
export function readInputText(path: string, maxBytes: number): InputText {
  const descriptor = openInput(path);
  try {
    return readOpenText(descriptor, maxBytes);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Opens a file for readOpenText(). Throws the error of the system. */
export function openInput(path: string): number {
  return fs.openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

/** As readInputText, of an open file. */
export function readOpenText(descriptor: number, maxBytes: number): InputText {
  const bytes = readUpTo(descriptor, maxBytes + 1);
  if (bytes.length === 0 && isNamedPipe(descriptor))
    throw Object.assign(new Error("nobody writes to the pipe"), { code: "ENXIO" });
  return { text: bytes.toString("utf8", 0, maxBytes), isTruncated: bytes.length > maxBytes };
}

/** One line from where the file is, with its end, at most `maxBytes`. Nothing behind it is read. Synchronous, as readInputText. */
export function readOneLine(descriptor: number, maxBytes: number): InputText {
  const line = Buffer.alloc(maxBytes + 1);
  let bytes = 0;
  while (bytes <= maxBytes && line[bytes - 1] !== newline) {
    const count = readChunk(descriptor, line.subarray(bytes, bytes + 1));
    if (count === 0) break;
    bytes += count;
  }
  return { text: line.toString("utf8", 0, Math.min(bytes, maxBytes)), isTruncated: bytes > maxBytes };
}

function readUpTo(descriptor: number, maxBytes: number): Buffer {
  const chunks: Buffer[] = [];
  for (let bytes = 0; bytes < maxBytes;) {
    const chunk = Buffer.allocUnsafe(Math.min(inputFileChunkBytes, maxBytes - bytes));
    const count = readChunk(descriptor, chunk);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    bytes += count;
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** Waits while a pipe has a writer and no bytes. Returns 0 at the end of the file. */
function readChunk(descriptor: number, chunk: Uint8Array): number {
  for (;;) {
    try {
      return fs.readSync(descriptor, chunk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Bun.sleepSync(retryMs);
    }
  }
}

/** False for the pipe of `<(command)`, which nobody can open any more once its writer has ended. */
function isNamedPipe(descriptor: number): boolean {
  return fs.fstatSync(descriptor).isFIFO() && !readLink(descriptor).startsWith("pipe:");
}

function readLink(descriptor: number): string {
  try {
    return fs.readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return ""; // No /proc.
  }
}
