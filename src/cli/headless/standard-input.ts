/** Reads standard input no faster than the session takes it. */

import { fstatSync } from "node:fs";
import type { Session } from "../../session/session.ts";
import { sentence } from "../../words/sentences/sentence.ts";

/** Yields the bytes of standard input until its end or an error, which is reported. */
export async function* readStandardInput(session: Session): AsyncGenerator<Uint8Array> {
  try {
    // Bun 1.4.5 reports it outside of the stream, where nothing can catch it.
    if (fstatSync(0).isDirectory()) return report(session, "EISDIR");
    const reader = Bun.stdin.stream().getReader();
    for (;;) {
      await session.waitForInputRoom();
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    report(session, error instanceof Error && "code" in error ? String(error.code) : "EIO");
  }
}

function report(session: Session, code: string): void {
  session.dispatch({ type: "noted", sentence: sentence("input-unreadable", { code }) });
}
