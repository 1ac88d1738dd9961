/**
 * A whole session in Chinese, drawn after each step at three sizes. The only English words on any screen are technical
 * terms, keys, commands and addresses, and no row is too wide.
 */

import { expect, test } from "bun:test";
import type { ReactNode } from "react";
import { ChoiceLine } from "../../components/prompt/ChoiceLine.tsx";
import { Composer } from "../../components/prompt/Composer.tsx";
import { KeysLine } from "../../components/prompt/KeysLine.tsx";
import { QuestionLine } from "../../components/prompt/QuestionLine.tsx";
import { ReplayLine } from "../../components/prompt/ReplayLine.tsx";
import { SearchLine } from "../../components/prompt/SearchLine.tsx";
import { WireLine } from "../../components/prompt/WireLine.tsx";
import { commandTable } from "../../src/chat/commands/command-table.ts";
import { Replay } from "../../src/replay/recording.ts";
import { selectNames, selectScreen } from "../../src/chat/screen/select-screen.ts";
import { formatSpokenHelp } from "../../src/cli/output/spoken-output.ts";
import { Composer as ComposerStore } from "../../src/input/composer/composer.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import { makeIpEndpoint } from "../../src/protocol/address/endpoint.ts";
import type { LanInterface } from "../../src/protocol/lan/lan-event.ts";
import type { TcpFacts } from "../../src/protocol/sockets/tcp-facts.ts";
import { translateCommands } from "../../src/view/overlays/help-lines.ts";
import { describeName } from "../../src/view/bars/describe-name.ts";
import { composerMaxUnits } from "../../src/protocol/limits.ts";
import type { Question } from "../../src/view/overlays/question.ts";
import { firstWireState, createPlace, type WireState } from "../../src/view/wire/wire-state.ts";
import { type Duet, World } from "../support/chat-world.ts";
import { ChineseReader } from "../support/chinese-reader.tsx";
import { announcement, eth, eth6, receiveAnnouncement, lo } from "../support/lan-fixture.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";
import { chinese } from "../support/words.ts";

const facts: TcpFacts = {
  state: "CLOSE-WAIT",
  source: "table",
  roundTripMs: 0.021,
  roundTripVarMs: 0.009,
  retransmits: 2,
  unackedBytes: 3,
  unsentBytes: 7,
  unreadBytes: 1,
  sendWindowBytes: 65_536,
};

/** The composer after some keystrokes, with the completions that Tab offers. */
function offered(duet: Duet, keys: string) {
  const model = selectScreen(duet.chat);
  const store = new ComposerStore({
    names: () => selectNames(duet.chat),
    describeName: (name) => describeName(model, name),
    commands: translateCommands(chinese),
  });
  for (const event of new KeyDecoder().push(Buffer.from(keys))) store.handle(event);
  return store.snapshot();
}

/** Commands that end the session or open a screen; they are tested apart. */
const endings: ReadonlySet<string> = new Set("quit clear tour listen connect reconnect close".split(" "));
/** Commands that would change the named peer. */
const harmful: ReadonlySet<string> = new Set("rst deny allow shutdown upgrade".split(" "));

