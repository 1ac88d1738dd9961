/** The pass-phrase of an identity: asked for where the file has one, set, changed and taken away. */

import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import { join } from "node:path";
import { changeIdentityFile } from "../../src/cli/identity/change-identity.ts";
import { loadIdentity, readIdentity } from "../../src/cli/identity/identity-file.ts";
import { type ReadSecret, renewPassPhrase, unlockIdentity } from "../../src/cli/identity/unlock-identity.ts";
import { formatKey } from "../../src/protocol/identity/key-text.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";
import { Folder } from "../support/duet.ts";
import { english } from "../support/words.ts";

/** An identity in a folder, and somebody who answers questions for secrets. */
class Person implements Disposable {
  readonly #folder = new Folder();
  readonly path = join(this.#folder.path, "duet", "identity");
  readonly asked: string[] = [];
  readonly answers: (string | undefined)[] = [];

  readonly read: ReadSecret = async (_source, { question }) => {
    this.asked.push(english.word(question));
    const secret = this.answers.shift();
    if (secret !== undefined) return { secret };
    return { problem: sentence("secret-problem", { problem: { is: "cancelled" } }) };
  };

  async unlock(...answers: readonly string[]): Promise<string> {
    this.answers.push(...answers);
    const unlocked = await unlockIdentity(this.path, undefined, this.read);
    return "problem" in unlocked ? english.word(unlocked.problem) : `unlocked by ${unlocked.passPhrase}`;
  }

  async change(next: "none" | "ask", ...answers: readonly string[]): Promise<string> {
    this.answers.push(...answers);
    const sources = { current: undefined, next: next === "none" ? next : ({ is: "ask" } as const) };
    const { said, isDone } = await renewPassPhrase(this.path, sources, this.read);
    return `${isDone ? "done" : "not done"}: ${english.word(said)}`;
  }

  key(passPhrase?: string): string | undefined {
    const read = readIdentity(this.path, passPhrase);
    return read?.kind === "identity" ? formatKey(makeKeyPair(read.identity.secret).publicKey) : undefined;
  }

  get text(): string {
    return fs.readFileSync(this.path, "utf8");
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

describe("a pass-phrase", () => {
  test("is not asked for where the file has none, and a new identity has none", async () => {
    using person = new Person();
    expect(await person.unlock()).toBe("unlocked by undefined");
    expect([person.asked, person.key() === undefined]).toEqual([[], false]);
  });

  test("is set, changed and taken away: the key stays, and the file never shows it", async () => {
    using person = new Person();
    loadIdentity(person.path);
    const [key, plain] = [person.key(), person.text];
    const secret = /x25519 (\S+)/.exec(plain)?.[1] ?? "";
    expect(await person.change("ask", "one")).toContain("done: ");
    expect([person.key(), person.key("one")]).toEqual([undefined, key]);
    expect(person.text).not.toContain(secret);
    expect(fs.statSync(person.path).mode & 0o777).toBe(0o600);
    expect(await person.change("ask", "one", "two")).toContain("done: ");
    expect([person.key("one"), person.key("two")]).toEqual([undefined, key]);
    expect(await person.change("none", "two")).toContain("has no pass-phrase any more");
    expect([person.key(), person.text]).toEqual([key, plain]);
  });

  test("that is wrong is asked for three times, and then refused, with a sentence", async () => {
    using person = new Person();
    await person.change("ask", "right");
    const before = person.text;
    person.asked.length = 0;
    expect(await person.unlock("a", "b", "right")).toBe("unlocked by right");
    expect(person.asked[0]).toStartWith("the pass-phrase of ");
    expect(
      person.asked.slice(1).filter((asked) => asked.includes("that is not the pass-phrase")),
    ).toHaveLength(2);
    expect(await person.unlock("a", "b", "c")).toContain("that is not the pass-phrase of ");
    expect(await person.change("ask", "a", "b", "c")).toStartWith("not done: that is not");
    expect(await person.change("none")).toContain("needs its pass-phrase (--pass-phrase)");
    expect(person.text).toBe(before);
  });

  test("in a file that is wrong is wrong at once", async () => {
    using person = new Person();
    await person.change("ask", "right");
    person.answers.push("a", "right");
    const unlocked = await unlockIdentity(person.path, { is: "file", path: "/x" }, person.read);
    expect(unlocked).toMatchObject({ problem: { id: "identity-problem" } });
    expect(person.answers).toEqual(["right"]);
  });

  test("stays when the identity is renewed, and a backup has it too", async () => {
    using person = new Person();
    await person.change("ask", "right");
    const key = person.key("right") ?? "";
    const renewed = changeIdentityFile(person.path, { is: "renew", key, sessions: 0 }, "right");
    expect(renewed.tone).toBe("info");
    expect([person.key(), person.key("right") === key]).toEqual([undefined, false]);
    const path = join(person.path, "../copy");
    expect(changeIdentityFile(person.path, { is: "backup", path }, undefined).tone).toBe("info");
    expect(fs.readFileSync(path, "utf8")).toBe(person.text);
    expect(changeIdentityFile(person.path, { is: "renew", key, sessions: 0 }, "wrong").tone).toBe("warning");
  });
});
