/** The worked transcripts of SEALED.md, recomputed: the text and the program say the same. */

import { expect, test } from "bun:test";
import { join } from "node:path";
import { makeIdentity, proveIdentity, renewIdentity } from "../../src/protocol/identity/identity.ts";
import {
  encodeRenewal,
  readProofFields,
  readRenewal,
  toProofFields,
} from "../../src/protocol/identity/identity-proof.ts";
import { NoiseHandshake } from "../../src/protocol/noise/handshake.ts";
import { computeGenerator, computePasswordKey } from "../../src/protocol/noise/cpace.ts";
import { beginPasswordRun, derivePsk } from "../../src/protocol/sealed/room-password.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import { DatagramSession } from "../../src/protocol/sealed/datagram-session.ts";
import {
  encodeFirst,
  encodeSecond,
  encodeStreamRecord,
  encodeThird,
  makePrologue,
  makeRenewalPrologue,
  recordTypes,
} from "../../src/protocol/sealed/records.ts";
import { StreamSession } from "../../src/protocol/sealed/stream-session.ts";

const document = await Bun.file(join(import.meta.dir, "../../src/protocol/SEALED.md")).text();
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const keyOf = (byte: number) => makeKeyPair(new Uint8Array(32).fill(byte));
const [clientKey, clientEphemeral, hostKey, hostEphemeral] = [
  keyOf(0x11),
  keyOf(0x22),
  keyOf(0x33),
  keyOf(0x44),
];
const empty = new Uint8Array(0);

interface Block {
  readonly by: string;
  readonly hex: string;
}

/** A section's blocks of hexadecimal, whole, with the side that sent each; and its lines of duet/1. */
function readSection(number: number) {
  const [, section = ""] = document.split(`\n## ${number}. `);
  const [body = ""] = section.split("\n## ");
  const blocks: Block[] = [];
  for (const line of body.split("\n")) {
    const [, by, hex] = /^ {4}(?:(\w): | {3})?([0-9a-f]{6,})$/.exec(line) ?? [];
    if (hex === undefined) continue;
    const isContinued = by === undefined && /^ {7}/.test(line);
    const last = isContinued ? blocks.pop() : undefined;
    blocks.push({ by: by ?? last?.by ?? "", hex: (last?.hex ?? "") + hex });
  }
  const lines = [...body.matchAll(/^ {4}(?:[CH]: )?(duet\/1 \{.*\})$/gm)].map(([, line = ""]) => line);
  return { blocks, lines };
}

function shake(prologue: Uint8Array, [clientKeys, hostKeys] = [clientEphemeral, hostEphemeral]) {
  const base = { pattern: "XX", prologue } as const;
  const client = new NoiseHandshake({
    ...base,
    isInitiator: true,
    ours: clientKey,
    ephemeral: clientKeys,
  });
  const host = new NoiseHandshake({ ...base, isInitiator: false, ours: hostKey, ephemeral: hostKeys });
  const first = client.write(empty)!;
  host.read(first);
  const second = host.write(empty)!;
  client.read(second);
  const third = client.write(empty)!;
  host.read(third);
  return { messages: [first, second, third] as const, client: client.finish()!, host: host.finish()! };
}

test("section 16: hellos, prologue, messages, keys and records over TCP", () => {
  const { blocks, lines } = readSection(16);
  const [clientOffer = "", hostOffer = "", ...plains] = lines;
  const prologue = makePrologue(clientOffer, hostOffer);
  expect(prologue).toHaveLength(229);
  const { messages, client, host } = shake(prologue);
  const keys = [client.handshakeHash, new Uint8Array(client.sendKey), new Uint8Array(client.receiveKey)];
  const [hello, hostHello, welcome, message] = plains.map((line) => `${line}\n`) as [
    string,
    string,
    string,
    string,
  ];
  const [fromClient, fromHost] = [new StreamSession(client), new StreamSession(host)];
  const [one, two, three] = messages;
  expect(blocks.filter(({ by }) => by !== "")).toEqual([
    { by: "C", hex: toHex(encodeStreamRecord(recordTypes.first, one)) },
    { by: "H", hex: toHex(encodeStreamRecord(recordTypes.second, two)) },
    { by: "C", hex: toHex(encodeStreamRecord(recordTypes.third, three)) },
    { by: "C", hex: toHex(fromClient.seal(Buffer.from(hello))) },
    { by: "H", hex: toHex(fromHost.seal(Buffer.from(hostHello + welcome))) },
    { by: "C", hex: toHex(fromClient.seal(Buffer.from(message))) },
    { by: "C", hex: toHex(fromClient.sealEnd()) },
  ]);
  const others = blocks.filter(({ by }) => by === "").map(({ hex }) => hex);
  expect(others.join("")).toBe(toHex(prologue) + keys.map(toHex).join(""));
  for (const { publicKey } of [clientKey, clientEphemeral, hostKey, hostEphemeral])
    expect(document).toContain(toHex(publicKey));
});

