/** Loads announcements.ts when it is first needed: a start consists mostly of loading. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Announcement, Announcements } from "./announcements.ts";

export class LazyAnnouncements {
  #loaded: Announcements | undefined;
  #loading: Promise<Announcements> | undefined;
  /** The process is exiting, and nothing may be written any more. */
  #isOver = false;

  announce(transport: TransportName, endpoint: Endpoint, name: string): void {
    this.#whenLoaded((loaded) => loaded.announce(transport, endpoint, name));
  }

  withdraw(transport: TransportName, endpoint: Endpoint): void {
    if (this.#loading !== undefined) this.#whenLoaded((loaded) => loaded.withdraw(transport, endpoint));
  }

  /** Reads the announcements of other live processes for one transport. `onFound` is never called synchronously. */
  readOthers(transport: TransportName, onFound: (found: readonly Announcement[]) => void): void {
    this.#whenLoaded((loaded) => onFound(loaded.readOthers(transport)));
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
