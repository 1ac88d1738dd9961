/**
 * Opens the UDP sockets of a session, ordinary or multicast, each behind the network impairment that a person may
 * switch on.
 */

import { makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import { isGroupAddress } from "../../protocol/lan/multicast-chat.ts";
import type { ErrorCode, NetworkError } from "../../protocol/sockets/network-error.ts";
import type { SeededImpairment, ImpairmentCounts } from "../../protocol/sockets/network-impairment.ts";
import type { DatagramRequest, DatagramTransport, OnSocketEvent } from "../contract.ts";
import { openBunSocket } from "../udp/address-sockets.ts";
import type { DatagramSocket, OpenDatagramSocket } from "../udp/datagram-socket.ts";
import { readErrorCode, makeNetworkError } from "../kernel/error-code.ts";
import type { Group } from "../multicast/group-socket.ts";
import { NetworkImpairment } from "./network-impairment.ts";
import { parseAddress } from "../addresses/resolve.ts";
import { bindUdp } from "../udp/udp-socket.ts";

export class UdpNetwork {
  readonly #impairment: NetworkImpairment;
  /** The socket that was opened last, and the receiver of its events. */
  #opened:
    | { readonly socket: DatagramSocket; readonly isIPv6: boolean; readonly onEvent: OnSocketEvent }
    | undefined;

  /** `onCounted`: see NetworkImpairment. */
  constructor(onCounted: (counts: ImpairmentCounts) => void) {
    this.#impairment = new NetworkImpairment(onCounted);
  }

  /** See bindUdp. */
  bind(request: DatagramRequest, onEvent: OnSocketEvent): DatagramTransport {
    const { peer } = request;
    const isGroup = request.bind === undefined && peer?.kind === "ip" && isGroupAddress(peer.host);
    const open = isGroup
      ? openGroupLazily({ address: readGroupAddress(peer.host), port: peer.port })
      : openBunSocket;
    return bindUdp(request, onEvent, async (bind, handlers) => {
      const socket = await this.#impairment.wrap(open)(bind, handlers);
      this.#opened = { socket, isIPv6: bind.hostname.includes(":"), onEvent };
      return socket;
    });
  }

  /** Sends one datagram to a broadcast address from the open socket, and reports the `sendto`. Returns its error. */
  sendBroadcast(payload: Uint8Array, address: string, port: number): NetworkError | undefined {
    const { socket, isIPv6, onEvent } = this.#opened ?? {};
    const to = makeIpEndpoint(address, port);
    let result: ErrorCode | "ok" = "EUNKNOWN";
    try {
      socket?.setBroadcast?.(true);
      // An IPv6 socket reaches IPv4 by mapped addresses (RFC 4291 §2.5.5.2).
      const host = isIPv6 === true ? `::ffff:${address}` : address;
      if (socket?.send(payload, port, host) === true) result = "ok";
    } catch (thrown) {
      result = readErrorCode(thrown);
    }
    const bytes = { bytes: result === "ok" ? payload.length : 0, ofBytes: payload.length };
    onEvent?.({ type: "called", call: "sendto", result, peer: to, ...bytes });
    return result === "ok" ? undefined : makeNetworkError(result, "sendto", `${address}:${port}`, "udp");
  }

  setImpairment(trouble: SeededImpairment | undefined): void {
    this.#impairment.setImpairment(trouble);
  }

  reportCounts(): void {
    this.#impairment.reportCounts();
  }
}

function readGroupAddress(host: string): string {
  return parseAddress(host)?.address ?? host;
}

/** Loads group-socket.ts when a group is first joined: most sessions never join one. */
function openGroupLazily(group: Group): OpenDatagramSocket {
  return async (bind, handlers) => {
    const { openGroup } = await import("../multicast/group-socket.ts");
    return openGroup(group)(bind, handlers);
  };
}
