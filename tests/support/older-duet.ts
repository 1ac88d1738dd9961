/** The last duet without encryption, as a process (tests/support/older). */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Duet, type DuetOptions, Folder } from "./duet.ts";

const compressed = join(import.meta.dir, "older/duet-edde2b2c.js.zst");

/** Its program, in a folder that is removed on disposal. */
export async function unpackOlderDuet(): Promise<OlderDuet> {
  const program = Bun.zstdDecompressSync(await Bun.file(compressed).bytes());
  return new OlderDuet(program);
}

export class OlderDuet implements Disposable {
  readonly #folder = new Folder();
  readonly #command: readonly string[];

  constructor(program: Uint8Array) {
    const path = this.#folder.join("duet.js");
    writeFileSync(path, program);
    this.#command = [process.execPath, "--config=/dev/null", "--no-env-file", "--no-install", path];
  }

  start(args: readonly string[], options: DuetOptions = {}): Duet {
    return new Duet(args, { ...options, command: this.#command });
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}
