/**
 * Members of a hub's room who speak and hear numbered lines, so that one that is lost, torn, repeated or out of order
 * shows at once: those who stay while something happens to others. It knows the hub's port and nothing of its ways.
 */

import { expect } from "bun:test";
import { LineMaker, Observer } from "../bench/hub/numbered-lines.ts";
import { Bell } from "./wait.ts";

/** Of each line, its newline counted. */
const lineBytesDefault = 64;
/** Lines that one speaker says before it waits until everybody has heard them. */
const roundLines = 64;

export class NumberedRoom implements Disposable {
  readonly members: readonly Member[];
  readonly #makers: readonly LineMaker[];
  readonly #lineBytes: number;
  readonly #bell: Bell;

  private constructor(
    members: readonly Member[],
    makers: readonly LineMaker[],
    lineBytes: number,
    bell: Bell,
  ) {
    this.members = members;
    this.#makers = makers;
    this.#lineBytes = lineBytes;
    this.#bell = bell;
  }

  /** `count` members of the room at this port of 127.0.0.1, of whom the first `speakers` speak. */
  static async enter(
    port: number,
    count: number,
    speakers: number,
    lineBytes = lineBytesDefault,
  ): Promise<NumberedRoom> {
    const bell = new Bell();
    const makers = Array.from({ length: speakers }, (_, speaker) => new LineMaker(speaker, lineBytes));
    const members: Member[] = [];
    for (let index = 0; index < count; index += 1) {
      const member = await Member.connect(port, new Observer(lineBytes, speakers, 1), () => bell.ring());
      // Who has spoken is known to be raw at once; its greeting is heard by who came before.
      member.write(Buffer.from("hello\n"));
      members.push(member);
    }
    const room = new NumberedRoom(members, makers, lineBytes, bell);
    const last = members.at(-1);
    await bell.waitFor(
      () => members.every((one) => one === last || one.receivedBytes > 0),
      "all to be in the room",
    );
    return room;
  }

  /** Everybody who speaks says one round of lines; resolves when all have heard all of it. */
  async talk(timeoutMs?: number): Promise<void> {
    this.speak();
    await this.heardByAll(timeoutMs);
  }

  /** Round after round for as long as `work` takes, and one more. */
  async talkDuring<Result>(work: Promise<Result>): Promise<Result> {
    let isOver = false;
    const over = () => void (isOver = true);
    work.then(over, over);
    do await this.talk();
    while (!isOver);
    await this.talk();
    return work;
  }

  /** One round without waiting for anybody. */
  speak(): void {
    for (const [index, maker] of this.#makers.entries()) this.members[index]?.write(maker.make(roundLines));
  }

  async heardByAll(timeoutMs?: number): Promise<void> {
    const all = () => this.members.every((_, index) => this.#missing(index) === 0);
    await this.#bell.waitFor(all, "all lines", timeoutMs, () => JSON.stringify(this.#faults()));
  }

  /** Nothing was lost, repeated, reordered or torn for anybody, and nobody is gone. */
  expectWhole(): void {
    expect(this.#faults()).toEqual([]);
  }

  #faults(): readonly unknown[] {
    return this.members.flatMap(({ observer, isClosed }, index) => {
      const { repeated, reordered, torn } = observer;
      const faults = { missing: this.#missing(index), repeated, reordered, torn, isClosed };
      return Object.values(faults).some(Boolean) ? [{ index, ...faults }] : [];
    });
  }

  /** Nobody hears itself. */
  #missing(index: number): number {
    const others = this.#makers.map((maker, speaker) =>
      speaker === index ? new LineMaker(speaker, this.#lineBytes) : maker,
    );
    return this.members[index]?.observer.missing(others) ?? 0;
  }

  [Symbol.dispose](): void {
    for (const member of this.members) member[Symbol.dispose]();
  }
}

class Member implements Disposable {
  readonly observer: Observer;
  receivedBytes = 0;
  isClosed = false;
  #socket: Bun.Socket | undefined;
  #unsent = new Uint8Array(0);

  private constructor(observer: Observer) {
    this.observer = observer;
  }

  static async connect(port: number, observer: Observer, onHeard: () => void): Promise<Member> {
    const member = new Member(observer);
    member.#socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        data: (_socket, bytes) => {
          member.receivedBytes += bytes.length;
          observer.read(bytes);
          onHeard();
        },
        drain: () => member.write(new Uint8Array(0)),
        close: () => {
          member.isClosed = true;
          onHeard();
        },
        error: () => {},
      },
    });
    return member;
  }

  /** What the kernel has not taken yet. */
  get unsentBytes(): number {
    return this.#unsent.length;
  }

  write(bytes: Uint8Array): void {
    const all = this.#unsent.length === 0 ? bytes : Buffer.concat([this.#unsent, bytes]);
    if (all.length === 0) return;
    const written = Math.max(0, this.#socket?.write(all) ?? 0);
    this.#unsent = all.slice(written);
  }

  [Symbol.dispose](): void {
    this.#socket?.terminate();
  }
}
