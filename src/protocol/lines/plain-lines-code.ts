/**
 * Lines looked at and put after a start sixteen bytes at a time, which JavaScript has no words for: a third of what its
 * best costs. WebAssembly, compiled when a room is first fast enough to need it. Whose lines they are it does not know.
 */

import {
  add,
  again,
  and64,
  areEqual,
  areEqual64,
  areOther,
  bitsOf,
  byteAt,
  countTrailingZeros,
  get,
  giveBack,
  i32,
  i64,
  isLess,
  isZero,
  lanesEqual,
  lanesLess,
  load128,
  load64,
  loop,
  moduleOf,
  or128,
  set,
  splat,
  store128,
  types,
  when,
} from "./wasm-code.ts";

/** What `run` takes, all addresses of its memory but the length of the start, and its own variables. */
const [startAt, startBytes, from, end, to, lineAt, done, odd, bytes, spaces, deletes] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
] as const;

const newline = 0x0a;
const isNotPlain = -1;
/** It reads and writes so much at once: that many bytes more than are meant must be there, and none of them plain text. */
export const stepBytes = 16;

export interface PlainLinesCode {
  readonly memory: WebAssembly.Memory;
  /**
   * Whole lines from `from` to `end` are copied to `to`, each after the start at `startAt`: where the last one ends there. -1:
   * one of them is empty, begins as others do, or has more in it than U+0020 to U+007E.
   */
  readonly run: (startAt: number, startBytes: number, from: number, end: number, to: number) => number;
}

/** `other`, of at most eight bytes, is how no line may begin. undefined: this processor has not what it takes. */
export function compilePlainLines(other: Uint8Array): PlainLinesCode | undefined {
  try {
    const module = new WebAssembly.Module(moduleOf(5, locals, body(other)));
    return new WebAssembly.Instance(module).exports as unknown as PlainLinesCode;
  } catch {
    return undefined;
  }
}

const locals = [types.i32, types.i32, types.i32, types.v128, types.v128, types.v128];

const move = (local: number, by: readonly number[]) => set(local, add(get(local), by));

const body = (other: Uint8Array) => [
  ...set(spaces, splat(i32(0x20))),
  ...set(deletes, splat(i32(0x7f))),
  ...loop(
    when(beginsAs(other), giveBack(i32(isNotPlain))),
    set(lineAt, get(from)),
    set(done, i32(0)),
    // What is copied too much of the start, the line is written over.
    loop(
      store128(add(get(to), get(done)), load128(add(get(startAt), get(done)))),
      move(done, i32(stepBytes)),
      when(isLess(get(done), get(startBytes)), again(1)),
    ),
    move(to, get(startBytes)),
    loop(
      set(bytes, load128(get(from))),
      store128(get(to), get(bytes)),
      // Bytes that are no ASCII are negative, and so less than a space.
      set(odd, bitsOf(or128(lanesLess(get(bytes), get(spaces)), lanesEqual(get(bytes), get(deletes))))),
      when(isZero(get(odd)), move(from, i32(stepBytes)), move(to, i32(stepBytes)), again(1)),
    ),
    move(to, countTrailingZeros(get(odd))),
    move(from, countTrailingZeros(get(odd))),
    when(areOther(byteAt(get(from)), i32(newline)), giveBack(i32(isNotPlain))),
    when(areEqual(get(from), get(lineAt)), giveBack(i32(isNotPlain))),
    move(to, i32(1)),
    move(from, i32(1)),
    when(isLess(get(from), get(end)), again(1)),
  ),
  ...get(to),
];

function beginsAs(other: Uint8Array) {
  const padded = new Uint8Array(8);
  padded.set(other);
  const mask = (1n << BigInt(8 * other.length)) - 1n;
  const wanted = new DataView(padded.buffer).getBigUint64(0, true);
  return areEqual64(and64(load64(get(from)), i64(BigInt.asIntN(64, mask))), i64(BigInt.asIntN(64, wanted)));
}
