/**
 * The announcements of this process, loaded when they are first asked for: most of a start's time is loading, and what
 * listens is heard before it is announced. What an announcement is, announcements.ts knows.
 */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Announcement, Announcements } from "./announcements.ts";

export class LateAnnouncements {
  #loaded: Announcements | undefined;
  #loading: Promise<Announcements> | undefined;
  /** Nothing is written any more: the process is on its way out. */
  #isOver = false;

  announce(transport: TransportName, endpoint: Endpoint, name: string): void {
    this.#whenLoaded((loaded) => loaded.announce(transport, endpoint, name));
  }

  withdraw(transport: TransportName, endpoint: Endpoint): void {
    if (this.#loading !== undefined) this.#whenLoaded((loaded) => loaded.withdraw(transport, endpoint));
  }

  /** The live ones of all other processes, of one transport. Called back later, never at once. */
  readOthers(transport: TransportName, tell: (found: readonly Announcement[]) => void): void {
    this.#whenLoaded((loaded) => tell(loaded.readOthers(transport)));
  }

  /** Takes back what was announced; synchronous, and the last call. */
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
