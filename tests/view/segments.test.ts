import { expect, test } from "bun:test";
import fc from "fast-check";
import { fitSegments, type Segment, makeSegment } from "../../src/view/bars/segments.ts";

const line: readonly Segment[] = [
  makeSegment("first", "plain", 9),
  {
    forms: [
      { text: "a long second", rank: 3 },
      { text: "second", rank: 5 },
    ],
    tone: "plain",
    gap: 1,
  },
  { ...makeSegment("end", "quiet", 1), isAtRightEnd: true },
];

function fitted(segments: readonly Segment[], columns: number): string {
  return fitSegments(segments, columns)
    .map(({ space, text }) => " ".repeat(space) + text)
    .join("");
}

test("segments are shortened or dropped in the order of their rank", () => {
  expect(fitted(line, 30)).toBe("first a long second        end");
  expect(fitted(line, 24)).toBe("first a long second  end");
  expect(fitted(line, 23)).toBe("first a long second");
  expect(fitted(line, 18)).toBe("first second   end");
  expect(fitted(line, 12)).toBe("first second");
  expect(fitted(line, 11)).toBe("first   end");
  expect(fitted(line, 7)).toBe("first");
  expect(fitted(line, 4)).toBe(" end");
  expect(fitted(line, 2)).toBe("");
});

test("an empty segment takes no room and no gap", () => {
  expect(
    fitted(
      [
        makeSegment("", "plain", 9),
        makeSegment("a", "plain", 9),
        makeSegment("", "plain", 9),
        makeSegment("b", "plain", 9),
      ],
      9,
    ),
  ).toBe("a  b");
});

test("a line is never too wide, and no segment is cut", () => {
  const word = fc.constantFrom("a", "state", "127.0.0.1:8080", "你好", "", "open to the network");
  const pieces = fc.array(fc.record({ text: word, rank: fc.nat(9), gap: fc.nat(2) }), { maxLength: 9 });
  fc.assert(
    fc.property(pieces, fc.nat(60), (all, columns) => {
      const segments = all.map(({ text, rank, gap }) => makeSegment(text, "plain", rank, gap));
      expect(Bun.stringWidth(fitted(segments, columns))).toBeLessThanOrEqual(columns);
      const given = new Set<string>(all.map(({ text }) => text));
      for (const { text } of fitSegments(segments, columns)) expect(given.has(text)).toBe(true);
    }),
  );
});
