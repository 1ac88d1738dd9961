/** Waits for a condition in tests: the only place of the suite where a timer may pass time. */

const pollMs = 2;
/**
 * Enough for a machine many times slower than this one, and less than a test's limit, so that the error names the
 * condition.
 */
export const waitTimeoutMsDefault = 120_000;

/**
 * Resolves with the condition's first value that is not false, null or undefined; throws, naming `what`, after
 * `timeoutMs`.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  what: string,
  timeoutMs = waitTimeoutMsDefault,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== null && value !== undefined) {
      return value as Exclude<T, false | null | undefined>;
    }
    if (performance.now() >= deadline) throw new Error(`after ${timeoutMs} ms still waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Settles as `promise` does, or throws, naming `what`, after `timeoutMs`. */
export async function within<T>(
  promise: Promise<T>,
  what: string,
  timeoutMs = waitTimeoutMsDefault,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`after ${timeoutMs} ms still waiting for ${what}`)),
    timeoutMs,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Signals that something may have changed: each `ring` makes all waiting calls check again. */
export class Bell {
  #waiting = new Set<() => void>();

  ring(): void {
    const waiting = [...this.#waiting];
    for (const look of waiting) look();
  }

  /** Checks at once and after each ring. `explain` is added to the timeout error. */
  async waitFor(
    condition: () => boolean,
    what: string,
    timeoutMs: number = waitTimeoutMsDefault,
    explain: () => string = () => "",
  ): Promise<void> {
    if (condition()) return;
    const seen = Promise.withResolvers<void>();
    const look = (): void => {
      if (condition()) seen.resolve();
    };
    this.#waiting.add(look);
    try {
      await within(seen.promise, what, timeoutMs);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${explain()}`, {
        cause: error,
      });
    } finally {
      this.#waiting.delete(look);
    }
  }
}
