/**
 * The identity and the known peers of our person, as a session needs them: read when they are needed, written at most once
 * a second and at the exit.
 */

import fs from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { type IdentityAct, noPeople } from "../../chat/records/people.ts";
import type { Identity } from "../../protocol/identity/identity.ts";
import { changeKnownPeers, type KnownPeers, type PeerChange } from "../../protocol/identity/known-peers.ts";
import type { IdentityResult, PeopleFiles } from "../../session/ports.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Options } from "../options/options.ts";
import type { UnlockedIdentity } from "./unlock-identity.ts";
import { loadIdentity, readIdentity } from "./identity-file.ts";
import { readKnownPeers, writePeerChanges } from "./known-peers-file.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const writeIntervalMs = 1000;

/** With `--anonymous`, without sealing or a home: the key is one of this process, which knows whom it has verified or trusted. */
function openAnonymous(): PeopleFiles {
  let known: KnownPeers = new Map();
  const learn = (change: PeerChange): void => {
    if (change.is === "verified" || change.is === "trusted") known = changeKnownPeers(known, [change]);
  };
  return { ...noPeople, readKnown: () => known, learn, changeIdentity: () => {} };
}

type PeopleOptions = Pick<Options, "encrypt" | "isAnonymous" | "identityFile" | "replayFile">;

/**
 * Opens nothing yet, but refuses an identity that cannot be used, and known peers that cannot be read. `unlock`: finds the
 * pass-phrase of an identity that has one.
 */
export async function openPeople(
  options: PeopleOptions,
  env: Environment,
  unlock: (path: string) => Promise<UnlockedIdentity>,
): Promise<PeopleFiles | Sentence> {
  const path = findIdentityPath(options, env);
  if (
    path === undefined ||
    options.encrypt === "off" ||
    options.isAnonymous ||
    options.replayFile !== undefined
  )
    return openAnonymous();
  const read = readIdentity(path);
  if (read?.kind === "problem" && read.problem.is !== "pass-phrase")
    return sentence("identity-problem", { problem: read.problem });
  const unlocked = read?.kind === "problem" ? await unlock(path) : { passPhrase: undefined };
  if ("problem" in unlocked) return unlocked.problem;
  const known = readKnownPeers(getKnownPeersPath(path));
  if (known.kind === "problem") return sentence("known-peers-problem", { problem: known.problem });
  return new KeptPeople(path, unlocked.passPhrase);
}

/** The path of `--identity`, else the usual one; undefined without a home. */
export function findIdentityPath(
  { identityFile }: Pick<Options, "identityFile">,
  env: Environment,
): string | undefined {
  return identityFile ?? findUsualPath(env);
}

/** `$XDG_DATA_HOME/duet/identity`, by default below ~/.local/share (XDG Base Directory); undefined without a home. */
function findUsualPath(env: Environment): string | undefined {
  const data = env["XDG_DATA_HOME"] ?? "";
  const home = env["HOME"] ?? homedir();
  const base = isAbsolute(data) ? data : isAbsolute(home) ? join(home, ".local", "share") : undefined;
  return base === undefined ? undefined : join(base, "duet", "identity");
}

function getKnownPeersPath(identityPath: string): string {
  return join(dirname(identityPath), "known_peers");
}

/** Tells states of a file apart; empty: it does not exist. */
function readStamp(path: string): string {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}

class KeptPeople implements PeopleFiles {
  readonly identityPath: string;
  readonly #peersPath: string;
  /** The known peers with the changes that are not written yet, and the state of the file that they were read from. */
  #read: { readonly peers: KnownPeers; readonly stamp: string } | undefined;
  /** The identity that was read last, and the state of its file then. */
  #identity: { readonly identity: Identity | undefined; readonly stamp: string | undefined } = {
    ...{ identity: undefined, stamp: undefined },
  };
  /** The reason why this run has a key of its own, until it is reported. */
  #identityProblem: Sentence | undefined;
  #pending: PeerChange[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Kept to read the file again when it was renewed. */
  readonly #passPhrase: string | undefined;

  constructor(identityPath: string, passPhrase: string | undefined) {
    this.identityPath = identityPath;
    this.#passPhrase = passPhrase;
    this.#peersPath = getKnownPeersPath(identityPath);
    process.on("exit", () => this.#write(() => {}));
  }

  /** The identity of the file as it is now; one that cannot be read any more is kept. */
  readonly readIdentity = (): Identity | undefined => {
    const stamp = readStamp(this.identityPath);
    const { identity } = this.#identity;
    if (stamp === this.#identity.stamp || (stamp === "" && identity !== undefined)) return identity;
    const loaded = loadIdentity(this.identityPath, this.#passPhrase);
    if (loaded.kind === "problem")
      this.#identityProblem = sentence("identity-problem", { problem: loaded.problem });
    const read = loaded.kind === "identity" ? loaded.identity : identity;
    this.#identity = { identity: read, stamp: readStamp(this.identityPath) };
    return read;
  };

  readonly readKnown = (): KnownPeers => {
    const stamp = readStamp(this.#peersPath);
    if (this.#read?.stamp !== stamp) {
      const loaded = readKnownPeers(this.#peersPath);
      // A file that was spoilt meanwhile is reported when it is to be written.
      const peers = loaded.kind === "peers" ? loaded.peers : (this.#read?.peers ?? new Map());
      this.#read = { peers: changeKnownPeers(peers, this.#pending), stamp };
    }
    return this.#read.peers;
  };

  readonly learn = (change: PeerChange, onProblem: (problem: Sentence) => void): void => {
    if (this.#identityProblem !== undefined) onProblem(this.#identityProblem);
    this.#identityProblem = undefined;
    this.#read = { peers: changeKnownPeers(this.readKnown(), [change]), stamp: readStamp(this.#peersPath) };
    this.#pending.push(change);
    if (this.#timer !== undefined) return;
    this.#write(onProblem);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#write(onProblem);
    }, writeIntervalMs);
    this.#timer.unref();
  };

  readonly changeIdentity = (act: IdentityAct, report: (result: IdentityResult) => void): void => {
    // Loaded when it is asked for.
    void import("./change-identity.ts").then(({ changeIdentityFile }) =>
      report(changeIdentityFile(this.identityPath, act, this.#passPhrase)),
    );
  };

  #write(onProblem: (problem: Sentence) => void): void {
    if (this.#pending.length === 0) return;
    const problem = writePeerChanges(this.#peersPath, this.#pending);
    this.#pending = [];
    if (problem !== undefined) onProblem(sentence("known-peers-problem", { problem }));
  }
}
