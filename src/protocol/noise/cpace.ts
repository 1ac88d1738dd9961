/**
 * CPace (draft-irtf-cfrg-cpace, CPACE-RISTR255-SHA512, initiator and responder): two sides that know one password agree on a
 * key, and who does not know it learns nothing from one run but whether one guess was right.
 */

type Curves = typeof import("@noble/curves/ed25519.js");
type Point = InstanceType<Curves["ristretto255"]["Point"]>;

const protocolName = "CPaceRistretto255";
/** The input block of SHA-512. */
const hashBlockBytes = 128;
/** Enough random bytes for a scalar without a bias. */
export const scalarSeedBytes = 64;

/** The inputs that both sides know. `channel`: who talks to whom. `session`: unique among all runs. */
export interface PasswordContext {
  readonly password: Uint8Array;
  readonly channel: Uint8Array;
  readonly session: Uint8Array;
}

/** One side's secret of a run, and its public share. */
export interface PasswordShare {
  readonly scalar: bigint;
  readonly share: Uint8Array;
}

let loaded: Curves | undefined;

/** Loaded at the first use: most rooms have no password. */
function loadCurves(): Curves {
  return (loaded ??= require("@noble/curves/ed25519.js") as Curves);
}

/** A share of one side. `seed`: scalarSeedBytes random bytes. */
export function makeShare(context: PasswordContext, seed: Uint8Array): PasswordShare {
  return shareOf(context, reduce(seed));
}

/** The share of a given secret scalar. */
export function shareOf(context: PasswordContext, scalar: bigint): PasswordShare {
  return { scalar, share: computeGenerator(context).multiply(scalar).toBytes() };
}

/**
 * The key (ISK, 64 bytes) from our scalar and both shares, of which `theirs` is the other side's. `undefined`: their share
 * is no valid point, or the neutral element.
 */
export function computePasswordKey(
  { session }: Pick<PasswordContext, "session">,
  scalar: bigint,
  theirs: Uint8Array,
  shares: { readonly initiator: Uint8Array; readonly responder: Uint8Array },
  data: { readonly initiator: Uint8Array; readonly responder: Uint8Array } = noData,
): Uint8Array | undefined {
  const shared = multiply(theirs, scalar);
  if (shared === undefined) return undefined;
  const input = [
    joinWithLengths([Buffer.from(`${protocolName}_ISK`), session, shared]),
    joinWithLengths([shares.initiator, data.initiator]),
    joinWithLengths([shares.responder, data.responder]),
  ];
  return new Bun.CryptoHasher("sha512").update(Buffer.concat(input)).digest();
}

const noData = { initiator: new Uint8Array(0), responder: new Uint8Array(0) } as const;

/** The generator of a run, as a point that nobody knows the logarithm of. */
export function computeGenerator({ password, channel, session }: PasswordContext): Point {
  const name = Buffer.from(protocolName);
  const padding = hashBlockBytes - 1 - withLength(password).length - withLength(name).length;
  const zeros = new Uint8Array(Math.max(0, padding));
  const text = joinWithLengths([name, password, zeros, channel, session]);
  const hash = new Bun.CryptoHasher("sha512").update(text).digest();
  const derive = loadCurves().ristretto255_hasher.deriveToCurve;
  if (derive === undefined) throw new Error("@noble/curves has no map to ristretto255");
  return derive(hash);
}

/** The point times the scalar; undefined for bytes that are no point, and for the neutral element as a result. */
export function multiply(point: Uint8Array, scalar: bigint): Uint8Array | undefined {
  const { Point } = loadCurves().ristretto255;
  try {
    const shared = Point.fromBytes(point).multiply(scalar);
    return shared.equals(Point.ZERO) ? undefined : shared.toBytes();
  } catch {
    return undefined;
  }
}

/** A scalar other than 0 from random bytes. */
function reduce(seed: Uint8Array): bigint {
  const order = loadCurves().ristretto255.Point.Fn.ORDER;
  return 1n + (BigInt(`0x${Buffer.from(seed).toString("hex")}`) % (order - 1n));
}

/** Parts, each behind its length. */
function joinWithLengths(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts.map(withLength));
}

/** A part behind its length in LEB128. */
function withLength(part: Uint8Array): Uint8Array {
  const length: number[] = [];
  let rest = part.length;
  for (; rest >= 0x80; rest >>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Uint8Array.from([...length, rest]), part]);
}
