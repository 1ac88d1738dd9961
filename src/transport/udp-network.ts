/**
 * The UDP sockets of a session, each behind the network that may be made bad on purpose. It chooses how a socket is
 * opened, and keeps none.
 */

import { isGroupAddress } from "../protocol/group.ts";
import type { SeededTrouble, TroubleCounts } from "../protocol/trouble.ts";
import type { DatagramRequest, DatagramTransport, OnSocketEvent } from "./contract.ts";
import { openBunSocket } from "./datagram-socket.ts";
import { openGroup } from "./group-socket.ts";
import { BadNetwork } from "./troubled-socket.ts";
import { bindUdp } from "./udp-socket.ts";

export class UdpNetwork {
  readonly #bad: BadNetwork;

  /** `onCounted`: see BadNetwork. */
  constructor(onCounted: (counts: TroubleCounts) => void) {
    this.#bad = new BadNetwork(onCounted);
  }

  /** As bindUdp. */
  bind(request: DatagramRequest, onEvent: OnSocketEvent): DatagramTransport {
    const { peer } = request;
    const isGroup = request.bind === undefined && peer?.kind === "ip" && isGroupAddress(peer.host);
    const open = isGroup ? openGroup({ address: peer.host, port: peer.port }) : openBunSocket;
    return bindUdp(request, onEvent, this.#bad.around(open));
  }

  setTrouble(trouble: SeededTrouble | undefined): void {
    this.#bad.setTrouble(trouble);
  }

  tellCounts(): void {
    this.#bad.tellCounts();
  }
}
