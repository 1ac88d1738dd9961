/** Names for one program of a network namespace: an /etc/hosts of its own. */

import { writeFileSync } from "node:fs";
import type { Folder } from "./duet.ts";

/** The command prefix for a program that sees these addresses under these names, in the order given. */
export function withHosts(
  under: readonly string[],
  folder: Folder,
  names: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const lines = Object.entries(names).flatMap(([name, addresses]) =>
    addresses.map((address) => `${address} ${name}\n`),
  );
  writeFileSync(folder.join("hosts"), lines.join(""));
  const mount = 'mount --bind "$0" /etc/hosts && exec "$@"';
  return [...under, "unshare", "-m", "sh", "-c", mount, folder.join("hosts")];
}
