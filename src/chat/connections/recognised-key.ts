/**
 * Compares the key of a peer with our person's references: `--key`, and the keys that were met at the endpoint. Where they
 * disagree, the connection ends before anything is sent or shown, until `/trust`.
 */

import type { HelloFrame } from "../../protocol/frames/frame.ts";
import { readProofFields, readRenewal, toBase64 } from "../../protocol/identity/identity-proof.ts";
import { formatFingerprint, formatKey } from "../../protocol/identity/key-text.ts";
import {
  findExpectedKey,
  findNamesake,
  type PeerReference,
  recogniseKey,
} from "../../protocol/identity/known-peers.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { getName, getSide, type ReportContext, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import type { HeldPeer } from "../records/people.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { reportProblem } from "../report/report.ts";
import { setRecognised, setTheirProof } from "../peer/seal.ts";
import { endFaultyPeer } from "./end-peer.ts";
import { formatTarget } from "./open.ts";

/** The key that the peer of a connecting side must have; undefined: it may be anybody, or sealing is off. */
export function findFixedKey(chat: Pick<SendContext, "self" | "config">, side: Side): string | undefined {
  if (chat.config.encrypt === "off" || side.isRaw) return undefined;
  return findExpectedKey(chat.self.people.source.readKnown(), makeReference(chat, side));
}

/** Our person's references for the peer of a side; only a side that connects has an endpoint that the person chose. */
function makeReference({ self }: Pick<SendContext, "self">, { socket }: Pick<Side, "socket">): PeerReference {
  const { request } = socket;
  const { expectedKey: key, isKeyTrusted: isTrusted } = self.people;
  if (socket.role !== "connect" || request?.role !== "connect")
    return { key, isTrusted, endpoint: undefined };
  return { key, isTrusted, endpoint: formatTarget(request.target), listed: request.listed?.key };
}

/** The endpoint that our person typed; one of the local network's list has a new owner with each lease. */
function findTypedEndpoint({ socket }: Pick<Side, "socket">): string | undefined {
  const { request } = socket;
  if (socket.role !== "connect" || request?.role !== "connect" || request.listed !== undefined)
    return undefined;
  return formatTarget(request.target);
}

const nothingFixed: PeerReference = { key: undefined, endpoint: undefined };

/**
 * Recognises the key of a handshake, with the payload that came with it. Returns why the connection must end, if the key is
 * not the expected one.
 */
export function refuseChangedKey(
  chat: SendContext,
  peer: Peer,
  theirKey: Uint8Array,
  payload: Uint8Array,
): Sentence | undefined {
  setTheirProof(peer.seal, readRenewal(theirKey, payload));
  return recogniseProven(chat, peer, theirKey);
}

/** The first hello of a session: its signatures are checked. Returns why the connection must end, if it must. */
export function refuseWrongProof(chat: SendContext, peer: Peer, hello: HelloFrame): Sentence | undefined {
  const { theirStatic, theirProof } = peer.seal;
  if (theirStatic === undefined) return undefined;
  const proof = readProofFields(theirStatic, hello);
  if (proof === "wrong") return sentence("wrong-signature");
  if (proof === "absent") return undefined;
  const isRenewalNew = proof.renewal !== undefined && theirProof?.renewal === undefined;
  setTheirProof(peer.seal, proof);
  return isRenewalNew ? recogniseProven(chat, peer, theirStatic) : undefined;
}

function recogniseProven(chat: SendContext, peer: Peer, theirKey: Uint8Array): Sentence | undefined {
  const key = formatKey(theirKey);
  const fixed = peer.link.isInbound ? nothingFixed : makeReference(chat, getSide(chat, peer.link));
  // A conversation does not go on with somebody else, also where no key is kept.
  const reference = { ...fixed, session: peer.seal.isRestarting ? peer.seal.theirKey : undefined };
  const earlier = peer.seal.theirProof?.renewal?.earlier;
  const known = chat.self.people.source.readKnown();
  const recognised = recogniseKey(known, reference, key, earlier && toBase64(earlier));
  setRecognised(peer.seal, recognised, key);
  if (recognised.is !== "changed") return undefined;
  hold(chat, peer, { ...describeHeld(peer, reference), expected: recognised.expected, key });
  return sentence(recognised.by === "listed" ? "listed-key-reason" : "key-changed-reason");
}

/** Ends a connection in the clear to a peer whose key our person has fixed. False: it is fixed for none. */
export function holdPlain(chat: SendContext, peer: Peer): boolean {
  const { expectedKey } = peer.seal;
  if (expectedKey === undefined) return false;
  const held = describeHeld(peer, makeReference(chat, getSide(chat, peer.link)));
  hold(chat, peer, { ...held, expected: expectedKey, key: undefined });
  endFaultyPeer(chat, peer, sentence(held.isListed ? "listed-key-reason" : "plain-held-reason"));
  return true;
}

