import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Alerts, alertIntervalMs, keyRecentMs } from "../../src/view/conversation/alerts.ts";
import { findMentions, hasMention } from "../../src/view/conversation/mentions.ts";
import { formatWindowTitle } from "../../src/view/bars/window-title.ts";
import { message, type Moment, peer, screenModel, tab } from "../components/screen-fixture.ts";

describe("a mention", () => {
  test.each([
    ["ann", "Ann: hi", true],
    ["ann", "hi @ANN!", true],
    ["ann", "(ann)", true],
    ["ann", "ann", true],
    ["ann", "ann's", true],
    ["ann", "anna", false],
    ["ann", "joann", false],
    ["ann", "ann-marie", false],
    ["ann", "ann_2", false],
    ["ann", "a\u0301nn", false],
    ["ann b", "is Ann B here?", true],
    ["a.b", "axb", false],
    ["a.b", "to a.b.", true],
    ["a-b", "hello a-b", true],
    ["王五", "王五你好", true],
    ["ann", "ann你好", true],
    ["Ünal", "ünal?", true],
    ["👩‍💻", "hi 👩‍💻", true],
    ["c++", "c++ rocks", true],
    ["[x]", "say [x] now", true],
    ["ann", "see https://example.org/ann", false],
    ["ann", "see http://ann.example.org:8080/?q=1 (ann's)", true],
    ["ann", "<ssh://ann@host>", false],
    ["ann", "write to ann@example.org", false],
    ["ann", "mailto:bob@ann.org", false],
    ["ann", "root@ann", false],
    ["ann", "谢谢@ann", true],
    ["ann", "thanks, @ann", true],
    ["ann", "www.ann.org is down", false],
    ["ann", "ann.org, ann.local/x and ann.com.", false],
    ["ann", "example.org/people/ann?x=1", false],
    ["ann", "connect to ann:8080", false],
    ["ann", "ann: 8080 is the port", true],
    ["ann", "ann:hello", true],
    ["ann", "thanks ann.see you", true],
    ["ann", "ann/bob, /home/ann", true],
    ["ann", "https://ann.org and ann", true],
    ["ann", "ann https://ann.org", true],
    ["10", "10.0.0.1 or 10.0.0.1:80", false],
    ["beef", "ping fe80::beef", false],
    ["beef", "ping [2001:db8::beef]:80", false],
    ["a.example.org", "a.example.org hello", true],
    ["jose\u0301", "hi jos\u00e9", true],
    ["jos\u00e9", "hi JOSE\u0301!", true],
    ["jose", "hi jos\u00e9", false],
    ["한", "한".normalize("NFD"), true],
    ["ünal", "ünal.example.org", false],
  ])("of %p in %p: %p", (name, text, expected) => {
    expect(hasMention(text, name)).toBe(expected);
    expect(findMentions(text, name).length > 0).toBe(expected);
  });

  test("is found at its place in the text as it was received", () => {
    const text = "e\u0301e\u0301 jose\u0301: hi, Jos\u00e9, 한 ".normalize("NFD");
    const found = findMentions(text, "jos\u00e9").map(({ start, end }) => text.slice(start, end));
    expect(found).toEqual(["jose\u0301", "Jose\u0301"]);
  });

  test("finds any name in a text that consists of it", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        expect(hasMention(name, name)).toBe(true);
      }),
    );
  });
});

const bob = (id: number, text: string, rest = {}) => message(id, "bob", text, rest);

function model(entries: Moment["entries"] = [], rest: Moment = {}) {
  return screenModel({ entries, ...rest });
}

