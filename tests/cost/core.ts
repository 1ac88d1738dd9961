/** A core without sockets, which is given the events of peers. */

import type { ChatEvent } from "../../src/chat/model/event.ts";
import type { Chat } from "../../src/chat/model/chat.ts";
import { createChat } from "../../src/chat/model/new-chat.ts";
import { update } from "../../src/chat/update.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import type { Frame } from "../../src/protocol/frames/frame.ts";
import type { ConnectionId, TransportName } from "../../src/protocol/sockets/socket-event.ts";
import { testConfig, homeTarget } from "../support/chat-world.ts";
import { loopback } from "../support/fake-network.ts";

/** A core that listens or has connected, and the peers that a test gives it. */
export class Core {
  readonly chat: Chat;
  nowMs = 1_800_000_000_000;

  constructor(role: "listen" | "connect" = "listen") {
    this.chat = createChat(testConfig(), "s".repeat(24), "secret", new Uint8Array(32));
    for (const transport of ["tcp", "udp"] as const) {
      this.apply({ type: "started", transport, request: { role, target: homeTarget } });
      if (role === "listen")
        this.apply({ type: "socket", transport, event: { type: "listening", local: loopback(8080) } });
    }
  }

  apply(event: ChatEvent): void {
    update(this.chat, event, this.nowMs);
  }

  connect(id: number, transport: TransportName = "tcp", isInbound = true): this {
    const [local, peer] = [loopback(8080), loopback(4000 + id)];
    const connected = { type: "connected", connection: id as ConnectionId, isInbound, local, peer } as const;
    this.apply({ type: "socket", transport, event: connected });
    return this;
  }

  receive(id: number, text: string, transport: TransportName = "tcp"): this {
    const bytes = Buffer.from(text);
    this.apply({
      type: "socket",
      transport,
      event: { type: "received", connection: id as ConnectionId, bytes },
    });
    return this;
  }

  /** The key that the peer must repeat. */
  keyFor(id: number): string {
    return this.chat.peers.get(id as ConnectionId)?.handshake.ourKey ?? "";
  }

  duet(id: number, transport: TransportName = "tcp", isInbound = true): this {
    const end = transport === "tcp" ? "\n" : "";
    const hello: Frame = {
      type: "hello",
      name: "bob",
      session: `session${id}`,
      key: `key${id}`,
      delivery: 1,
    };
    this.connect(id, transport, isInbound).receive(id, encodeFrame(hello) + end, transport);
    return this.receive(id, encodeFrame({ type: "ping", number: 1 }, this.keyFor(id)) + end, transport);
  }
}

/** A room with 16 raw members and a duet, number 1. */
export function makeRoom(): Core {
  const core = new Core().duet(1);
  for (let id = 2; id < 18; id += 1) core.connect(id).receive(id, "hi\n");
  return core;
}

/** A client whose host, connection 1, has sent its welcome. */
export function makeClient(): Core {
  const core = new Core("connect").connect(1, "tcp", false);
  const hello: Frame = { type: "hello", name: "host", session: "host", key: "hostkey" };
  core.receive(1, `${encodeFrame(hello)}\n`);
  return core.receive(1, `${encodeFrame({ type: "welcome", you: 2, key: "k", members: [] })}\n`);
}
