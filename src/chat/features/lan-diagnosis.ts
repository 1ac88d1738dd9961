/**
 * Diagnosis of the local network: for each interface whether the group was joined, whether our own announcements
 * return, and which duets were received; and invitations for networks without multicast.
 */

import { isInCidr, parseCidr } from "../../protocol/address/cidr.ts";
import { makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import { type LanInterface, stripPrefixLength } from "../../protocol/lan/lan-event.ts";
import { lanEchoMs } from "../../protocol/limits.ts";
import type { Chat, ReportContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import type { Cell, Table } from "../../words/parts/table.ts";
import type { Lan, LanHere } from "../records/lan.ts";
import { addNotice } from "../report/report.ts";
import { isSideOpenToNetwork } from "./exposure.ts";
import { inviteTo } from "./invitation.ts";
import { describeListed, ListedPeople } from "./lan-people.ts";
import { lanDoubts } from "../records/lan-roster.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Config } from "../config/config.ts";

/** The most names in a row. */
const namesMax = 8;

/** Shows the duets and the diagnosis as lines, where no screen shows a list. */
export function reportLan(
  chat: ReportContext & Pick<Chat, "self">,
  lan: Lan,
  side: Pick<Side, "transport" | "conversation" | "counters">,
): void {
  const people = new ListedPeople(chat);
  const rows = lan.roster.rows();
  if (rows.length === 0) addNotice(chat, side, "info", sentence("lan-nobody"));
  const cells = rows.map(({ name, transport, endpoint, doubt, identity }) => {
    const person = people.recognise(name, transport, identity);
    const key = person.is === "verified" ? person.key : undefined;
    const place = endpoint.family === "unix" ? endpoint.path : `${endpoint.address} ${endpoint.port}`;
    const isActive = transport === side.transport;
    const marks = [describeListed(person), doubt && sentence(lanDoubts[doubt])];
    return [
      name,
      transport.toUpperCase(),
      sentence("lan-connect", { transport, isActive, place, key }),
      ...marks.filter((mark) => mark !== undefined),
    ];
  });
  addTable(chat, side, { rows: cells });
  addTable(chat, side, makeInterfaceTable(chat.nowMs, lan));
  for (const line of makeAdvice(chat, lan)) addNotice(chat, side, "info", line);
}

function addTable(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  table: Table<Sentence>,
): void {
  for (const at of table.rows.keys()) addNotice(chat, side, "info", sentence("row", { table, at }));
}

/** Each interface: its name, family and address, and the results of its checks. */
export function makeInterfaceTable(nowMs: number, lan: Lan): Table<Sentence> {
  return { rows: lan.interfaces.map((here) => makeInterfaceRow(nowMs, lan, here)) };
}

function makeInterfaceRow(nowMs: number, lan: Lan, here: LanHere): readonly Cell<Sentence>[] {
  const { name, family, cidrs, joined } = here.interface;
  const start = [name, family, stripPrefixLength(cidrs[0])];
  if (joined !== "ok") return [...start, sentence("interface-not-joined", { code: joined })];
  const all = listReceivedNames(lan, here.interface);
  const names = all.slice(0, namesMax);
  const received = sentence("interface-receives", { names, more: all.length - names.length });
  return [...start, sentence("interface-joined"), describeEcho(nowMs, here), received];
}

function describeEcho(nowMs: number, { failed, hasEcho, hadEcho, sentMs }: LanHere): Sentence {
  if (failed !== undefined) return sentence("interface-cannot-send", { code: failed });
  const isYoung = sentMs === undefined || nowMs - sentMs < lanEchoMs;
  if (hasEcho || (isYoung && hadEcho)) return sentence("interface-has-echo");
  return sentence(isYoung ? "interface-listens" : "interface-deaf");
}

function listReceivedNames(lan: Lan, through: LanInterface): readonly string[] {
  return lan.roster
    .all()
    .filter(({ places }) => places.some(({ address }) => findInterface(lan, address) === through.id))
    .map(({ name }) => name);
}

/** The interface of an address: the one that has it, the one of its zone, or the one of its network. */
function findInterface(lan: Lan, address: string): string | undefined {
  const [bare = address, zone] = address.split("%");
  const all = lan.interfaces.map((here) => here.interface);
  const own = all.find(
    ({ cidrs }) => zone === undefined && cidrs.some((cidr) => stripPrefixLength(cidr) === bare),
  );
  const inZone = all.find(({ name, family }) => name === zone && family === "IPv6");
  return (own ?? inZone ?? all.find(({ cidrs }) => cidrs.some((cidr) => isIn(cidr, bare))))?.id;
}

function isIn(cidr: string, address: string): boolean {
  const range = parseCidr(cidr);
  return range !== undefined && isInCidr(range, makeIpEndpoint(address, 0));
}

/** An invitation for networks that block multicast, or the reason why nobody can join. */
export function makeAdvice(chat: Pick<Chat, "config" | "sides" | "self">, lan: Lan): readonly Sentence[] {
  const machineAddress = findMachineAddress(chat.config, lan);
  const lines = Object.values(chat.sides)
    .filter(isSideOpenToNetwork)
    .flatMap((side) => {
      const { local } = side.socket;
      return local === undefined ? [] : [inviteTo(chat, side, local, machineAddress)];
    });
  if (lines.length === 0) return [sentence("lan-nobody-can-join")];
  return [sentence("lan-blocked"), ...lines.map((invitation) => sentence("lan-invitation", { invitation }))];
}

function findMachineAddress(config: Config, lan: Lan): string | undefined {
  const outward = lan.interfaces.map((here) => here.interface).filter(({ isLoopback }) => !isLoopback);
  const first = outward.find(({ family }) => family === "IPv4");
  return config.machineAddress ?? (first && stripPrefixLength(first.cidrs[0]));
}
