/** The transports of a session: one for TCP and one for UDP. */

import type { Config } from "../chat/config/config.ts";
import type { TransportName } from "../protocol/sockets/socket-event.ts";
import type { Target } from "../protocol/address/target.ts";
import type { SeededImpairment } from "../protocol/sockets/network-impairment.ts";
import type { OnSocketEvent, StreamTransport, Transport } from "../transport/contract.ts";
import { connectTcp } from "../transport/tcp/tcp-connector.ts";
import { listenTcp } from "../transport/tcp/tcp-listener.ts";
import type { NetworkError } from "../protocol/sockets/network-error.ts";
import type { PortEvents, Sockets } from "./ports.ts";
import { UdpNetwork } from "../transport/impairment/udp-network.ts";

export class Transports implements Sockets {
  readonly #udpNetwork: UdpNetwork;
  readonly #onEvent: PortEvents["onSocketEvent"];
  readonly #peersMax: number;
  readonly #bytesOnly: boolean;
  #tcp: StreamTransport | undefined;
  #udp: Transport | undefined;

  constructor(
    { peersMax, bytesOnly }: Pick<Config, "peersMax" | "bytesOnly">,
    onEvent: PortEvents["onSocketEvent"],
    onCounted: PortEvents["onImpairmentCounted"],
  ) {
    this.#peersMax = peersMax;
    this.#bytesOnly = bytesOnly;
    this.#onEvent = onEvent;
    this.#udpNetwork = new UdpNetwork(onCounted);
  }

  get tcp(): StreamTransport | undefined {
    return this.#tcp;
  }

  get(name: TransportName): Transport | undefined {
    return name === "tcp" ? this.#tcp : this.#udp;
  }

  listen(name: TransportName, target: Target, explainsRefusals: () => boolean): void {
    const peersMax = this.#peersMax;
    const onEvent = this.#makeEventHandler(name);
    const bytesOnly = this.#bytesOnly;
    if (name === "tcp") this.#tcp = listenTcp({ target, peersMax, explainsRefusals, bytesOnly }, onEvent);
    else this.#udp = this.#udpNetwork.bind({ bind: target, peer: undefined, peersMax }, onEvent);
  }

  connect(name: TransportName, target: Target, timeoutMs: number): void {
    // The bound is for those who join: 0 admits nobody, and the person may still connect.
    const peersMax = Math.max(1, this.#peersMax);
    const onEvent = this.#makeEventHandler(name);
    const bytesOnly = this.#bytesOnly;
    if (name === "tcp") this.#tcp = connectTcp({ target, timeoutMs, bytesOnly }, onEvent);
    else this.#udp = this.#udpNetwork.bind({ bind: undefined, peer: target, peersMax }, onEvent);
  }

  broadcastDatagram(payload: Uint8Array, address: string, port: number): NetworkError | undefined {
    return this.#udpNetwork.sendBroadcast(payload, address, port);
  }

  impair(impairment: SeededImpairment | undefined): void {
    this.#udpNetwork.setImpairment(impairment);
  }

  reportImpairment(): void {
    this.#udpNetwork.reportCounts();
  }

  #makeEventHandler(name: TransportName): OnSocketEvent {
    return (event) => this.#onEvent(name, event);
  }
}
