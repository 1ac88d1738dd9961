/** Logs payloads, and sends them by the transports to the connections that the chat has chosen. */

import type { Effect } from "../chat/model/effect.ts";
import type { ChatEvent } from "../chat/model/event.ts";
import type { SessionHandlers } from "../chat/model/session-handlers.ts";
import type { Chat } from "../chat/model/chat.ts";
import type { ConnectionId } from "../protocol/sockets/socket-event.ts";
import type { SendResult } from "../transport/contract.ts";
import type { Sockets } from "./ports.ts";

type EffectOf<Type extends Effect["type"]> = Extract<Effect, { readonly type: Type }>;

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

  send({ transport: name, connections, payload }: EffectOf<"send">): void {
    const transport = this.#sockets.get(name);
    if (transport === undefined) return;
    for (const connection of connections) {
      this.#onWire?.("out", name, findAddress(this.#chat, connection), payload);
      this.#checkResult(connection, payload.length, transport.send(connection, payload));
    }
  }

  sendLent({ connections, payload }: EffectOf<"send-lent">): void {
    for (const connection of connections) {
      this.#onWire?.("out", "tcp", findAddress(this.#chat, connection), payload);
      this.#checkResult(connection, payload.length, this.#sockets.tcp?.sendLent(connection, payload));
    }
  }

  #checkResult(connection: ConnectionId, bytes: number, result: SendResult | undefined): void {
    if (result === "full" || result === "closed")
      this.#onRefused({ type: "send-refused", connection, why: result, bytes });
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
        if (connection !== except) this.#onWire("out", "tcp", findAddress(this.#chat, connection), payload);
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
