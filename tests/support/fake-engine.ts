/**
 * An engine of shared rooms in memory, as Redis is seen by its hubs: one stream, leases, and the faults that a test or a
 * seed makes. Answers arrive later, in order.
 */

import type {
  EngineEvent,
  EngineProblem,
  EngineWork,
  HubPresence,
} from "../../src/protocol/hubs/engine-event.ts";
import { type HubSigner, makeHubSigner } from "../../src/protocol/hubs/hub-key.ts";
import { noPlace } from "../../src/protocol/hubs/room-entry.ts";
import { readStreamItems, RoomItems } from "../../src/protocol/hubs/room-items.ts";

/** When all hubs have joined. */
const joinedMs = 1_764_000_000_000;

type Later = (work: () => void) => void;

interface Node {
  readonly items: RoomItems;
  readonly seal: string;
  next: number;
  at: string;
  readonly emit: (event: EngineEvent) => void;
  readonly members: Map<number, string>;
  readonly duets: Map<number, string>;
  readonly hub: string;
  label: string;
  isUp: boolean;
  /** How much of the stream it was sent; undefined: it has never been up. */
  read: number | undefined;
  /** The emptied stream that it knows. */
  run: number;
  isCutOff: boolean;
  known: ReadonlySet<string>;
}

/** `items`: what signs as this hub. */
export interface FakeHub {
  readonly hub: string;
  readonly items: RoomItems;
  readonly perform: (work: EngineWork) => void;
}

export class FakeEngine {
  /** The texts of all entries, in their order. */
  readonly entries: string[] = [];
  readonly #nodes = new Set<Node>();
  readonly #later: Later;
  readonly #removed = new Set<string>();
  readonly #signers: HubSigner[] = [];
  #hubs = 0;
  /** What the first hub has begun the room with. */
  #seal = "none";
  #run = 1;
  #problem: EngineProblem | undefined;
  #refusal: EngineProblem | undefined;

  constructor(later: Later) {
    this.#later = later;
  }

  /** What signs as the hub, in that room. */
  findItems(hub: string, room: string): RoomItems | undefined {
    const signer = this.#signers.find((one) => one.hub === hub);
    return signer && new RoomItems(room, signer);
  }

