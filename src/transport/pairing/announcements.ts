/**
 * Announcement files, by which the duets of one user on one machine find each other (PROTOCOL.md, Pairing). The
 * content of a file is checked before it is used; nothing is connected here.
 */

import { tmpdir } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import { env, getuid, pid as ourPid } from "node:process";
import { type Endpoint, formatEndpoint } from "../../protocol/address/endpoint.ts";
import type { FolderProblem } from "../../protocol/errors/folder-problem.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { encodeAnnouncement, parseAnnouncement } from "./announcement-file.ts";
import {
  checkPrivateFolder,
  listFolder,
  listPrivateFolders,
  makeSomePrivateFolder,
  readPrivateFile,
  removeFile,
  writePrivateFile,
} from "./private-folder.ts";
import { isProcessAlive, readNetworkNamespace, readStartTime } from "./process-life.ts";

export interface Announcement {
  readonly transport: TransportName;
  readonly endpoint: Endpoint;
  /** The duet's name: at most 256 UTF-16 units without control characters, otherwise unchecked. */
  readonly name: string;
  readonly pid: number;
}

const fileMaxBytes = 4096;
const filesReadMax = 256;

/**
 * The folders of announcements: $XDG_RUNTIME_DIR/duet, if only we can write there, and duet-UID in the temporary
 * directory.
 */
export function listAnnouncementFolders(
  runtimeFolder: string | undefined = env["XDG_RUNTIME_DIR"],
): readonly string[] {
  const shared = join(tmpdir(), `duet-${getuid?.() ?? "user"}`);
  const isValid =
    runtimeFolder !== undefined &&
    isAbsolute(runtimeFolder) &&
    checkPrivateFolder(runtimeFolder) === undefined;
  return isValid ? [join(runtimeFolder, "duet"), shared] : [shared];
}

/**
 * Writes the announcements of this process, which must be removed before it ends, and reads those of all live
 * processes.
 */
export class Announcements {
  readonly #folders: readonly string[];
  readonly #written = new Set<string>();

  constructor(folders: readonly string[] = listAnnouncementFolders()) {
    this.#folders = folders;
  }

  /**
   * Announces in every safe folder that this process listens at `endpoint`. Announcing an endpoint again replaces its
   * name. Returns problems only if no folder could be written to.
   */
  announce(transport: TransportName, endpoint: Endpoint, name: string): readonly FolderProblem[] | undefined {
    const text = encodeAnnouncement({
      transport,
      endpoint,
      name,
      pid: ourPid,
      startTime: readStartTime(ourPid),
      network: readNetworkNamespace(),
    });
    const problems: FolderProblem[] = [];
    for (const wanted of this.#folders) {
      const made = makeSomePrivateFolder(wanted);
      const problem =
        "problem" in made ? made : this.#write(made.folder, formatFileName(transport, endpoint), text);
      if (problem !== undefined) problems.push(problem);
    }
    return problems.length < this.#folders.length ? undefined : problems;
  }

  #write(folder: string, name: string, text: string): FolderProblem | undefined {
    const path = join(folder, name);
    const problem = writePrivateFile(path, text);
    if (problem !== undefined) return { folder, problem };
    this.#written.add(path);
    return undefined;
  }

  /** Removes an announcement, if there is one. */
  withdraw(transport: TransportName, endpoint: Endpoint): void {
    const name = formatFileName(transport, endpoint);
    for (const path of this.#written) if (basename(path) === name) this.#remove(path);
  }

  /** Removes all announcements of this process; synchronous, so that exit handlers can call it. Idempotent. */
  removeAll(): void {
    for (const path of this.#written) this.#remove(path);
  }

  /** The announcements of live processes, including ours, without duplicates. Removes the files of dead processes. */
  read(): readonly Announcement[] {
    const found = new Map<string, Announcement>();
    for (const path of this.#listFiles()) {
      const announcement = readLiveAnnouncement(path);
      if (announcement === undefined) continue;
      const { transport, endpoint, pid } = announcement;
      found.set(`${transport} ${formatEndpoint(endpoint)} ${pid}`, announcement);
    }
    return [...found.values()];
  }

  /** The problem of each folder, if announcements could be written to none. */
  listProblems(): readonly FolderProblem[] {
    const made = this.#folders.map(makeSomePrivateFolder);
    return made.every((one) => "problem" in one) ? made : [];
  }

  /** The announcements of other live processes with this transport. */
  readOthers(transport: TransportName): readonly Announcement[] {
    return this.read().filter((one) => one.pid !== ourPid && one.transport === transport);
  }

  #listFiles(): readonly string[] {
    return this.#folders
      .flatMap(listPrivateFolders)
      .flatMap((folder) => listFolder(folder).map((name) => join(folder, name)))
      .filter((path) => path.endsWith(".json"))
      .slice(0, filesReadMax);
  }

  #remove(path: string): void {
    if (!this.#written.delete(path)) return;
    removeFile(path);
  }
}

/** The process id keeps processes from removing each other's files; the hash keeps the name of a long path short. */
function formatFileName(transport: TransportName, endpoint: Endpoint): string {
  return `${transport}-${Bun.hash(formatEndpoint(endpoint)).toString(36)}-${ourPid}.json`;
}

function readLiveAnnouncement(path: string): Announcement | undefined {
  const file = readPrivateFile(path, fileMaxBytes);
  if ("problem" in file) return undefined;
  const record = parseAnnouncement(file.text);
  if (record === undefined) return undefined;
  const { transport, endpoint, name, pid, startTime, network } = record;
  if (!isProcessAlive(pid, startTime)) {
    removeFile(path);
    return undefined;
  }
  const isHere = network === undefined || network === (readNetworkNamespace() ?? network);
  return isHere ? { transport, endpoint, name, pid } : undefined;
}
