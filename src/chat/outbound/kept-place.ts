/** Reports to the transport which peers keep their places in the room. */

import type { KeptPlace } from "../../protocol/sockets/kept-place.ts";
import type { Effect } from "../model/effect.ts";
import type { Link } from "../peer/link.ts";

/** A peer that connected to us has a place by what is known of it. A connection over TCP needs no proof. */
export function keepPlace(effects: Effect[], link: Link, place: KeptPlace): void {
  const { transport, connection, isInbound } = link;
  if (isInbound && (transport === "udp" || place === "exempt"))
    effects.push({ type: "keep-place", transport, connection, place });
}
