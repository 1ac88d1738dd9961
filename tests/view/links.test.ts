import { expect, test } from "bun:test";
import fc from "fast-check";
import { anyCodePoint } from "../support/code-points.ts";
import { cleanText } from "../../src/protocol/text/text.ts";
import { findLinks } from "../../src/view/conversation/links.ts";

test.each([
  ["see https://example.org/a?b=c#d now", ["https://example.org/a?b=c#d"]],
  ["HTTP://Example.org and ftp://h/f", ["HTTP://Example.org", "ftp://h/f"]],
  ["(https://example.org).", ["https://example.org"]],
  ["https://en.wikipedia.org/wiki/Bash_(Unix_shell)", ["https://en.wikipedia.org/wiki/Bash_(Unix_shell)"]],
  ["[https://example.org/a], https://example.org/b!?", ["https://example.org/a", "https://example.org/b"]],
  ["<https://example.org/>", ["https://example.org/"]],
  ["**https://example.org/**", ["https://example.org/"]],
  ["看https://example.org/路", ["https://example.org/"]],
  ["https://[::1]:8080/x", ["https://[::1]:8080/x"]],
  ["http://a//b,c;d", ["http://a//b,c;d"]],
  ['"https://example.org/a"', ["https://example.org/a"]],
  ["https:// http://. http://) :// file:///etc javascript://x xhttp://y", []],
  [`https://h/${"a".repeat(2100)}`, []],
])("%p has %p", (line, urls) => {
  const found = findLinks(line);
  expect(found.map(({ url }) => url)).toEqual(urls);
  for (const { start, end, url } of found) expect(line.slice(start, end)).toBe(url);
});

test("a link contains only visible ASCII, whatever a peer sends", () => {
  const piece = fc.oneof(
    fc.constantFrom("https://h/", "\x1b]8;;", "\x07", "\u202E", ")", "("),
    fc.string({ unit: anyCodePoint }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      for (const { url } of findLinks(cleanText(pieces.join("")))) expect(url).toMatch(/^[\x21-\x7e]+$/);
    }),
  );
});
