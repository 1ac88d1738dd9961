/** Logs payloads, and sends them by the transports to the connections that the chat has chosen. */

import type { Effect } from "../chat/model/effect.ts";
import type { ChatEvent } from "../chat/model/event.ts";
import type { SessionHandlers } from "../chat/model/session-handlers.ts";
import type { Chat } from "../chat/model/chat.ts";
import { isSealed } from "../chat/peer/seal.ts";
import type { BorrowedBytes } from "../protocol/borrowed-bytes.ts";
import type { Called, ConnectionId, TransportName } from "../protocol/sockets/socket-event.ts";
import type { SendResult } from "../transport/contract.ts";
import type { Sockets } from "./ports.ts";

type EffectOf<Type extends Effect["type"]> = Extract<Effect, { readonly type: Type }>;

/** The payload of a session is logged when it is sealed, as the bytes that leave. */
function isSealedConnection(chat: Chat, connection: ConnectionId): boolean {
  const peer = chat.peers.get(connection);
  return peer !== undefined && isSealed(peer.seal);
}

export class Outgoing {
  readonly #chat: Chat;
  readonly #sockets: Sockets;
  readonly #onWire: SessionHandlers["onWire"];
  readonly #onRefused: (event: ChatEvent) => void;

  /** `onRefused` receives the event of a refused send, to be dispatched after the current one. */
  constructor(
    chat: Chat,
    sockets: Sockets,
    onWire: SessionHandlers["onWire"],
    onRefused: (event: ChatEvent) => void,
  ) {
    this.#chat = chat;
    this.#sockets = sockets;
    this.#onWire = onWire;
    this.#onRefused = onRefused;
  }

  send({ transport: name, connections, payload, isUnsealed }: EffectOf<"send">): void {
    const transport = this.#sockets.get(name);
    if (transport === undefined) return;
    for (const connection of connections) {
      if (isUnsealed === true) this.#onWire?.("out", name, findAddress(this.#chat, connection), payload);
      else this.#logPlain(name, connection, payload);
      this.#checkResult(connection, payload.length, transport.send(connection, payload, isUnsealed));
    }
  }

  sendLent({ connections, payload }: EffectOf<"send-lent">): void {
    for (const connection of connections) {
      this.#logPlain("tcp", connection, payload);
      this.#checkResult(connection, payload.length, this.#sockets.tcp?.sendLent(connection, payload));
    }
  }

  #logPlain(name: TransportName, connection: ConnectionId, payload: BorrowedBytes): void {
    if (this.#onWire === undefined || isSealedConnection(this.#chat, connection)) return;
    this.#onWire("out", name, findAddress(this.#chat, connection), payload);
  }

  /** Logs what a call of a session moved. */
  logSealed(name: TransportName, { call, connection, sealed }: Called): void {
    if (this.#onWire === undefined || connection === undefined || sealed === undefined) return;
    const way = call === "send" || call === "sendto" ? "out" : "in";
    this.#onWire(way, name, findAddress(this.#chat, connection), sealed.payload.subarray(0, sealed.bytes));
  }

  #checkResult(connection: ConnectionId, bytes: number, result: SendResult | undefined): void {
    if (result === "full" || result === "closed")
      this.#onRefused({ type: "send-refused", connection, why: result, bytes });
  }

  /** What concerns one connection. */
  changeConnection(
    effect: EffectOf<"seal" | "renew" | "keep-place" | "shutdown" | "close" | "limit-receive-buffer">,
  ): void {
    const { connection } = effect;
    const transport = this.#sockets.get(effect.transport);
    switch (effect.type) {
      case "seal":
        return transport?.seal(connection, effect.session);
      case "renew":
        return transport?.renew(connection, effect.keys, effect.isResponder);
      case "keep-place":
        return transport?.keepPlace(connection, effect.place);
      case "shutdown":
        return transport?.shutdown(connection);
      case "close":
        return transport?.close(connection, effect.how);
      case "limit-receive-buffer":
        return transport?.limitReceiveBuffer(connection, effect.bytes);
    }
    effect satisfies never;
  }

  changeFanout({ type, group, connection }: EffectOf<"join-fanout" | "leave-fanout">): void {
    const fanout = this.#sockets.tcp?.fanouts[group];
    if (type === "join-fanout") fanout?.join(connection);
    else fanout?.leave(connection);
  }

  publish({ group, except, payload }: EffectOf<"publish">): void {
    const fanout = this.#sockets.tcp?.fanouts[group];
    if (this.#onWire !== undefined)
      for (const connection of fanout?.connections ?? [])
        if (connection !== except) this.#logPlain("tcp", connection, payload);
    fanout?.publish(payload, except);
  }

  sendToSubnet({ payload, address, port }: EffectOf<"broadcast-datagram">): void {
    this.#onWire?.("out", "udp", `${address}:${port}`, payload);
    const error = this.#sockets.broadcastDatagram(payload, address, port);
    if (error !== undefined) this.#onRefused({ type: "broadcast-failed", error });
  }
}

/** The address of a connection for a log. */
export function findAddress(chat: Chat, connection: ConnectionId): string {
  return chat.peers.get(connection)?.link.address ?? "?";
}
