/** Loads announcements.ts when it is first needed: a start consists mostly of loading. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { FolderProblem } from "../../protocol/errors/folder-problem.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Announcement, Announcements } from "./announcements.ts";

export class LazyAnnouncements {
  #loaded: Announcements | undefined;
  #loading: Promise<Announcements> | undefined;
  /** The process is exiting, and nothing may be written any more. */
  #isOver = false;
  /** The transports whose failed announcement was reported. */
  readonly #failed = new Set<TransportName>();

  /** `onFailed` is called if no folder could be written to: once for each transport, never synchronously. */
  announce(
    transport: TransportName,
    endpoint: Endpoint,
    name: string,
    onFailed: (problems: readonly FolderProblem[]) => void,
  ): void {
    this.#whenLoaded((loaded) => {
      const problems = loaded.announce(transport, endpoint, name);
      if (problems === undefined || this.#failed.has(transport)) return;
      this.#failed.add(transport);
      onFailed(problems);
    });
  }

  withdraw(transport: TransportName, endpoint: Endpoint): void {
    if (this.#loading !== undefined) this.#whenLoaded((loaded) => loaded.withdraw(transport, endpoint));
  }

  /**
   * Reads the announcements of other live processes for one transport. `onFound` is never called synchronously. If there
   * is none, it is given the problem of each folder that announcements cannot be written to, if that is true of all.
   */
  readOthers(
    transport: TransportName,
    onFound: (found: readonly Announcement[], problems: readonly FolderProblem[]) => void,
  ): void {
    this.#whenLoaded((loaded) => {
      const found = loaded.readOthers(transport);
      onFound(found, found.length > 0 ? [] : loaded.listProblems());
    });
  }

  /** Removes our announcements, synchronously. Later calls do nothing. */
  removeAll(): void {
    this.#isOver = true;
    this.#loaded?.removeAll();
  }

  #whenLoaded(act: (loaded: Announcements) => void): void {
    this.#loading ??= import("./announcements.ts").then((module) => new module.Announcements());
    void this.#loading.then((loaded) => {
      this.#loaded = loaded;
      if (!this.#isOver) act(loaded);
    });
  }
}
