/**
 * The few words of WebAssembly that plain-lines-code.ts is written in (WebAssembly Core 2.0, section 5.4): each is the bytes
 * of an instruction behind those of its operands. It knows no program.
 */

type Code = readonly number[];

type Operand = Code;

/** A local variable, a parameter first. */
export const get = (local: number): Code => [0x20, local];
export const set = (local: number, value: Operand): Code => [...value, 0x21, local];

export const i32 = (value: number): Code => [0x41, ...signed(BigInt(value))];
export const i64 = (value: bigint): Code => [0x42, ...signed(value)];

export const add = (one: Operand, other: Operand): Code => [...one, ...other, 0x6a];
export const isZero = (value: Operand): Code => [...value, 0x45];
export const areEqual = (one: Operand, other: Operand): Code => [...one, ...other, 0x46];
export const areOther = (one: Operand, other: Operand): Code => [...one, ...other, 0x47];
export const isLess = (one: Operand, other: Operand): Code => [...one, ...other, 0x49];
export const countTrailingZeros = (value: Operand): Code => [...value, 0x68];
export const areEqual64 = (one: Operand, other: Operand): Code => [...one, ...other, 0x51];
export const and64 = (one: Operand, other: Operand): Code => [...one, ...other, 0x83];

export const byteAt = (address: Operand): Code => [...address, 0x2d, 0, 0];
/** Eight bytes, the first one the lowest; from any address, as the sixteen. */
export const load64 = (address: Operand): Code => [...address, 0x29, 0, 0];
export const load128 = (address: Operand): Code => [...address, 0xfd, 0x00, 0, 0];
export const store128 = (address: Operand, value: Operand): Code => [...address, ...value, 0xfd, 0x0b, 0, 0];

/** Sixteen times the same byte. */
export const splat = (value: Operand): Code => [...value, 0xfd, 0x0f];
/** Byte by byte, signed: all ones where it is so. */
export const lanesEqual = (one: Operand, other: Operand): Code => [...one, ...other, 0xfd, 0x23];
export const lanesLess = (one: Operand, other: Operand): Code => [...one, ...other, 0xfd, 0x25];
export const or128 = (one: Operand, other: Operand): Code => [...one, ...other, 0xfd, 0x50];
/** A bit for each of sixteen bytes, the first one the lowest. */
export const bitsOf = (lanes: Operand): Code => [...lanes, 0xfd, 0x64];

/** `again(0)` in it begins the innermost loop anew, `again(1)` the one around it; a `when` counts as one too. */
export const loop = (...body: readonly Code[]): Code => [0x03, 0x40, ...body.flat(), 0x0b];
export const when = (condition: Operand, ...body: readonly Code[]): Code => [
  ...condition,
  0x04,
  0x40,
  ...body.flat(),
  0x0b,
];
export const again = (depth: number): Code => [0x0c, depth];
export const giveBack = (value: Operand): Code => [...value, 0x0f];

export const types = { i32: 0x7f, v128: 0x7b } as const;

/** A module of one function, `run`, of i32 to i32, with a memory of its own, `memory`. */
export function moduleOf(parameters: number, locals: readonly number[], body: Code): Uint8Array<ArrayBuffer> {
  const declared = locals.flatMap((type) => [1, type]);
  const code = [...unsigned(locals.length), ...declared, ...body, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, parameters, ...Array<number>(parameters).fill(types.i32), 1, types.i32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...named("run"), 0, 0, ...named("memory"), 2, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}

function named(name: string): Code {
  return [name.length, ...Buffer.from(name)];
}

/** LEB128. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: bigint): Code {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  const isLast = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40);
  return isLast ? [low] : [low | 0x80, ...signed(rest)];
}
