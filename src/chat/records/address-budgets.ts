/**
 * The lines that strangers may send, counted by address: one budget for all connections of an address over both
 * transports, which outlives them until it would be full again, and a smaller one for each connection that shares an
 * address with others.
 *
 * A budget is the time at which it is full again. A line moves that time on by the interval between two lines, and may
 * be sent while it is less than the burst ahead.
 */

import {
  addressBudgetsMax,
  strangerConnectionShare,
  strangerLinesBurst,
  strangerLinesPerSecond,
} from "../../protocol/limits.ts";

interface LineBudget {
  fullAtMs: number;
}

/** The budget of an address, its connections, and the cost of their input that waits, in bytes. */
export interface AddressBudget extends LineBudget {
  connections: number;
  waitingBytes: number;
}

/** Budgets by the key of makeAddressKey(): of connected addresses, and of those that left before theirs was full. */
export interface AddressBudgets {
  readonly present: Map<string, AddressBudget>;
  /** The one that left first is first. */
  readonly departed: Map<string, AddressBudget>;
  /** The cost of all input that waits, in bytes. */
  waitingBytes: number;
}

export function createAddressBudgets(): AddressBudgets {
  return { present: new Map(), departed: new Map(), waitingBytes: 0 };
}

/** The budget of an address; a full one, without connections, if none is known. */
export function getAddressBudget(budgets: AddressBudgets, key: string): AddressBudget {
  const known = budgets.present.get(key);
  if (known !== undefined) return known;
  const budget = budgets.departed.get(key) ?? { fullAtMs: 0, connections: 0, waitingBytes: 0 };
  budgets.departed.delete(key);
  budgets.present.set(key, budget);
  return budget;
}

/** Counts one more connection of an address. */
export function addConnection(budgets: AddressBudgets, key: string): void {
  getAddressBudget(budgets, key).connections += 1;
}

/** Counts one connection less. The budget of an address without connections is kept until it is full again. */
export function removeConnection(budgets: AddressBudgets, key: string, nowMs: number): void {
  const budget = getAddressBudget(budgets, key);
  budget.connections -= 1;
  if (budget.connections > 0) return;
  budgets.present.delete(key);
  if (budget.fullAtMs > nowMs) budgets.departed.set(key, budget);
  const fullest = forgetFullBudgets(budgets.departed, nowMs);
  if (budgets.departed.size > addressBudgetsMax && fullest !== undefined) budgets.departed.delete(fullest);
}

/** Budgets that one departure looks at. It adds one, so that full ones never pile up. */
const lookedAtMax = 16;

/**
 * Forgets budgets that are full again, from the one that left first. Returns the one of those looked at that will be
 * full first.
 */
function forgetFullBudgets(departed: Map<string, AddressBudget>, nowMs: number): string | undefined {
  let [lookedAt, fullest, leastMs] = [0, undefined as string | undefined, Number.POSITIVE_INFINITY];
  for (const [key, { fullAtMs }] of departed) {
    if (fullAtMs <= nowMs) departed.delete(key);
    else if (fullAtMs < leastMs) [fullest, leastMs] = [key, fullAtMs];
    lookedAt += 1;
    if (lookedAt === lookedAtMax) return fullest;
  }
  return fullest;
}

interface Rate {
  readonly burst: number;
  readonly intervalMs: number;
}

const whole: Rate = { burst: strangerLinesBurst, intervalMs: 1000 / strangerLinesPerSecond };
const part: Rate = {
  burst: strangerLinesBurst * strangerConnectionShare,
  intervalMs: whole.intervalMs / strangerConnectionShare,
};

/** The rate of one connection: a connection that is its address's only one may use the whole budget. */
function getConnectionRate({ connections }: AddressBudget): Rate {
  return connections > 1 ? part : whole;
}

/** When the budget allows the next line. */
function findNextMs({ fullAtMs }: LineBudget, { burst, intervalMs }: Rate, nowMs: number): number {
  return Math.max(nowMs, Math.ceil(fullAtMs - (burst - 1) * intervalMs));
}

function takeLine(budget: LineBudget, { intervalMs }: Rate, nowMs: number): void {
  budget.fullAtMs = Math.max(nowMs, budget.fullAtMs) + intervalMs;
}

/** Takes a line of both budgets. False, and none is taken, if one of them does not allow it now. */
export function tryTakeLine(address: AddressBudget, connection: LineBudget, nowMs: number): boolean {
  const isAllowed =
    findNextMs(address, whole, nowMs) <= nowMs && findConnectionMs(address, connection, nowMs) <= nowMs;
  if (!isAllowed) return false;
  takeLine(address, whole, nowMs);
  takeConnectionLine(address, connection, nowMs);
  return true;
}

/** When the connection's own budget allows its next line. */
export function findConnectionMs(address: AddressBudget, connection: LineBudget, nowMs: number): number {
  return findNextMs(connection, getConnectionRate(address), nowMs);
}

/** Takes a line of the connection's own budget: that of the address was booked before. */
export function takeConnectionLine(address: AddressBudget, connection: LineBudget, nowMs: number): void {
  takeLine(connection, getConnectionRate(address), nowMs);
}

/** Books the next line of an address, so that its waiting connections take turns. Returns the time of the turn. */
export function bookLine(address: AddressBudget, nowMs: number): number {
  const atMs = findNextMs(address, whole, nowMs);
  takeLine(address, whole, nowMs);
  return atMs;
}

/** Returns a line that was booked and will not be sent. */
export function unbookLine(address: AddressBudget): void {
  address.fullAtMs -= whole.intervalMs;
}