function describeHeld(
  { link: { transport } }: Pick<Peer, "link">,
  { endpoint, listed }: PeerReference,
): Pick<HeldPeer, "transport" | "endpoint" | "isListed"> {
  return listed === undefined
    ? { transport, endpoint, isListed: false }
    : { transport, endpoint: undefined, isListed: true };
}

/** True while a side is closed since the key of its peer had changed, and our person has not accepted that. */
export function isKeyChanged(
  { self }: Pick<SendContext, "self">,
  { transport, socket }: Pick<Side, "transport" | "socket">,
): boolean {
  const { held } = self.people;
  if (held?.key === undefined || held.endpoint === undefined || socket.isOpen) return false;
  const { request } = socket;
  return (
    held.transport === transport && request !== undefined && formatTarget(request.target) === held.endpoint
  );
}

/** Reports a connection that ends, and keeps what `/trust` accepts. */
function hold(chat: SendContext, peer: Peer, held: HeldPeer): void {
  chat.self.people.held = held;
  const side = getSide(chat, peer.link);
  const hint = held.isListed ? sentence("listed-key-hint") : sentence("key-changed-hint", { key: held.key });
  reportProblem(chat, side, "EKEY", explainHeld(chat, peer.link.address, held), hint);
}

function explainHeld(
  { self }: Pick<SendContext, "self">,
  address: string,
  { expected, key, isListed }: HeldPeer,
): Sentence {
  const facts = { address, expected: formatFingerprint(expected) };
  const fingerprint = key && formatFingerprint(key);
  if (isListed) {
    const name = self.people.source.readKnown().get(expected)?.names.at(-1) ?? "";
    return sentence("listed-key-differs", { ...facts, name, key: fingerprint });
  }
  return fingerprint === undefined
    ? sentence("plain-held", facts)
    : sentence("key-changed", { ...facts, key: fingerprint });
}

/** A sealed peer has told its name: it is kept among the known peers, and a namesake of theirs is reported. */
export function meetPeer(chat: SendContext, peer: Peer): void {
  const { theirKey: key, theirProof, recognised } = peer.seal;
  if (key === undefined || recognised === undefined) return;
  const signing = theirProof && toBase64(theirProof.signing);
  const name = getName(peer);
  const from = recognised.is === "changed" ? undefined : recognised.replaces;
  if (from !== undefined && signing !== undefined) takeOverPlace(chat, peer, { key, signing, from });
  const endpoint = peer.link.isInbound ? undefined : findTypedEndpoint(getSide(chat, peer.link));
  if (from === undefined) reportNamesake(chat, peer, { name, key });
  chat.effects.push({
    type: "learn-peer",
    change: { is: "met", key, signing, name, endpoint, atMs: chat.wallMs },
  });
}

/** Reports a member, of the peer's room or the peer itself, with the name of a known person and another key. */
export function reportNamesake(
  chat: ReportContext & Pick<SendContext, "self">,
  { link }: Pick<Peer, "link">,
  { name, key }: { readonly name: string; readonly key: string },
): void {
  const namesake = findNamesake(chat.self.people.source.readKnown(), name, key);
  if (namesake === undefined) return;
  const fingerprints = { key: formatFingerprint(key), other: formatFingerprint(namesake.key) };
  addPeerNotice(chat, getSide(chat, link), "warning", sentence("another-key", { name, ...fingerprints }));
}

/** A known identity was renewed: its new key has the place of the one before, and our person is told. */
function takeOverPlace(
  chat: SendContext,
  peer: Peer,
  renewed: { readonly key: string; readonly signing: string; readonly from: string },
): void {
  const { people } = chat.self;
  const { key, from } = renewed;
  const name = people.source.readKnown().get(from)?.names.at(-1) ?? getName(peer);
  const facts = { name, key: formatFingerprint(key), from: formatFingerprint(from) };
  addPeerNotice(chat, getSide(chat, peer.link), "info", sentence("key-renewed", facts));
  chat.effects.push({ type: "learn-peer", change: { is: "renewed", ...renewed } });
}

/** Accepts the connection that was held last. Undefined: there is none. */
export function trustHeld(chat: SendContext): HeldPeer | undefined {
  const { people } = chat.self;
  const { held } = people;
  if (held === undefined) return undefined;
  const { endpoint, key, isListed } = held;
  people.held = undefined;
  if (people.expectedKey !== undefined && !isListed) {
    people.expectedKey = key;
    people.isKeyTrusted = true;
  }
  if (endpoint !== undefined)
    chat.effects.push({ type: "learn-peer", change: { is: "trusted", key, endpoint, atMs: chat.wallMs } });
  return held;
}
