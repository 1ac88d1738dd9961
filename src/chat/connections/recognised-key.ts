/**
 * Compares the key of a peer with what our person has fixed: `--key`, and the keys that were met at the endpoint. Where they
 * disagree, the connection ends before anything is sent or shown, until `/trust`.
 */

import { isLoopback } from "../../protocol/address/endpoint.ts";
import { formatFingerprint, formatKey } from "../../protocol/identity/key-text.ts";
import {
  findExpectedKey,
  findNamesake,
  type PeerReference,
  recogniseKey,
} from "../../protocol/identity/known-peers.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { getName, getSide, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { getOwnKey } from "../records/key-source.ts";
import type { HeldPeer } from "../records/people.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { reportProblem } from "../report/report.ts";
import { setRecognised } from "../peer/seal.ts";
import { endFaultyPeer } from "./end-peer.ts";
import { canSeal } from "./offer.ts";
import { formatTarget } from "./open.ts";

/** The key that the peer of a connecting side must have; undefined: it may be anybody, or sealing is off. */
export function findFixedKey(chat: Pick<SendContext, "self" | "config">, side: Side): string | undefined {
  if (chat.config.encrypt === "off" || side.isRaw) return undefined;
  return findExpectedKey(chat.self.people.source.readKnown(), makeReference(chat, side));
}

/** Our person's references for the peer of a side; only a side that connects has an endpoint that the person typed. */
function makeReference({ self }: Pick<SendContext, "self">, { socket }: Pick<Side, "socket">): PeerReference {
  const { request } = socket;
  const isConnecting = socket.role === "connect" && request !== undefined;
  return {
    key: self.people.expectedKey,
    endpoint: isConnecting ? formatTarget(request.target) : undefined,
  };
}

/** Our key, for the line that a friend joins with; undefined where a friend's duet is answered in the clear. */
export function findKeyToHandOver(
  { self, config }: Pick<SendContext, "self" | "config">,
  side: Side,
): string | undefined {
  const { local } = side.socket;
  if (!canSeal(config) || side.isRaw || local === undefined) return undefined;
  const isHere = local.family === "unix" || isLoopback(local);
  if (isHere && config.encrypt !== "require") return undefined;
  return formatKey(getOwnKey(self.keys).publicKey);
}

const nothingFixed: PeerReference = { key: undefined, endpoint: undefined };

/** Recognises the key of a handshake. Returns why the connection must end, if the key is not the expected one. */
export function refuseChangedKey(chat: SendContext, peer: Peer, theirKey: Uint8Array): Sentence | undefined {
  const key = formatKey(theirKey);
  const reference = peer.link.isInbound ? nothingFixed : makeReference(chat, getSide(chat, peer.link));
  const recognised = recogniseKey(chat.self.people.source.readKnown(), reference, key);
  setRecognised(peer.seal, recognised, key);
  if (recognised.is !== "changed") return undefined;
  hold(chat, peer, { endpoint: reference.endpoint, expected: recognised.expected, key });
  return sentence("key-changed-reason");
}

/** Ends a connection in the clear to a peer whose key our person has fixed. False: it is fixed for none. */
export function holdPlain(chat: SendContext, peer: Peer): boolean {
  const { expectedKey } = peer.seal;
  if (expectedKey === undefined) return false;
  const { endpoint } = makeReference(chat, getSide(chat, peer.link));
  hold(chat, peer, { endpoint, expected: expectedKey, key: undefined });
  endFaultyPeer(chat, peer, sentence("plain-held-reason"));
  return true;
}

/** Reports a connection that ends, and keeps what `/trust` accepts. */
function hold(chat: SendContext, peer: Peer, held: HeldPeer): void {
  chat.self.people.held = held;
  const { expected, key } = held;
  const address = peer.link.address;
  const facts = { address, expected: formatFingerprint(expected) };
  const problem =
    key === undefined
      ? sentence("plain-held", facts)
      : sentence("key-changed", { ...facts, key: formatFingerprint(key) });
  const side = getSide(chat, peer.link);
  reportProblem(chat, side, "EKEY", problem, sentence("key-changed-hint", { key }));
}

/** A sealed peer has told its name: it is kept among the known peers, and a namesake of theirs is reported. */
export function meetPeer(chat: SendContext, peer: Peer): void {
  const key = peer.seal.theirKey;
  if (key === undefined) return;
  const name = getName(peer);
  const { endpoint } = peer.link.isInbound ? nothingFixed : makeReference(chat, getSide(chat, peer.link));
  const known = chat.self.people.source.readKnown();
  const namesake = known.has(key) ? undefined : findNamesake(known, name, key);
  if (namesake !== undefined) {
    const fingerprints = { key: formatFingerprint(key), other: formatFingerprint(namesake.key) };
    addPeerNotice(
      chat,
      getSide(chat, peer.link),
      "warning",
      sentence("another-key", { name, ...fingerprints }),
    );
  }
  chat.effects.push({ type: "learn-peer", change: { is: "met", key, name, endpoint, atMs: chat.wallMs } });
}

/** Accepts the connection that was held last. Undefined: there is none. */
export function trustHeld(chat: SendContext): HeldPeer | undefined {
  const { people } = chat.self;
  const { held } = people;
  if (held === undefined) return undefined;
  const { endpoint, key } = held;
  people.held = undefined;
  if (people.expectedKey !== undefined) people.expectedKey = key;
  if (endpoint !== undefined)
    chat.effects.push({ type: "learn-peer", change: { is: "trusted", key, endpoint } });
  return held;
}