test("section 17: the padded offer, the handshake and the records over UDP", () => {
  const { blocks, lines } = readSection(17);
  const [short = "", hostOffer = "", ...plains] = lines;
  const clientOffer = short.replace("---…", "-".repeat(1074));
  expect(clientOffer).toHaveLength(1200);
  const prologue = makePrologue(clientOffer, hostOffer);
  const { messages, client, host } = shake(prologue);
  const indices = { ours: 0xc0c0_c0c0, theirs: 0xa0a0_a0a0 };
  const back = { ours: indices.theirs, theirs: indices.ours };
  const { handshakeHash } = client;
  const [fromClient, fromHost] = [new DatagramSession(client, indices), new DatagramSession(host, back)];
  const [hello, hostHello, welcome] = plains.map((line) => Buffer.from(line)) as [Buffer, Buffer, Buffer];
  expect(blocks).toEqual([
    { by: "", hex: new Bun.CryptoHasher("sha256").update(prologue).digest("hex") },
    { by: "C", hex: toHex(encodeFirst(indices.ours, "8899aabbccddeeff", messages[0])) },
    { by: "H", hex: toHex(encodeSecond(back, messages[1])) },
    { by: "C", hex: toHex(encodeThird(indices, messages[2])) },
    { by: "h", hex: toHex(handshakeHash) },
    { by: "C", hex: toHex(fromClient.seal(hello)) },
    { by: "H", hex: toHex(fromHost.seal(hostHello)) },
    { by: "H", hex: toHex(fromHost.seal(welcome)) },
  ]);
});

test("section 8: the frames and keys of new keys", () => {
  const { blocks, lines } = readSection(8);
  const session = readSection(16).blocks.filter(({ by }) => by === "");
  const before = Buffer.from(session.at(-3)?.hex ?? "", "hex");
  const prologue = makeRenewalPrologue(before);
  const { messages, client } = shake(prologue, [keyOf(0x55), keyOf(0x66)]);
  const frames = messages.map((message, index) => {
    const noise = Buffer.from(message).toString("base64");
    return `duet/1 ${JSON.stringify({ type: "rekey", step: index + 1, noise })}`;
  });
  expect(lines).toEqual(frames);
  const { handshakeHash, sendKey, receiveKey } = client;
  expect(blocks.map(({ hex }) => hex)).toEqual([handshakeHash, sendKey, receiveKey].map(toHex));
});

test("section 13: the private line", () => {
  const { blocks } = readSection(13);
  const prologue = Buffer.from("duet/1 private\0" + "00112233445566778899aabbccddeeff");
  const base = { pattern: "X", prologue } as const;
  const sender = new NoiseHandshake({
    ...{ ...base, isInitiator: true, ours: clientKey, ephemeral: clientEphemeral, theirs: hostKey.publicKey },
  });
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(1_795_968_409_660n);
  const payload = Buffer.concat([time, Buffer.alloc(16, 0x55), Buffer.of(0), Buffer.from("psst")]);
  const sealed = sender.write(payload)!;
  expect(blocks.map(({ hex }) => hex).join("")).toBe(toHex(sealed));
  const receiver = new NoiseHandshake({ ...base, isInitiator: false, ours: hostKey, ephemeral: undefined });
  expect(Buffer.from(receiver.read(sealed)!)).toEqual(payload);
});

