/** A log of events beside a duet's output: it shows receipts, which the output does not. */

import type { Folder } from "../support/duet.ts";
import { until } from "../support/wait.ts";

export class EventLog {
  readonly #path: string;

  constructor(folder: Folder, name: string) {
    this.#path = folder.join(`${name}.ndjson`);
  }

  /** The option that makes duet write the log. */
  get option(): readonly string[] {
    return ["-o", this.#path];
  }

  /** Waits until this many lines of this duet have been received by all their recipients. */
  async waitForReceipts(count: number): Promise<void> {
    await until(async () => {
      const received = (await this.#text()).matchAll(/"type":"receipt".*?"id":(\d+),"stage":"received"/g);
      return new Set([...received].map(([, id]) => id)).size >= count;
    }, `${count} receipts in ${this.#path}`);
  }

  async #text(): Promise<string> {
    const file = Bun.file(this.#path);
    return (await file.exists()) ? await file.text() : "";
  }
}