describe("an alert", () => {
  test("is raised while unfocused for a mention or a private message, and for nothing else", () => {
    const attention = new Alerts(0);
    attention.setFocused(false);
    expect(attention.takeAlert(model([bob(1, "hello all")]), 0)).toBeUndefined();
    expect(attention.takeAlert(model([bob(2, "me: ann", { direction: "out" })]), 0)).toBeUndefined();
    expect(attention.takeAlert(model([bob(3, "ann!")]), 0)).toEqual({
      name: "bob",
      text: "ann!",
      isPrivate: false,
    });
    const other = new Alerts(0);
    other.setFocused(false);
    expect(other.takeAlert(model([bob(4, "psst", { privateWith: "ann" })]), 0)?.isPrivate).toBe(true);
  });

  test("is not raised while focused, nor later for a message received then", () => {
    const attention = new Alerts(0);
    const entries = [bob(1, "ann!")];
    expect(attention.takeAlert(model(entries), 0)).toBeUndefined();
    attention.setFocused(false);
    expect(attention.takeAlert(model(entries), 0)).toBeUndefined();
    expect(attention.takeAlert(model([...entries, bob(2, "ann?")]), 0)?.text).toBe("ann?");
  });

  test("is raised at most once in ten seconds", () => {
    const attention = new Alerts(0);
    attention.setFocused(false);
    const entries = [bob(1, "ann 1")];
    expect(attention.takeAlert(model(entries), 5000)?.text).toBe("ann 1");
    entries.push(bob(2, "ann 2"));
    expect(attention.takeAlert(model(entries), 5000 + alertIntervalMs - 1)).toBeUndefined();
    entries.push(bob(3, "ann 3"));
    expect(attention.takeAlert(model(entries), 5000 + alertIntervalMs)?.text).toBe("ann 3");
  });

  test("is raised for the other tab, and for a growing message once it mentions the person", () => {
    const attention = new Alerts(0);
    attention.setFocused(false);
    const growing = bob(1, "hello a", { growing: true });
    const shown = model([growing], { active: "udp" });
    const asTcp = { ...shown, active: "tcp" as const };
    expect(attention.takeAlert(asTcp, 0)).toBeUndefined();
    growing.text = "hello ann";
    expect(attention.takeAlert(asTcp, 0)?.text).toBe("hello ann");
    expect(attention.takeAlert(asTcp, alertIntervalMs)).toBeUndefined();
  });

  test("is raised where the focus is unknown, unless a key came in the last half minute", () => {
    const attention = new Alerts(1000);
    const entries = [bob(1, "ann 1")];
    expect(attention.takeAlert(model(entries), 1000 + keyRecentMs - 1)).toBeUndefined();
    expect(attention.unseen).toBe(0);
    entries.push(bob(2, "ann 2"));
    expect(attention.takeAlert(model(entries), 1000 + keyRecentMs)?.text).toBe("ann 2");
    entries.push(bob(3, "more"));
    attention.takeAlert(model(entries), 2000 + keyRecentMs);
    expect(attention.unseen).toBe(2);
    attention.onKey(90_000);
    expect(attention.unseen).toBe(0);
    entries.push(bob(4, "ann 4"));
    expect(attention.takeAlert(model(entries), 90_000 + keyRecentMs - 1)).toBeUndefined();
  });

  test("is not prevented by a key while the terminal reports that it is unfocused", () => {
    const attention = new Alerts(0);
    attention.setFocused(false);
    attention.onKey(100);
    expect(attention.takeAlert(model([bob(1, "ann!")]), 200)?.text).toBe("ann!");
    expect(attention.unseen).toBe(1);
    attention.setFocused(true);
    expect(attention.takeAlert(model([bob(1, "ann!"), bob(2, "ann?")]), 900_000)).toBeUndefined();
  });

  test("unseen counts messages received on the shown tab since the focus was lost", () => {
    const attention = new Alerts(0);
    attention.takeAlert(model([bob(1, "seen")]), 0);
    attention.setFocused(false);
    attention.takeAlert(
      model([bob(1, "seen"), bob(2, "one"), bob(3, "two"), bob(4, "ours", { direction: "out" })]),
      0,
    );
    expect(attention.unseen).toBe(2);
    attention.setFocused(true);
    expect(attention.unseen).toBe(0);
  });
});

test.each([
  [{}, 0, "duet: TCP CLOSED"],
  [{ tcp: tab("tcp", { role: "listen", state: "LISTEN" }) }, 0, "duet: TCP LISTEN"],
  [{ tcp: tab("tcp", { state: "LISTEN", peers: 1 }), peers: [peer("bob")] }, 0, "duet: TCP LISTEN with bob"],
  [
    { tcp: tab("tcp", { state: "LISTEN", peers: 3 }), udp: { unread: 2 } },
    1,
    "(3) duet: TCP LISTEN with 3 peers",
  ],
  [{ tcp: tab("tcp", { role: "connect", state: "CONNECTING", peer: "h:9" }) }, 0, "duet: TCP CONNECTING h:9"],
  [{ udp: { unread: 100 } }, 0, "(99+) duet: TCP CLOSED"],
] as [Moment, number, string][])("the title of %p, %p unseen, is %p", (moment, unseen, title) => {
  expect(formatWindowTitle(screenModel(moment), unseen)).toBe(title);
});
