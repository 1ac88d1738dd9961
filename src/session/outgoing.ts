/**
 * What leaves: payloads, shown to who logs them and handed to the transports. Who is to get what the chat has decided; what
 * comes of it, it hears as events.
 */

import type { Effect } from "../chat/model/effect.ts";
import type { ChatEvent } from "../chat/model/event.ts";
import type { SessionHandlers } from "../chat/model/session-handlers.ts";
import type { Chat } from "../chat/model/chat.ts";
import type { ConnectionId } from "../protocol/sockets/socket-event.ts";
import type { Sockets } from "./ports.ts";

type EffectOf<Type extends Effect["type"]> = Extract<Effect, { readonly type: Type }>;

export class Outgoing {
  readonly #chat: Chat;
  readonly #sockets: Sockets;
  readonly #onWire: SessionHandlers["onWire"];
  readonly #onRefused: (event: ChatEvent) => void;

  /** `onRefused` is given what is to be taken in after the event whose effect it was. */
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
      this.#onWire?.("out", name, addressOf(this.#chat, connection), payload);
      const result = transport.send(connection, payload);
      if (result !== "full" && result !== "closed") continue;
      this.#onRefused({ type: "send-refused", connection, why: result, bytes: payload.length });
    }
  }

  broadcast({ hearers, but, payload }: EffectOf<"broadcast">): void {
    if (this.#onWire !== undefined)
      for (const connection of hearers.list.slice(0, hearers.size))
        if (connection !== but) this.#onWire("out", "tcp", addressOf(this.#chat, connection), payload);
    this.#sockets.tcp?.broadcast(hearers, but, payload);
  }

  toSubnet({ payload, address, port }: EffectOf<"broadcast-datagram">): void {
    this.#onWire?.("out", "udp", `${address}:${port}`, payload);
    const error = this.#sockets.broadcastDatagram(payload, address, port);
    if (error !== undefined) this.#onRefused({ type: "broadcast-failed", error });
  }
}

/** As a log has it. */
export function addressOf(chat: Chat, connection: ConnectionId): string {
  return chat.peers.get(connection)?.link.address ?? "?";
}
