/**
 * The sockets of a UDP listener at every address: beside the wildcard socket one for each address of this machine, so
 * that an answer leaves from the address that was asked. They follow the addresses, which come and go.
 *
 * The wildcard socket is exclusive, as without them: SO_REUSEADDR is set only while another one is bound beside it, and
 * a second duet still meets EADDRINUSE. IP_PKTINFO would need no sockets, but Bun 1.4.5 passes on no control message.
 */

import { addressSocketsMax } from "../../protocol/limits.ts";
import { listOutwardAddresses } from "../addresses/interfaces.ts";
import { setReuseAddress } from "../kernel/socket-options.ts";
import {
  type DatagramHandlers,
  type DatagramSocket,
  type OpenDatagramSocket,
  openOneSocket,
} from "./datagram-socket.ts";

/** Addresses that were added or removed are followed within this time. */
const followIntervalMs = 2000;

interface ListenerBind {
  readonly hostname: "0.0.0.0" | "::";
  readonly port: number;
  readonly ipv6Only: boolean;
}

/** One socket, or for a listener at every address several. Rejects if bind fails. */
export const openBunSocket: OpenDatagramSocket = async ({ isListener, ...bind }, handlers) => {
  const { hostname } = bind;
  const isWildcard = hostname === "0.0.0.0" || hostname === "::";
  return isListener && isWildcard
    ? await openAddressSockets({ ...bind, hostname }, handlers)
    : await openOneSocket(bind, handlers);
};

/** Rejects if bind of the wildcard socket fails. Without bun:ffi that socket is alone. */
export async function openAddressSockets(
  bind: ListenerBind,
  handlers: DatagramHandlers,
  listAddresses: () => readonly string[] = listOutwardAddresses,
  setReuse = setReuseAddress,
): Promise<AddressSockets> {
  const any = await openOneSocket(bind, handlers);
  const sockets = new AddressSockets(any, bind, handlers, listAddresses, setReuse);
  await sockets.follow();
  return sockets;
}

class AddressSockets implements DatagramSocket {
  readonly #any: DatagramSocket;
  readonly #bind: ListenerBind;
  readonly #handlers: DatagramHandlers;
  readonly #listAddresses: () => readonly string[];
  readonly #setReuse: typeof setReuseAddress;
  /** By address, as this machine lists it. */
  readonly #sockets = new Map<string, DatagramSocket>();
  readonly #timer: ReturnType<typeof setInterval>;
  #isFollowing = false;
  #isClosed = false;
  /** False if the system cannot bind a socket beside the exclusive one. */
  #canBindBeside: boolean;

  constructor(
    any: DatagramSocket,
    bind: ListenerBind,
    handlers: DatagramHandlers,
    listAddresses: () => readonly string[],
    setReuse: typeof setReuseAddress,
  ) {
    this.#any = any;
    this.#bind = bind;
    this.#handlers = handlers;
    this.#listAddresses = listAddresses;
    this.#setReuse = setReuse;
    this.#canBindBeside = setReuse(any, false);
    this.#timer = setInterval(() => void this.follow(), followIntervalMs);
  }

  get port(): number {
    return this.#any.port;
  }

  get answersFromAsked(): boolean {
    return this.#canBindBeside;
  }

  /** Opens a socket for each new address, and closes those of addresses that are gone. Never rejects. */
  async follow(): Promise<void> {
    if (this.#isFollowing || this.#isClosed || !this.#canBindBeside) return;
    this.#isFollowing = true;
    const wanted = this.#listAddresses().filter((address) => this.#receives(address));
    for (const [address, socket] of this.#sockets) {
      if (wanted.includes(address)) continue;
      this.#sockets.delete(address);
      socket.close();
    }
    for (const address of wanted) {
      if (this.#sockets.size >= addressSocketsMax) break;
      if (!this.#sockets.has(address)) await this.#open(address);
    }
    this.#isFollowing = false;
  }

  #receives(address: string): boolean {
    const isIPv6 = address.includes(":");
    return this.#bind.hostname === "::" ? isIPv6 || !this.#bind.ipv6Only : !isIPv6;
  }

  async #open(address: string): Promise<void> {
    if (this.#isClosed || !this.#canBindBeside) return;
    const isIPv6 = address.includes(":");
    // As the wildcard socket reports an IPv4 peer.
    const mapped = !isIPv6 && this.#bind.hostname === "::" ? mappedPrefix : "";
    const bind = { hostname: address, port: this.port, ipv6Only: isIPv6, isShared: true };
    if (!this.#setReuse(this.#any, true)) return void (this.#canBindBeside = false);
    // It is bound when the call returns, before the promise resolves.
    const opening = openOneSocket(bind, {
      onData: (bytes, port, from) => this.#handlers.onData(bytes, port, `${mapped}${from}`, address),
      onDrain: () => this.#handlers.onDrain(),
      onError: (thrown) => this.#handlers.onError(thrown),
    });
    this.#setReuse(this.#any, false);
    try {
      const socket = await opening;
      this.#setReuse(socket, false);
      if (this.#isClosed) socket.close();
      else this.#sockets.set(address, socket);
    } catch {
      // The address is not usable yet (IPv6 checks for duplicates), or gone: the next look tries again.
    }
  }

  /** `local`: the address to send from, if it is still this machine's. */
  send(payload: Uint8Array, port: number, address: string, local?: string): boolean {
    const socket = local === undefined ? undefined : this.#sockets.get(local);
    if (socket === undefined) return this.#any.send(payload, port, address);
    const isMapped = address.startsWith(mappedPrefix) && local?.includes(":") === false;
    return socket.send(payload, port, isMapped ? address.slice(mappedPrefix.length) : address);
  }

  setBroadcast(on: boolean): boolean {
    return this.#any.setBroadcast?.(on) ?? false;
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
    this.#any.close();
  }
}

/** RFC 4291 §2.5.5.2, in lower case as Bun writes it. */
const mappedPrefix = "::ffff:";