test("section 12: the fields of a hello before and after a renewal, and the payload of the handshake", () => {
  const { blocks } = readSection(12);
  const [, section = ""] = document.split("\n## 12. ");
  const fields = [...section.matchAll(/^ {4}(\{"signing":.*\})$/gm)].map(([, line = ""]) => line);
  const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
  const first = makeIdentity(fill(0x33), fill(0x34));
  const renewed = renewIdentity(first, fill(0x35), fill(0x36));
  const proofs = [first, renewed].map(proveIdentity);
  expect(fields).toEqual(proofs.map((proof) => JSON.stringify(toProofFields(proof))));
  const payload = proofs.map(encodeRenewal);
  expect(payload[0]).toHaveLength(0);
  expect(payload[1]).toHaveLength(192);
  expect(blocks.map(({ hex }) => hex).join("")).toBe(toHex(payload[1]!));
  const key = keyOf(0x35).publicKey;
  expect(readProofFields(key, JSON.parse(fields[1]!))).toEqual(proofs[1]!);
  expect(readRenewal(key, payload[1]!)).toEqual(proofs[1]);
  for (let at = 0; at < payload[1]!.length; at += 1) {
    const wrong = new Uint8Array(payload[1]!);
    wrong[at]! ^= 1;
    expect(readRenewal(key, wrong)).toBeUndefined();
  }
  expect(readRenewal(keyOf(0x33).publicKey, payload[1]!)).toBeUndefined();
  expect(readRenewal(key, payload[1]!.subarray(1))).toBeUndefined();
});

test("section 14: a room with a password, from the offers to the keys", () => {
  const {
    blocks,
    lines: [hostOffer = ""],
  } = readSection(14);
  const [clientOffer = ""] = readSection(16).lines;
  const prologue = makePrologue(clientOffer, hostOffer);
  expect(prologue).toHaveLength(242);
  const password = "open sesame";
  const client = beginPasswordRun(password, prologue, new Uint8Array(64).fill(0x66));
  const host = beginPasswordRun(password, prologue, new Uint8Array(64).fill(0x88));
  const shares = { initiator: client.share, responder: host.share };
  const key = computePasswordKey(client, client.scalar, host.share, shares)!;
  const psk = derivePsk(client, host.share, true)!;
  const room = { password: Buffer.from(password), channel: Buffer.from("duet/1 room\0") };
  const generator = computeGenerator({ ...room, session: client.session }).toBytes();
  const littleEndian = (scalar: bigint): Uint8Array =>
    Buffer.from(scalar.toString(16).padStart(64, "0"), "hex").reverse();
  const values = [
    ...[client.session, littleEndian(client.scalar), littleEndian(host.scalar), generator],
    ...[client.share, host.share, key, psk],
  ].map(toHex);
  const python = Bun.spawnSync([
    ...["/usr/bin/python3", join(import.meta.dir, "../support/cpace.py"), password, toHex(prologue)],
    ...values.slice(1, 3),
  ]);
  const [sid, , , ...rest] = values;
  expect(python.stdout.toString().trim().split("\n")).toEqual([sid!, ...rest]);
  const base = { pattern: "XXpsk3", prologue } as const;
  const ofClient = new NoiseHandshake({
    ...{ ...base, isInitiator: true, ours: clientKey, ephemeral: clientEphemeral },
  });
  const ofHost = new NoiseHandshake({
    ...{ ...base, isInitiator: false, ours: hostKey, ephemeral: hostEphemeral },
  });
  const first = ofClient.write(client.share)!;
  const received = ofHost.read(first)!;
  ofHost.setPsk(derivePsk(host, received, false)!);
  const second = ofHost.write(host.share)!;
  ofClient.setPsk(derivePsk(client, ofClient.read(second)!, true)!);
  const third = ofClient.write(empty)!;
  expect(ofHost.read(third)).toEqual(empty);
  expect([first, second, third].map(({ length }) => length)).toEqual([80, 128, 64]);
  const records = [
    encodeStreamRecord(recordTypes.first, first),
    encodeStreamRecord(recordTypes.second, second),
    encodeStreamRecord(recordTypes.third, third),
  ].map(toHex);
  const { handshakeHash, sendKey, receiveKey } = ofClient.finish()!;
  const all = [...values, ...records, ...[handshakeHash, sendKey, receiveKey].map(toHex)];
  expect(blocks.map(({ hex }) => hex)).toEqual(all);
});
