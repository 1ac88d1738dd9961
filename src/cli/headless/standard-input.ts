/** Reads standard input no faster than the session takes it. */

import type { Session } from "../../session/session.ts";

/** Yields the bytes of standard input until its end or an error. */
export async function* readStandardInput(session: Session): AsyncGenerator<Uint8Array> {
  const reader = Bun.stdin.stream().getReader();
  for (;;) {
    await session.waitForInputRoom();
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
    if (done || value === undefined) return;
    yield value;
  }
}
