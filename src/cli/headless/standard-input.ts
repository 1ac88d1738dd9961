/** Reads standard input no faster than the session takes it. */

import { constants, fstatSync, openSync, read, readSync } from "node:fs";
import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import type { Session } from "../../session/session.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { growPipe } from "../files/pipe-size.ts";

/** Yields the bytes of standard input until its end or an error, which is reported. The consumer owns them. */
export async function* readStandardInput(session: Session): AsyncGenerator<Uint8Array> {
  try {
    // Bun 1.4.5 reports it outside of the stream, where nothing can catch it.
    if (fstatSync(0).isDirectory()) return report(session, "EISDIR");
    // Not by another generator, which would delay each line.
    const reader = Bun.stdin.stream().getReader();
    for (;;) {
      await session.waitForInputRoom();
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    report(session, readCode(error));
  }
}

/**
 * As `readStandardInput`, in large reads into one buffer of `bytes` bytes: what is yielded is lent until the next read.
 * A file or a pipe then costs about half of what a stream of it does.
 */
export async function* readLentInput(session: Session, bytes: number): AsyncGenerator<BorrowedBytes> {
  const stat = fstatSync(0);
  if (!stat.isFile() && !stat.isFIFO()) return yield* readStandardInput(session);
  growPipe(0);
  const descriptor = stat.isFile() ? 0 : reopenPipe();
  const buffer = Buffer.allocUnsafeSlow(bytes);
  try {
    for (;;) {
      await session.waitForInputRoom();
      const count =
        (descriptor === undefined ? undefined : readNow(descriptor, buffer)) ?? (await readInThread(buffer));
      if (count === 0) return;
      yield buffer.subarray(0, count);
      // Sockets and timers have their turn.
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
  } catch (error) {
    report(session, readCode(error));
  }
}

/** Opens the pipe of standard input once more, so that reading it does not block; undefined if that is not permitted. */
function reopenPipe(): number | undefined {
  try {
    return openSync("/proc/self/fd/0", constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/** The number of bytes read, 0 at the end; undefined if nothing is there yet. */
function readNow(descriptor: number, buffer: Uint8Array): number | undefined {
  try {
    return readSync(descriptor, buffer, 0, buffer.length, null);
  } catch (error) {
    if (readCode(error) === "EAGAIN") return undefined;
    throw error;
  }
}

/** A thread waits for the writer. */
function readInThread(buffer: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    read(0, buffer, 0, buffer.length, null, (error, count) =>
      error === null ? resolve(count) : reject(error),
    );
  });
}

function readCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "EIO";
}

function report(session: Session, code: string): void {
  session.dispatch({ type: "noted", sentence: sentence("input-unreadable", { code }) });
}
