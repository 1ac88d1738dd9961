/**
 * Counts the work of a function in steps, not in seconds: each call of a built-in is one step, and one more for each unit
 * of text, byte or item that it reads or writes; each item that a loop, a spread or a destructuring takes of a collection
 * is one, too. The count is the same on every machine.
 */

type Call = { readonly self: unknown; readonly args: readonly unknown[]; readonly result: unknown };
/** The units that a call reads or writes. */
type Cost = (call: Call) => number;

const whole: Cost = ({ self, args }) =>
  sizeOf(self) + args.reduce((sum: number, one) => sum + sizeOf(one), 0);
const written: Cost = ({ result }) => sizeOf(result);
const argument: Cost = ({ args }) => sizeOf(args[0]);
/** A comparison of beginnings or ends, as long as the shorter text. */
const compared: Cost = ({ self, args }) => Math.min(sizeOf(self), sizeOf(args[0]));
const both: Cost = (call) => whole(call) + written(call);
/** A search from a position (the second argument) to what it finds, or to the end. */
const searched: Cost = ({ self, args, result }) => {
  const from = typeof args[1] === "number" ? args[1] : 0;
  const found = typeof result === "number" && result >= 0 ? result : sizeOf(self);
  return Math.abs(found - from) + sizeOf(args[0]);
};
const searchedBackwards: Cost = ({ self, args, result }) => {
  const from = typeof args[1] === "number" ? Math.min(args[1], sizeOf(self)) : sizeOf(self);
  return from - (typeof result === "number" ? Math.max(0, result) : 0) + sizeOf(args[0]);
};

const counted: readonly (readonly [owner: object, cost: Cost, names: readonly string[]])[] = [
  [String.prototype, written, ["slice", "substring", "trim", "trimEnd", "trimStart", "padEnd", "padStart"]],
  [String.prototype, compared, ["startsWith", "endsWith"]],
  [String.prototype, searched, ["indexOf", "includes"]],
  [String.prototype, searchedBackwards, ["lastIndexOf"]],
  [String.prototype, both, ["split", "replace", "replaceAll", "normalize", "toLowerCase", "toUpperCase"]],
  [Array.prototype, whole, ["join", "concat", "indexOf", "includes", "find", "findIndex", "findLastIndex"]],
  [Array.prototype, whole, ["toSorted", "map", "filter", "flatMap", "splice", "reverse", "sort", "flat"]],
  [Array.prototype, whole, ["some", "every", "forEach", "reduce", "findLast", "lastIndexOf", "toReversed"]],
  [Array, written, ["from"]],
  [Array.prototype, written, ["slice"]],
  [Uint8Array.prototype, written, ["slice"]],
  [Uint8Array.prototype, argument, ["set"]],
  [Uint8Array.prototype, searched, ["indexOf", "includes"]],
  [Uint8Array.prototype, searchedBackwards, ["lastIndexOf"]],
  [Buffer.prototype, written, ["toString"]],
  [Buffer.prototype, searched, ["indexOf", "includes"]],
  [Buffer.prototype, searchedBackwards, ["lastIndexOf"]],
  [TextDecoder.prototype, argument, ["decode"]],
  [Intl.Segmenter.prototype, argument, ["segment"]],
  [JSON, both, ["parse", "stringify"]],
  [Buffer, both, ["from", "concat", "byteLength"]],
  [Bun.TOML, argument, ["parse"]],
  [Bun, argument, ["stringWidth"]],
];

/** What loops, spreads and destructuring take their items from. */
const iterators: readonly object[] = [[].values(), new Map().values(), new Set().values()].map(
  (iterator) => Object.getPrototypeOf(iterator) as object,
);

/** Steps of `act`. It must not wait for anything. */
export function countSteps(act: () => unknown): number {
  let steps = 0;
  // The cost of a call is not counted itself.
  let isCounting = false;
  const restore: (() => void)[] = [];
  const wrap = (owner: object, name: string, cost: Cost): void => {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name);
    const original: unknown = descriptor?.value;
    if (descriptor === undefined || typeof original !== "function") return;
    const wrapped = function (this: unknown, ...args: unknown[]): unknown {
      const result: unknown = Reflect.apply(original, this, args);
      if (isCounting) return result;
      isCounting = true;
      steps += 1 + cost({ self: this, args, result });
      isCounting = false;
      return result;
    };
    // Assigned, since some of Bun's own may not be redefined.
    Reflect.set(owner, name, wrapped);
    restore.push(() => Reflect.set(owner, name, original));
  };
  for (const [owner, cost, names] of counted) for (const name of names) wrap(owner, name, cost);
  for (const iterator of iterators) wrap(iterator, "next", () => 0);
  wrapExec((units) => (steps += units), restore);
  try {
    act();
  } finally {
    for (const one of restore.toReversed()) one();
  }
  return steps;
}

/** `exec`, which `test`, `match` and `matchAll` call: from where it begins to the end of its match, or of the text. */
function wrapExec(count: (units: number) => void, restore: (() => void)[]): void {
  const original = RegExp.prototype.exec;
  const counting = function (this: RegExp, text: string): RegExpExecArray | null {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const match = original.call(this, text);
    if (match !== null) count(1 + match.index + match[0].length - from);
    else count(1 + (this.sticky ? 0 : String(text).length - from));
    return match;
  };
  Reflect.set(RegExp.prototype, "exec", counting);
  restore.push(() => Reflect.set(RegExp.prototype, "exec", original));
}

/** The units that a built-in may read of a value. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  return Array.isArray(value) || value instanceof Uint8Array ? value.length : 0;
}

/** How many times as many steps four times the input costs: about 4 for linear work, 16 for quadratic. */
export function measureGrowth(run: (size: number) => () => unknown, size: number): number {
  return (1 + countSteps(run(4 * size))) / (1 + countSteps(run(size)));
}