  /** One hub's port. `password`: the room's, and `room` its name. */
  connect(emit: (event: EngineEvent) => void, password?: string, room = "lobby"): FakeHub {
    const signer = makeHubSigner(new Uint8Array(32).fill((this.#hubs += 1)));
    const items = new RoomItems(room, signer);
    this.#signers.push(signer);
    const key = new Bun.CryptoHasher("sha256").update(password ?? "").digest();
    items.setKey(password === undefined ? undefined : key);
    const node: Node = {
      ...{ items, next: 1, at: noPlace, seal: password ?? "none" },
      ...{
        emit,
        members: new Map(),
        duets: new Map(),
        hub: signer.hub,
        label: "",
        isUp: false,
        read: undefined,
        run: 0,
        isCutOff: false,
        known: new Set(),
      },
    };
    return { hub: signer.hub, items, perform: (work) => this.#perform(node, work) };
  }

  #perform(node: Node, work: EngineWork): void {
    switch (work.type) {
      case "open":
        node.label = work.label;
        this.#nodes.add(node);
        return this.#later(() => this.#enter(node));
      case "append":
        return this.#append(node, work.payload);
      case "set-member":
        if (work.name === undefined) for (const map of [node.members, node.duets]) map.delete(work.member);
        else node.members.set(work.member, work.name);
        if (work.duet !== undefined) node.duets.set(work.member, work.duet);
        return;
      case "remove-hub":
        return void this.#removed.add(work.removed);
      case "close":
        this.#nodes.delete(node);
        for (const other of this.#nodes) if (!other.isUp) this.#later(() => this.#enter(other));
        return this.#later(() => node.emit({ type: "closed" }));
    }
    work satisfies never;
  }

  #append(node: Node, payload: string): void {
    if (!node.isUp) return;
    const refusal = this.#refusal;
    if (refusal !== undefined) return this.#later(() => node.emit({ type: "refused", problem: refusal }));
    this.entries.push(...node.items.write([{ kind: "entry", text: payload }]));
    this.#later(() => this.#deliver());
  }

  /** Sends each hub what it has not read. */
  #deliver(): void {
    for (const node of this.#nodes) {
      if (!node.isUp || node.read === undefined || node.read >= this.entries.length) continue;
      const first = node.read;
      const values = this.entries.slice(first).map((text, index) => ({ id: `${first + index + 1}-0`, text }));
      node.read = this.entries.length;
      const read = readStreamItems(node.items, values);
      for (const { hub, number, id } of read.entries)
        if (hub === node.hub && number >= node.next) [node.next, node.at] = [number + 1, id];
      node.emit(read);
    }
  }

  #enter(node: Node): void {
    const problem = this.#problem;
    if (problem !== undefined) return node.emit({ type: "away", problem });
    // A room in which nobody is begins anew.
    if (this.#listOthers(node).length === 0) this.#seal = node.seal;
    if (node.seal !== this.#seal) {
      const is =
        node.seal === "none" ? "needs-password" : this.#seal === "none" ? "no-seal" : "wrong-password";
      return node.emit({ type: "away", problem: { is } });
    }
    if (node.isCutOff) return node.emit({ type: "away", problem: { is: "silent" } });
    const epoch = node.read === undefined ? "first" : node.run === this.#run ? "same" : "emptied";
    node.isUp = true;
    node.run = this.#run;
    node.read = epoch === "first" ? this.entries.length : epoch === "emptied" ? 0 : node.read;
    const hubs = this.#listOthers(node);
    node.known = new Set(hubs.map(({ hub }) => hub));
    const removed = this.#seal === "none" ? [] : [...this.#removed];
    node.emit({ type: "up", epoch, missed: 0, since: joinedMs, hubs, removed });
    this.#deliver();
    // What the others find at the next renewal of their leases.
    this.expireLeases();
  }

  #listOthers(node: Node): readonly HubPresence[] {
    return [...this.#nodes]
      .filter((other) => other !== node && other.isUp)
      .map(({ hub, label, next, at, members, duets }) => ({
        ...{ hub, label, next, at, since: joinedMs, members: new Map(members), duets: new Map(duets) },
      }));
  }

  /** The engine is away for all hubs, as after `kill -9`. What was written stays. */
  stop(problem: EngineProblem = { is: "unreachable", code: "ECONNREFUSED" }): void {
    this.#problem = problem;
    for (const node of this.#nodes) {
      node.isUp = false;
      this.#later(() => node.emit({ type: "away", problem }));
    }
  }

  start(): void {
    this.#problem = undefined;
    for (const node of this.#nodes) this.#later(() => this.#enter(node));
  }

  /** Takes no entry from now on, or takes them again (undefined). */
  refuse(problem: EngineProblem | undefined): void {
    this.#refusal = problem;
  }

  /** Loses the room, as FLUSHALL does. */
  empty(): void {
    this.#run += 1;
    this.entries.length = 0;
    this.#removed.clear();
    this.start();
  }

  /** Cuts one hub off, or joins it again. `isExpired`: the others were told that its lease had ended. */
  cutOff(hub: string, isCutOff: boolean, isExpired = false): void {
    const node = [...this.#nodes].find((one) => one.hub === hub);
    if (node === undefined) throw new Error(`no hub ${hub}`);
    node.isCutOff = isCutOff;
    if (!isCutOff) return this.#later(() => this.#enter(node));
    node.isUp = false;
    this.#later(() => node.emit({ type: "away", problem: { is: "silent" } }));
    if (isExpired) this.expireLeases();
  }

  /** Reports the leases that last. */
  expireLeases(): void {
    for (const node of this.#nodes) {
      if (!node.isUp) continue;
      const hubs = this.#listOthers(node);
      const alive = hubs.map(({ hub }) => hub);
      const news = hubs.filter(({ hub }) => !node.known.has(hub));
      node.known = new Set(alive);
      this.#later(() => node.emit({ type: "leases", alive, news }));
    }
  }
}
