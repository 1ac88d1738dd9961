/** The transports of a session, one TCP and one UDP, each opened anew when it is asked for. It decides nothing. */

import type { SocketEvent, TransportName } from "../protocol/sockets/socket-event.ts";
import type { Target } from "../protocol/address/target.ts";
import type { TroubleCounts } from "../protocol/sockets/network-impairment.ts";
import type { OnSocketEvent, StreamTransport, Transport } from "../transport/contract.ts";
import { connectTcp } from "../transport/tcp/tcp-connector.ts";
import { listenTcp } from "../transport/tcp/tcp-listener.ts";
import { UdpNetwork } from "../transport/impairment/udp-network.ts";

export interface TransportsHandlers {
  /** As OnSocketEvent, of either transport. */
  onEvent(transport: TransportName, event: SocketEvent): void;
  /** See BadNetwork. */
  onCounted(counts: TroubleCounts): void;
}

export class Transports {
  readonly udpNetwork: UdpNetwork;
  readonly #handlers: TransportsHandlers;
  readonly #peersMax: number;
  #tcp: StreamTransport | undefined;
  #udp: Transport | undefined;

  constructor(peersMax: number, handlers: TransportsHandlers) {
    this.#peersMax = peersMax;
    this.#handlers = handlers;
    this.udpNetwork = new UdpNetwork((counts) => handlers.onCounted(counts));
  }

  /** The last one that was opened, stopped or not. */
  get tcp(): StreamTransport | undefined {
    return this.#tcp;
  }

  get(name: TransportName): Transport | undefined {
    return name === "tcp" ? this.#tcp : this.#udp;
  }

  listen(name: TransportName, target: Target): void {
    const peersMax = this.#peersMax;
    const onEvent = this.#hears(name);
    if (name === "tcp") this.#tcp = listenTcp({ target, peersMax }, onEvent);
    else this.#udp = this.udpNetwork.bind({ bind: target, peer: undefined, peersMax }, onEvent);
  }

  connect(name: TransportName, target: Target, timeoutMs: number): void {
    const peersMax = this.#peersMax;
    const onEvent = this.#hears(name);
    if (name === "tcp") this.#tcp = connectTcp({ target, timeoutMs }, onEvent);
    else this.#udp = this.udpNetwork.bind({ bind: undefined, peer: target, peersMax }, onEvent);
  }

  #hears(name: TransportName): OnSocketEvent {
    return (event) => this.#handlers.onEvent(name, event);
  }
}
