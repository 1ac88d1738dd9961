/**
 * The known peers on disk, which all duets of a person share: each change is applied to the file as it is then, under a
 * lock. A file that cannot be used is refused, never replaced.
 */

import type { KnownPeersProblem } from "../../protocol/errors/private-file-problem.ts";
import { knownPeersFileMaxBytes } from "../../protocol/limits.ts";
import { changeKnownPeers, type KnownPeers, type PeerChange } from "../../protocol/identity/known-peers.ts";
import { formatKnownPeers, parseKnownPeers } from "../../protocol/identity/known-peers-text.ts";
import { FileLock } from "../files/file-lock.ts";
import { makePrivateFolder, readPrivateFile, replacePrivateFile } from "./private-file.ts";

/** How long to wait for another process that has the lock: its work takes a millisecond, but a busy machine may stop it meanwhile. */
const lockWaitMs = 500;

type LoadedPeers =
  | { readonly kind: "peers"; readonly peers: KnownPeers }
  | { readonly kind: "problem"; readonly problem: KnownPeersProblem };

/** Reads the known peers; none without a file. */
export function readKnownPeers(path: string): LoadedPeers {
  const read = readPrivateFile(path, knownPeersFileMaxBytes);
  if (read.kind === "absent") return { kind: "peers", peers: new Map() };
  if (read.kind === "problem") return read;
  const parsed = parseKnownPeers(read.text);
  switch (parsed.kind) {
    case "peers":
      return parsed;
    case "later-version":
      return { kind: "problem", problem: { is: "later-version", path } };
    case "malformed":
      return { kind: "problem", problem: { is: "malformed-line", path, line: parsed.line } };
  }
  parsed satisfies never;
}

/** Applies changes to the file. Returns what prevented it. */
export function writePeerChanges(
  path: string,
  changes: readonly PeerChange[],
): KnownPeersProblem | undefined {
  let problem: KnownPeersProblem | undefined = makePrivateFolder(path);
  if (problem !== undefined) return problem;
  problem = { is: "locked", path };
  new FileLock(`${path}.lock`).tryRunFor(lockWaitMs, () => {
    problem = applyChanges(path, changes);
  });
  return problem;
}

function applyChanges(path: string, changes: readonly PeerChange[]): KnownPeersProblem | undefined {
  const loaded = readKnownPeers(path);
  if (loaded.kind === "problem") return loaded.problem;
  const replaced = replacePrivateFile(path, formatKnownPeers(changeKnownPeers(loaded.peers, changes)));
  return replaced === "replaced" ? undefined : replaced;
}
