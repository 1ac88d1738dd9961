import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Alerts, alertIntervalMs } from "../../src/view/conversation/alerts.ts";
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
  ])("of %p in %p: %p", (name, text, expected) => {
    expect(hasMention(text, name)).toBe(expected);
    expect(findMentions(text, name).length > 0).toBe(expected);
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
    const attention = new Alerts();
    attention.setFocused(false);
    expect(attention.takeAlert(model([bob(1, "hello all")]), 0)).toBeUndefined();
    expect(attention.takeAlert(model([bob(2, "me: ann", { direction: "out" })]), 0)).toBeUndefined();
    expect(attention.takeAlert(model([bob(3, "ann!")]), 0)).toEqual({
      name: "bob",
      text: "ann!",
      isPrivate: false,
    });
    const other = new Alerts();
    other.setFocused(false);
    expect(other.takeAlert(model([bob(4, "psst", { privateWith: "ann" })]), 0)?.isPrivate).toBe(true);
  });

  test("is not raised while focused, nor later for a message received then", () => {
    const attention = new Alerts();
    const entries = [bob(1, "ann!")];
    expect(attention.takeAlert(model(entries), 0)).toBeUndefined();
    attention.setFocused(false);
    expect(attention.takeAlert(model(entries), 0)).toBeUndefined();
    expect(attention.takeAlert(model([...entries, bob(2, "ann?")]), 0)?.text).toBe("ann?");
  });

  test("is raised at most once in ten seconds", () => {
    const attention = new Alerts();
    attention.setFocused(false);
    const entries = [bob(1, "ann 1")];
    expect(attention.takeAlert(model(entries), 5000)?.text).toBe("ann 1");
    entries.push(bob(2, "ann 2"));
    expect(attention.takeAlert(model(entries), 5000 + alertIntervalMs - 1)).toBeUndefined();
    entries.push(bob(3, "ann 3"));
    expect(attention.takeAlert(model(entries), 5000 + alertIntervalMs)?.text).toBe("ann 3");
  });

  test("is raised for the other tab, and for a growing message once it mentions the person", () => {
    const attention = new Alerts();
    attention.setFocused(false);
    const growing = bob(1, "hello a", { growing: true });
    const shown = model([growing], { active: "udp" });
    const asTcp = { ...shown, active: "tcp" as const };
    expect(attention.takeAlert(asTcp, 0)).toBeUndefined();
    growing.text = "hello ann";
    expect(attention.takeAlert(asTcp, 0)?.text).toBe("hello ann");
    expect(attention.takeAlert(asTcp, alertIntervalMs)).toBeUndefined();
  });

  test("unseen counts messages received on the shown tab since the focus was lost", () => {
    const attention = new Alerts();
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
