/**
 * Announcement files, by which the duets of one user on one machine find each other (PROTOCOL.md, Pairing). The
 * content of a file is checked before it is used; nothing is connected here.
 */

import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { env, getuid, pid as ourPid } from "node:process";
import { type Endpoint, formatEndpoint } from "../../protocol/address/endpoint.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { encodeAnnouncement, parseAnnouncement } from "./announcement-file.ts";
import {
  checkPrivateFolder,
  type FileProblem,
  listFolder,
  makePrivateFolder,
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

/** Why an announcement could not be written to a folder. */
interface FolderProblem {
  readonly folder: string;
  readonly problem: FileProblem;
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
    for (const folder of this.#folders) {
      const path = join(folder, formatFileName(transport, endpoint));
      const problem = makePrivateFolder(folder) ?? writePrivateFile(path, text);
      if (problem === undefined) this.#written.add(path);
      else problems.push({ folder, problem });
    }
    return problems.length < this.#folders.length ? undefined : problems;
  }

  /** Removes an announcement, if there is one. */
  withdraw(transport: TransportName, endpoint: Endpoint): void {
    for (const folder of this.#folders) this.#remove(join(folder, formatFileName(transport, endpoint)));
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

  /** The announcements of other live processes with this transport. */
  readOthers(transport: TransportName): readonly Announcement[] {
    return this.read().filter((one) => one.pid !== ourPid && one.transport === transport);
  }

  #listFiles(): readonly string[] {
    return this.#folders
      .filter((folder) => checkPrivateFolder(folder) === undefined)
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
