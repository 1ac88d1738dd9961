/**
 * Members of a hub's room that send and check numbered lines, so that a line that is lost, torn, repeated or out of
 * order is noticed: the bystanders of a fault elsewhere.
 */

import { expect } from "bun:test";
import { LineMaker, Observer } from "../bench/hub/numbered-lines.ts";
import { Bell } from "./wait.ts";

/** The length of a line, newline included. */
const lineBytesDefault = 64;
/** Lines of one sender before it waits until every member has received them. */
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

  /** Connects `count` members to this port of 127.0.0.1; the first `senders` of them send. */
  static async enter(
    port: number,
    count: number,
    senders: number,
    lineBytes = lineBytesDefault,
  ): Promise<NumberedRoom> {
    const bell = new Bell();
    const makers = Array.from({ length: senders }, (_, sender) => new LineMaker(sender, lineBytes));
    const members: Member[] = [];
    for (let index = 0; index < count; index += 1) {
      const member = await Member.connect(port, new Observer(lineBytes, senders, 1), () => bell.ring());
      // A line makes a member raw at once; earlier members receive its greeting.
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

  /** Each sender sends one round of lines; resolves when all members have received it. */
  async sendRound(timeoutMs?: number): Promise<void> {
    this.send();
    await this.waitForAll(timeoutMs);
  }

  /** Repeats rounds while `work` runs, then once more. */
  async sendDuring<Result>(work: Promise<Result>): Promise<Result> {
    let isOver = false;
    const over = () => void (isOver = true);
    work.then(over, over);
    do await this.sendRound();
    while (!isOver);
    await this.sendRound();
    return work;
  }

  /** Sends one round without waiting. */
  send(): void {
    for (const [index, maker] of this.#makers.entries()) this.members[index]?.write(maker.make(roundLines));
  }

  async waitForAll(timeoutMs?: number): Promise<void> {
    const all = () => this.members.every((_, index) => this.#missing(index) === 0);
    await this.#bell.waitFor(all, "all lines", timeoutMs, () => JSON.stringify(this.#faults()));
  }

  /** Expects that no member missed a line, saw one twice, reordered or torn, or was disconnected. */
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

  /** A member does not receive its own lines. */
  #missing(index: number): number {
    const others = this.#makers.map((maker, sender) =>
      sender === index ? new LineMaker(sender, this.#lineBytes) : maker,
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

  static async connect(port: number, observer: Observer, onChange: () => void): Promise<Member> {
    const member = new Member(observer);
    member.#socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        data: (_socket, bytes) => {
          member.receivedBytes += bytes.length;
          observer.read(bytes);
          onChange();
        },
        drain: () => member.write(new Uint8Array(0)),
        close: () => {
          member.isClosed = true;
          onChange();
        },
        error: () => {},
      },
    });
    return member;
  }

  /** The bytes that the kernel has not taken yet. */
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