test("over TCP: members, commands and their answers, calls, states, failures", () => {
  const world = new World();
  const hub = world.hub({ words: chinese, allow: [] });
  const read = new ChineseReader();
  const look = (step: string): void => read.screens(step, selectScreen(hub.chat));
  look("alone");
  const raw = world.program().connect();
  const bob = world.member("bob");
  world.member("eve", "tcp", { name: "eve" });
  world.pass(2000);
  look("people");
  raw.send("Hi\n");
  hub.say("你好");
  hub.command("/msg bob 你好");
  bob.command("/msg hub 你好");
  bob.command("/me Hi");
  world.pass(2000);
  look("lines");
  for (const { name } of commandTable.filter((command) => !endings.has(command.name))) {
    hub.command(`/${name}`);
    hub.command(`/${name} ${harmful.has(name) ? "?" : "bob"}`);
    hub.command("/tcp");
  }
  look("every command");
  hub.command("/nonsense");
  for (const verb of [
    "/send-hex 6",
    "/send-hex 48 69",
    "/partial 你好",
    "/buffer 4096 bob",
    "/buffer off bob",
    "/shutdown bob",
    "/accept bob",
    "/deny 10.0.0.0/8",
    "/raw on",
    "/raw off",
    "/why EPIPE",
  ]) {
    hub.command(verb);
    look(verb);
  }
  const connection = hub.peer().link.connection;
  hub.dispatch({ type: "kernel-watched", watched: true });
  hub.dispatch({
    type: "kernel-looked",
    purpose: "command",
    seen: [
      { connection, facts },
      { connection: undefined, facts: { ...facts, state: "SYN-SENT" } },
    ],
  });
  for (const [call, result, bytes, ofBytes] of [
    ["send", "partial", 4096, 65_536],
    ["send", "would-block", 0, 7],
    ["recv", "FIN", 0, undefined],
    ["connect", "ECONNREFUSED", undefined, undefined],
    ["setsockopt", "SO_RCVBUF 4096 B, TCP_WINDOW_CLAMP", undefined, undefined],
  ] as const) {
    const called = {
      type: "called",
      call,
      result,
      connection,
      ...(bytes !== undefined && { bytes }),
    } as const;
    hub.onEvent("tcp", ofBytes === undefined ? called : { ...called, ofBytes });
  }
  look("kernel");
  const wire: WireState = { ...firstWireState, isShown: true };
  const chosen = hub.chat.sides.tcp.calls?.at(2)?.number;
  for (const state of [
    wire,
    { ...wire, focus: "calls", place: { ...createPlace("tcp"), chosen, top: chosen } },
    { ...wire, focus: "calls", place: { ...createPlace("tcp"), chosen, openFrom: 0 } },
    { ...wire, focus: "calls", place: { ...createPlace("tcp"), chosen: 999, openFrom: 0 } },
    { ...wire, focus: "messages" },
  ] as const)
    read.screens("wire", selectScreen(hub.chat), { wire: state }, (columns) => (
      <WireLine state={state} words={chinese.wire} columns={columns} row={0} />
    ));
  hub.dispatch({ type: "wire-paused" });
  read.screens("paused", selectScreen(hub.chat), { wire });
  raw.close("reset");
  bob.quit();
  world.pass(1000);
  hub.onEvent("tcp", {
    type: "turned-away",
    peer: makeIpEndpoint("10.0.0.9", 7),
    refusal: { is: "datagrams-full", peersMax: 2 },
    count: 1,
  });
  look("they leave");
  for (const place of ["127.0.0.1 1", "::1 1", "127.0.0.1 99999", "a@b 1", "-U"]) {
    hub.command(`/connect ${place}`);
    world.pass(200);
    look(place);
  }
  hub.command("/reconnect");
  hub.command("/close");
  hub.say("你好");
  look("closed");
  read.everything("all of it", hub);
  expect(read.found).toEqual([]);
});

test("over UDP: receipts, lost lines, silent peers, impairment, strangers", () => {
  const world = new World();
  const hub = world.hub({ words: chinese }, "udp");
  const read = new ChineseReader();
  const look = (step: string): void => read.screens(step, selectScreen(hub.chat));
  hub.command("/udp");
  look("alone");
  const bob = world.member("bob", "udp", { words: chinese });
  world.member("eve", "udp");
  const raw = world.program("udp").connect();
  raw.send("Hi");
  world.pass(3000);
  hub.say("你好");
  bob.say("你好");
  world.pass(3000);
  look("lines");
  for (const command of [
    "/who",
    "/stats",
    "/trouble loss=20% dup=5% reorder=10% delay=50ms",
    "/trouble",
    "/shutdown",
    "/rst",
    "/rst bob",
    "/buffer 9",
  ]) {
    hub.command(command);
    look(command);
  }
  hub.dispatch({ type: "kernel-looked", purpose: "command", seen: [] });
  hub.dispatch({
    type: "impairment-counted",
    counts: { dropped: 3, duplicated: 1, delayed: 9, reordered: 2 },
  });
  look("trouble");
  read.screens("of who came", selectScreen(bob.chat));
  hub.onEvent("udp", { type: "overrun", count: 3 });
  hub.command("/trouble off");
  look("no trouble");
  world.remove(bob);
  hub.say("你好");
  world.pass(120_000);
  look("lost");
  hub.command("/resend");
  hub.command("/close");
  world.pass(1000);
  look("closed");
  read.everything("all of it", hub);
  read.everything("all of bob", bob);
  expect(read.found).toEqual([]);
});

