/** Reads the fields of duet/1 frames. They are untrusted, so each is checked for type and size. */

import {
  type ComparisonStep,
  comparisonEnds,
  type Frame,
  type FrameOrder,
  type HelloFrame,
  type Member,
  type NumberRange,
} from "./frame.ts";
import { ackDelayMs, ackRangesMax, transmissionNumberMax, messageMaxBytes } from "../limits.ts";

type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The number and transmission of a numbered frame over UDP; undefined for any other. */
export function readOrder(fields: Fields): FrameOrder | undefined {
  const number = readCount(fields["n"]);
  if (number === undefined || number === 0) return undefined;
  return { number, transmission: Math.min(transmissionNumberMax, Math.max(1, readCount(fields["t"]) ?? 1)) };
}

/** The reader of each type of frame. */
const readers: Readonly<Record<Frame["type"], (fields: Fields) => Frame | "unknown" | undefined>> = {
  hello: readHello,
  welcome: readWelcome,
  joined: readJoined,
  left: readLeft,
  renamed: readRenamed,
  message: readMessage,
  undelivered: readUndelivered,
  receipt: readReceipt,
  ack: readAck,
  skip: readSkip,
  ping: readPing,
  pong: readPong,
  rekey: readRekey,
  verify: readVerify,
  slowed: (fields) => ({ type: "slowed", reason: readReason(fields) }),
  goodbye: (fields) => ({ type: "goodbye", reason: readReason(fields) }),
};

/** Reads the fields of one frame; undefined if one is missing or invalid. */
export function readFrame(type: string, fields: Fields): Frame | "unknown" | undefined {
  return isFrameType(type) ? readers[type](fields) : "unknown";
}

function isFrameType(type: string): type is Frame["type"] {
  return Object.hasOwn(readers, type);
}

function readHello(fields: Fields): Frame | undefined {
  const name = readText(fields["name"], 500);
  const session = readShortText(fields["session"]);
  const key = readShortText(fields["key"]);
  if (name === undefined || session === undefined || key === undefined) return undefined;
  const member = readCount(fields["member"]);
  const frames = readCount(fields["frames"]);
  return {
    type: "hello",
    name,
    session,
    key,
    ...(fields["delivery"] === 1 ? { delivery: 1 } : {}),
    ...(frames === undefined ? {} : { frames }),
    ...(member === undefined ? {} : { member }),
    ...(isEpoch(fields["epoch"]) ? { epoch: fields["epoch"] } : {}),
    ...(fields["seal"] === 1 && /^[0-9a-f]{24}$/.test(session) && /^[0-9a-f]{16}$/.test(key)
      ? { seal: 1, ...(fields["password"] === 1 ? { password: 1 } : {}) }
      : {}),
    ...readSignatures(fields),
  };
}

/** A field that is too long stays too long, so that it counts as wrong, and not as absent. */
function readSignatures(fields: Fields): SignatureFields {
  const found: { -readonly [Name in keyof SignatureFields]: string } = {};
  for (const name of signatureFields) {
    const value = fields[name];
    if (typeof value === "string") found[name] = value.slice(0, signatureTextMax + 1);
  }
  return found;
}

type SignatureFields = Pick<HelloFrame, (typeof signatureFields)[number]>;
const signatureFields = ["signing", "bound", "earlier", "renewed"] as const;
/** Base64 of a signature of 64 bytes. */
const signatureTextMax = 88;

function readWelcome(fields: Fields): Frame | undefined {
  const you = readCount(fields["you"]);
  const key = readShortText(fields["key"]);
  const list = fields["members"];
  if (you === undefined || key === undefined || !Array.isArray(list)) return undefined;
  const members: Member[] = [];
  for (const item of list) {
    const member = isFields(item) ? readMember(item) : undefined;
    if (member === undefined) return undefined;
    members.push(member);
  }
  const rest = readCount(fields["rest"]);
  return { type: "welcome", you, key, members, ...(rest === undefined ? {} : { rest }) };
}

function readMember(fields: Fields): Member | undefined {
  const number = readCount(fields["number"]);
  const name = readText(fields["name"], 500);
  const address = readText(fields["address"], 200);
  if (number === undefined || name === undefined) return undefined;
  const { identity, epoch } = fields;
  return {
    number,
    name,
    ...(address === undefined ? {} : { address }),
    ...(isKeyText(identity) && isEpoch(epoch) ? { identity, epoch } : {}),
  };
}

/** The form of a key; its check character is compared where it is used. */
function isKeyText(value: unknown): value is string {
  return typeof value === "string" && /^[a-z2-7]{52}$/i.test(value);
}

function isEpoch(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{32}$/.test(value);
}

function readJoined(fields: Fields): Frame | undefined {
  const member = readMember(fields);
  return member === undefined ? undefined : { type: "joined", ...member };
}

function readLeft(fields: Fields): Frame | undefined {
  const number = readCount(fields["number"]);
  return number === undefined ? undefined : { type: "left", number, reason: readReason(fields) };
}

function readRenamed(fields: Fields): Frame | undefined {
  const name = readText(fields["name"], 500);
  const number = readCount(fields["number"]);
  if (name === undefined) return undefined;
  return number === undefined ? { type: "renamed", name } : { type: "renamed", number, name };
}

