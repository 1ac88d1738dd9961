/** Changes inputs at random: bits, bytes, numbers, pieces, words of the format, and parts of other inputs. */

const interestingBytes = [0, 1, 9, 10, 13, 27, 32, 34, 48, 91, 92, 123, 125, 127, 128, 155, 191, 192, 255];
const interestingNumbers = [
  "0",
  "1",
  "2",
  "31",
  "64",
  "2048",
  "65535",
  "4294967296",
  "9007199254740991",
  "-1",
];

/** What a mutation draws from. `random`: from 0 up to 1, without 1. */
export interface MutationSources {
  readonly random: () => number;
  /** Words that the format has. */
  readonly tokens: readonly string[];
  readonly others: readonly Uint8Array[];
  readonly maxBytes: number;
}

/** One to eight changes of `input`, which is not changed itself. At most `maxBytes` long. */
export function mutate(input: Uint8Array, sources: MutationSources): Uint8Array {
  let bytes: Buffer = Buffer.from(input);
  const rounds = 1 + Math.floor(8 * sources.random() ** 3);
  for (let round = 0; round < rounds; round += 1) bytes = mutateOnce(bytes, sources);
  return bytes.subarray(0, sources.maxBytes);
}

function mutateOnce(bytes: Buffer, { random, tokens, others }: MutationSources): Buffer {
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[below(items.length)];
  const at = below(bytes.length + 1);
  const length = Math.min(bytes.length - at, 1 + Math.floor(32 * random() ** 2));
  const piece = bytes.subarray(at, at + length);
  switch (below(10)) {
    case 0:
      return replace(bytes, at, length, Buffer.alloc(0));
    case 1:
      return replace(bytes, at, 0, Buffer.from(pick(tokens) ?? ""));
    case 2:
      return replace(bytes, at, length, Buffer.from(pick(tokens) ?? ""));
    case 3:
      return replace(bytes, below(bytes.length + 1), 0, piece);
    case 4:
      return replace(bytes, at, length, Buffer.concat(Array.from({ length: 2 + below(6) }, () => piece)));
    case 5:
      return splice(bytes, at, pick(others) ?? bytes, random());
    case 6:
      return replaceNumber(bytes, at, pick(interestingNumbers) ?? "");
    case 7:
      return replace(bytes, at, Math.min(1, length), Buffer.from([pick(interestingBytes) ?? 0]));
    case 8:
      return replace(bytes, at, 0, Buffer.from([below(256)]));
    default: {
      const changed = Buffer.from(bytes);
      if (at < changed.length) changed[at] = changed[at]! ^ (1 << below(8));
      return changed;
    }
  }
}

function replace(bytes: Buffer, at: number, length: number, by: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + length)]);
}

/** The start of one input and the end of another. */
function splice(bytes: Buffer, at: number, other: Uint8Array, share: number): Buffer {
  return Buffer.concat([bytes.subarray(0, at), other.subarray(Math.floor(share * other.length))]);
}

/** Replaces the first decimal number from `at`. */
function replaceNumber(bytes: Buffer, at: number, by: string): Buffer {
  const found = /\d+/.exec(bytes.toString("latin1", at));
  return found === null ? bytes : replace(bytes, at + found.index, found[0].length, Buffer.from(by));
}
