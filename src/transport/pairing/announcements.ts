/**
 * Duets of one user on one machine find each other by files that say who listens where (PROTOCOL.md,
 * Pairing). Files in, announcements out: nobody is connected to here, and what a file says is not
 * trusted before it was checked.
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
  /** The duet's name: at most 256 UTF-16 units, no control characters, otherwise as it came. */
  readonly name: string;
  readonly pid: number;
}

/** What keeps an announcement from being written, one for each folder that was tried. */
interface FolderProblem {
  readonly folder: string;
  readonly problem: FileProblem;
}

const fileMaxBytes = 4096;
const filesReadMax = 256;

/** Where announcements are: $XDG_RUNTIME_DIR/duet, when that is a folder of ours, and duet-UID in the temporary directory. */
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

/** The announcements of this process, which must be taken back before it ends, and the live ones of all. */
export class Announcements {
  readonly #folders: readonly string[];
  readonly #written = new Set<string>();

  constructor(folders: readonly string[] = listAnnouncementFolders()) {
    this.#folders = folders;
  }

  /**
   * Says that this process listens there, in every folder that is safe. Announcing an endpoint again
   * replaces its name. Problems are returned only when no folder took it.
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
      const path = join(folder, fileName(transport, endpoint));
      const problem = makePrivateFolder(folder) ?? writePrivateFile(path, text);
      if (problem === undefined) this.#written.add(path);
      else problems.push({ folder, problem });
    }
    return problems.length < this.#folders.length ? undefined : problems;
  }

  /** Takes an announcement back. One that was never made is as good. */
  withdraw(transport: TransportName, endpoint: Endpoint): void {
    for (const folder of this.#folders) this.#remove(join(folder, fileName(transport, endpoint)));
  }

  /** Takes all back, synchronously: for the last moment of a process. Idempotent. */
  removeAll(): void {
    for (const path of this.#written) this.#remove(path);
  }

  /** Those whose process lives, ours among them, each once. Files of dead processes are removed on the way. */
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

  /** Those of other processes with this transport. */
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

/** Two processes never share a file, so neither can remove the other's; a path of any length has a short name. */
function fileName(transport: TransportName, endpoint: Endpoint): string {
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