function readMessage(fields: Fields): Frame | undefined {
  const id = readCount(fields["id"]);
  const message = readText(fields["text"], messageMaxBytes);
  if (id === undefined || message === undefined) return undefined;
  const part = readCount(fields["part"]);
  const parts = readCount(fields["parts"]);
  if ((part === undefined) !== (parts === undefined)) return undefined;
  if (part !== undefined && parts !== undefined && (part < 1 || part > parts)) return undefined;
  const from = readCount(fields["from"]);
  const to = readCount(fields["to"]);
  const again = readCount(fields["again"]);
  const sealed = fields["sealed"] === undefined ? undefined : readText(fields["sealed"], messageMaxBytes);
  // A sealed line is for one member, and has nothing in the clear.
  const isMisplaced = to === undefined || message !== "";
  if (fields["sealed"] !== undefined && (sealed === undefined || isMisplaced)) return undefined;
  return {
    type: "message",
    id,
    text: message,
    ...(sealed === undefined ? {} : { sealed }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(fields["action"] === true ? { action: true } : {}),
    ...(again === undefined ? {} : { again }),
    ...(part === undefined || parts === undefined ? {} : { part, parts }),
  };
}

function readUndelivered(fields: Fields): Frame | undefined {
  const id = readCount(fields["id"]);
  const to = readCount(fields["to"]);
  if (id === undefined || to === undefined) return undefined;
  return { type: "undelivered", id, to, reason: readReason(fields) };
}

function readReceipt(fields: Fields): Frame | undefined {
  const { stage } = fields;
  const first = readCount(fields["first"]);
  const last = readCount(fields["last"]);
  if ((stage !== "received" && stage !== "read") || first === undefined || last === undefined)
    return undefined;
  const from = readCount(fields["from"]);
  return { type: "receipt", stage, first, last, ...(from === undefined ? {} : { from }) };
}

function readAck(fields: Fields): Frame | undefined {
  const upTo = readCount(fields["upTo"]);
  const delayMs = Math.min(ackDelayMs, readCount(fields["delayMs"]) ?? 0);
  const list: unknown = fields["also"];
  if (upTo === undefined) return undefined;
  const busy = fields["busy"] === true ? ({ busy: true } as const) : {};
  if (list === undefined) return { type: "ack", upTo, delayMs, ...busy };
  if (!Array.isArray(list) || list.length > ackRangesMax) return undefined;
  const also: NumberRange[] = [];
  for (const pair of list) {
    const [first, last] = Array.isArray(pair) ? [readCount(pair[0]), readCount(pair[1])] : [];
    if (first === undefined || last === undefined) return undefined;
    also.push([first, last]);
  }
  return { type: "ack", upTo, also, delayMs, ...busy };
}

function readSkip(fields: Fields): Frame | undefined {
  const upTo = readCount(fields["upTo"]);
  return upTo === undefined ? undefined : { type: "skip", upTo };
}

function readPing(fields: Fields): Frame | undefined {
  const number = readCount(fields["number"]);
  if (number === undefined) return undefined;
  const at = readShortText(fields["at"]);
  const proof = readShortText(fields["proof"]);
  return { type: "ping", number, ...(at === undefined || proof === undefined ? {} : { at, proof }) };
}

function readPong(fields: Fields): Frame | undefined {
  const number = readCount(fields["number"]);
  return number === undefined ? undefined : { type: "pong", number };
}

function readRekey({ step, noise }: Fields): Frame | undefined {
  if ((step !== 1 && step !== 2 && step !== 3) || typeof noise !== "string") return undefined;
  return noise.length <= rekeyNoiseMax ? { type: "rekey", step, noise } : undefined;
}

/** A step of a later release is unknown, and not malformed. */
function readVerify(fields: Fields): Frame | "unknown" | undefined {
  const { step: name } = fields;
  if (typeof name !== "string") return undefined;
  if (!isStep(name)) return "unknown";
  const step = stepReaders[name](fields);
  if (step === undefined) return undefined;
  const to = readCount(fields["to"]);
  const from = readCount(fields["from"]);
  return {
    type: "verify",
    ...step,
    ...(to === undefined ? {} : { to }),
    ...(from === undefined ? {} : { from }),
  };
}

/** The reader of each step of a comparison. */
const stepReaders: Readonly<Record<ComparisonStep["step"], (fields: Fields) => ComparisonStep | undefined>> =
  {
    commit: ({ of, value }) =>
      isHex(value, 64) && of === value.slice(0, 16) ? { step: "commit", of, value } : undefined,
    number: ({ of, value }) =>
      isHex(of, 16) && isHex(value, 32) ? { step: "number", of, value } : undefined,
    reveal: ({ of, value }) =>
      isHex(of, 16) && isHex(value, 32) ? { step: "reveal", of, value } : undefined,
    same: ({ of }) => (isHex(of, 16) ? { step: "same", of } : undefined),
    end: ({ of, why }) =>
      isHex(of, 16) && typeof why === "string"
        ? { step: "end", of, why: comparisonEnds.find((one) => one === why) ?? "cancelled" }
        : undefined,
  };

function isStep(step: string): step is ComparisonStep["step"] {
  return Object.hasOwn(stepReaders, step);
}

function isHex(value: unknown, digits: number): value is string {
  return typeof value === "string" && value.length === digits && /^[0-9a-f]+$/.test(value);
}

/** A message of the handshake in base64. */
const rekeyNoiseMax = 200;

function readReason(fields: Fields): string {
  return readText(fields["reason"], 500) ?? "";
}

function readCount(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function readText(value: unknown, maxUnits: number): string | undefined {
  return typeof value === "string" && value.length <= maxUnits ? value : undefined;
}

/** Reads a key or session token: 1 to 64 UTF-16 units. */
export function readShortText(value: unknown): string | undefined {
  return typeof value === "string" && value.length > 0 && value.length <= 64 ? value : undefined;
}