test("the local network, help, questions, menus, search, a chosen line, a paste", () => {
  const world = new World();
  const duet = world.duet({ words: chinese, lan: true });
  duet.open({ role: "listen", target: { kind: "ip", host: "0.0.0.0", port: 8080 } });
  const wlan: LanInterface = { ...eth6, id: "wlan0", name: "wlan0", joined: "ENODEV" };
  duet.dispatch({ type: "lan", event: { type: "interfaces", interfaces: [eth, lo, wlan] } });
  const read = new ChineseReader();
  const showLan = (step: string): void =>
    read.screens(step, selectScreen(duet.chat), { overlay: "lan" }, (columns) => (
      <KeysLine title={chinese.lan.prompt} keys={chinese.lan.keys} columns={columns} row={0} />
    ));
  showLan("lan");
  for (let index = 1; index < 12; index += 1)
    receiveAnnouncement(duet, `192.0.2.${10 + index}`, announcement(index, { name: "bob" }));
  world.pass(30_000);
  showLan("lan with others");
  duet.dispatch({ type: "lan-requested" });
  world.pass(5000);
  const model = selectScreen(duet.chat);
  const columnsOf = (line: (columns: number) => ReactNode): void => read.screens("line", model, {}, line);
  for (let fromLine = 0; fromLine < 90; fromLine += 6)
    read.screens("help", model, { overlay: "help", overlayFromLine: fromLine });
  for (const question of [
    { type: "overwrite", path: "/tmp/a" },
    { type: "leave-room", key: "", members: 3 },
    { type: "broadcast", wish: { text: "", address: "10.0.0.255", port: 8080, forced: false } },
  ] as readonly Question[])
    columnsOf((columns) => (
      <QuestionLine question={question} words={chinese.questions} columns={columns} row={0} />
    ));
  for (const text of ["", "你好"]) {
    const line = { ...firstWireState.filter, text };
    const search = {
      transport: "tcp",
      line,
      from: "newest",
      match: undefined,
      position: 0,
      count: 0,
      before: "",
    } as const;
    columnsOf((columns) => <SearchLine search={search} words={chinese.search} columns={columns} row={0} />);
  }
  for (const canResend of [true, false]) {
    const choice = { transport: "tcp", entryId: 1, name: "bob", canResend } as never;
    columnsOf((columns) => <ChoiceLine choice={choice} words={chinese.choice} columns={columns} row={0} />);
  }
  for (const keys of [
    "/\t",
    "/wire \t",
    "/buffer \t",
    "/trouble \t",
    "/listen \t",
    "/why \t",
    "/msg \t",
    "/raw \t",
  ])
    for (let more = 0; more < 40; more += 5)
      read.screens(keys, model, { offer: offered(duet, keys + "\t".repeat(more)).completion });
  for (const keys of ["", `\x1b[200~${"a\n".repeat(composerMaxUnits / 2)}b\x1b[201~`])
    columnsOf((columns) => (
      <Composer
        snapshot={offered(duet, keys)}
        frame={{ name: "ann", words: chinese.composer, columns, rows: 24, queuedLines: 3 }}
      />
    ));
  for (const hint of [
    sentence("ctrl-c-quits"),
    sentence("quit-or-shutdown"),
    sentence("nobody-spoke-yet"),
    sentence("recording-goes-on", { events: 1000 }),
  ])
    read.screens("hint", model, { hint });
  read.text("spoken help", formatSpokenHelp(chinese));
  read.everything("all of it", duet);
  expect(read.found).toEqual([]);
});

test("a recording", () => {
  const peer = "127.0.0.1:7";
  const at = { atMs: 1_800_000_000_000, transport: "tcp" } as const;
  const replay = new Replay(
    [
      {
        ...at,
        type: "state",
        from: "CLOSED",
        to: "LISTEN",
        local: "127.0.0.1:8080",
        peer: undefined,
        reason: "127.0.0.1:8080 is ours, waiting for someone to connect",
      },
      { ...at, type: "peer", event: "connected", peer, name: "bob", kind: "raw", security: "plain" },
      {
        ...at,
        type: "message",
        id: 1,
        direction: "in",
        peer,
        name: "bob",
        text: "你好",
        bytes: 6,
        action: false,
        private: true,
        security: "plain",
      },
      {
        ...at,
        type: "state",
        from: "ESTABLISHED",
        to: "RESET",
        local: "127.0.0.1:8080",
        peer,
        reason: "connection reset by the peer (RST)",
      },
      { ...at, type: "peer", event: "disconnected", peer, name: "bob", kind: "raw", security: "plain" },
    ],
    chinese,
  );
  const read = new ChineseReader();
  const progress = { isPlaying: true, playedMs: 0, wholeMs: 9000, position: 1, count: 5 };
  for (const position of [0, 1, 2, 3, 4, 5]) {
    replay.goTo(position);
    read.screens("replay", replay.model(), {}, (columns) => (
      <ReplayLine progress={progress} keys={chinese.replayKeys} columns={columns} row={0} />
    ));
  }
  read.screens("the replay's keys", replay.model(), { overlay: "help" });
  expect(read.found).toEqual([]);
});
