/** Two people on two terminals: they meet, chat over TCP and UDP, switch live, and see presence. */

import { expect, test } from "bun:test";
import { Folder } from "../support/duet.ts";
import { type ScreenDuet, startOnScreen } from "../support/screens.ts";
import { freePort } from "../support/tutorial.ts";

interface Pair extends AsyncDisposable {
  readonly alice: ScreenDuet;
  readonly bob: ScreenDuet;
  readonly port: number;
}

const small = { columns: 80, rows: 10 } as const;

/** Alice listens, bob connects. */
async function startPair(transport: "tcp" | "udp"): Promise<Pair> {
  const flag = transport === "udp" ? ["-u"] : [];
  const port = await freePort(transport);
  const there = ["127.0.0.1", String(port)];
  const folder = new Folder();
  const options = { ...small, folder };
  const alice = await startOnScreen([...flag, "-l", ...there, "--name", "alice"], options);
  const bob = await startOnScreen([...flag, "--duet", ...there, "--name", "bob"], options);
  const stop = async (): Promise<void> => {
    await bob[Symbol.asyncDispose]();
    await alice[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  };
  return { alice, bob, port, [Symbol.asyncDispose]: stop };
}

/** The port of bob's connection, as alice's screen shows it; on a slow machine bob's hello is late. */
async function bobsPort(alice: ScreenDuet): Promise<string> {
  const joined = /bob \(127\.0\.0\.1:(\d+)\) joined|127\.0\.0\.1:(\d+) is bob/;
  await alice.sees(joined);
  const [, early, late] = joined.exec(alice.drawn()) ?? [];
  return early ?? late ?? "";
}

test("over TCP each screen shows the other's lines, name, address and state", async () => {
  await using pair = await startPair("tcp");
  const { alice, bob, port } = pair;
  const from = await bobsPort(alice);
  alice.say("hello bob, 你好");
  await bob.sees(/alice │ hello bob, 你好$/);
  bob.say("hello alice 👋");
  await alice.shows(
    `
┃ [TCP] server ◎ LISTEN PLAIN 127.0.0.1:PPPPP · 1 peer  UDP ○ CLOSED       alice
┃
┃
┃
┃hh:mm    -- │ ◎ LISTEN: 127.0.0.1:PPPPP is ours, waiting for someone to connect
┃hh:mm   --> │ bob (127.0.0.1:QQQQQ) joined, a duet
┃hh:mm alice │ hello bob, 你好  ✓✓ read
┃hh:mm   bob │ hello alice 👋
┃ ↓ in ↑ out  Ctrl-T UDP  F2 wire  F1 help
┃alice │ type a line and press Enter, or /help
`,
    { PPPPP: port, QQQQQ: from },
  );
  await bob.shows(
    `
┃ [TCP] ● ESTABLISHED PLAIN 127.0.0.1:QQQQQ → 127.0.0.1:PPPPP  UDP ○ CLOSED  bob
┃
┃
┃hh:mm    -- │ ◌ CONNECTING: asked 127.0.0.1:PPPPP for a connection
┃hh:mm    -- │ ● ESTABLISHED: the connection to 127.0.0.1:PPPPP is made
┃hh:mm   --> │ you are bob in alice's room at 127.0.0.1:PPPPP
┃hh:mm alice │ hello bob, 你好
┃hh:mm   bob │ hello alice 👋  ✓ received
┃ ↓ in ↑ out  Ctrl-T UDP  F2 wire  F1 help
┃bob │ type a line and press Enter, or /help
`,
    { PPPPP: port, QQQQQ: from },
  );
});

test("over UDP each screen shows the other's lines, and the state follows received datagrams", async () => {
  await using pair = await startPair("udp");
  const { alice, bob, port } = pair;
  const from = await bobsPort(alice);
  alice.say("hello bob");
  await bob.sees(/alice │ hello bob$/);
  bob.say("hello alice");
  await alice.sees(/bob │ hello alice$/);
  await alice.sees(/alice │ hello bob {2}✓✓ read$/);
  await bob.sees(/bob │ hello alice {2}✓ received$/);
  await alice.sees(`[UDP] server ● OPEN PLAIN 127.0.0.1:${port} · 1 peer`);
  await bob.sees(`[UDP] client ● OPEN PLAIN 127.0.0.1:${from} → 127.0.0.1:${port}`);
});

test("Ctrl-T, Alt-1 and /udp show one room in both tabs of its host, and a client's other tab counts", async () => {
  await using pair = await startPair("tcp");
  const { alice, bob, port } = pair;
  await bobsPort(alice);
  alice.type("\x14");
  await alice.sees(`[UDP] server ◎ BOUND PLAIN 127.0.0.1:${port}`);
  bob.say("one over TCP");
  await alice.sees(/ TCP +bob │ one over TCP$/);
  await alice.sees(/^ TCP ◎ LISTEN {2}\[UDP\]/);
  bob.say("/udp");
  await bob.sees(/\[UDP\] client ● OPEN/);
  await alice.sees(/bob .* is here by UDP too/);
  bob.say("by datagram");
  await alice.sees(/ UDP +bob │ by datagram$/);
  alice.type("\x1b1");
  await alice.sees(/\[TCP\] server ◎ LISTEN .* 1 peer {2}UDP ● OPEN {2,}alice/);
  await alice.sees(/ UDP +bob │ by datagram$/);
  alice.say("unread one");
  await bob.sees("TCP ● ESTABLISHED (1)");
  await bob.terminal.waitFor(
    (seen) => seen.title() === "(1) duet: UDP OPEN with alice",
    "the window's title",
  );
  alice.say("unread two");
  await bob.sees("TCP ● ESTABLISHED (2)");
  alice.say("/udp");
  await alice.sees(/ TCP +alice │ unread two/);
});

test("/me, a private line and a new name have their own look on both sides", async () => {
  await using pair = await startPair("tcp");
  const { alice, bob } = pair;
  await bobsPort(alice);
  await bob.sees("you are bob");
  bob.say("/me waves");
  await alice.sees(/ \* │ bob waves$/);
  await bob.sees(/ \* │ bob waves( |$)/);
  alice.say("/msg bob psst");
  await alice.sees(/→ bob │ psst( |$)/);
  await bob.sees(/alice → you │ psst$/);
  bob.say("/nick robert");
  await alice.sees(/bob is now robert/);
  await bob.sees(/^robert │/);
});

test("a friend's /quit is shown, and the bar no longer counts it", async () => {
  await using pair = await startPair("tcp");
  const { alice, bob } = pair;
  await bobsPort(alice);
  await bob.sees("you are bob");
  bob.say("/quit");
  await bob.ends(0);
  await alice.sees(/<-- │ bob .*left/);
  await alice.terminal.waitFor((seen) => !seen.screen()[0]?.includes("peer"), "nobody to be counted");
});

test("a line typed in an empty room stays in the composer", async () => {
  await using alice = await startOnScreen(["-l", "127.0.0.1", "0"]);
  alice.say("is anyone here?");
  await alice.sees("nobody is here yet: the line was not sent");
  await alice.composes("is anyone here?");
});

test("an empty room shows how a friend can join, on UDP as on TCP", async () => {
  const port = await freePort("udp");
  await using alice = await startOnScreen(["-u", "-l", "127.0.0.1", String(port), "--name", "ann"], small);
  await alice.shows(
    `
┃ TCP ○ CLOSED  [UDP] server ◎ BOUND 127.0.0.1:PPPPP                         ann
┃         You are ann. Another name: /nick NAME, or start with --name.
┃         Nobody else is here yet. On this machine a friend joins with:
┃             bun run start -u --duet 127.0.0.1 PPPPP
┃             nc -u 127.0.0.1 PPPPP    or any program that speaks text
┃         Then type, and press Enter. Ctrl-T shows TCP, F1 helps.
┃
┃hh:mm    -- │ ◎ BOUND: 127.0.0.1:PPPPP is ours, waiting for a first datagram
┃ ↓ in ↑ out  Ctrl-T TCP  F2 wire  F1 help
┃ann │ type a line and press Enter, or /help
`,
    { PPPPP: port },
  );
});

test("two duets without an address pair, over TCP and over UDP, and a third joins the room", async () => {
  const under = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];
  if ((await Bun.spawn(["unshare", "-rn", "true"], { stderr: "ignore" }).exited) !== 0) return;
  using folder = new Folder();
  // All three in one new namespace: the others enter the first one's.
  await using alice = await startOnScreen(["--name", "alice"], { under, folder });
  await alice.sees("[TCP] server ◎ LISTEN 127.0.0.1:8080");
  const enter = ["nsenter", "-t", String(alice.terminal.pid), "-U", "-n", "--preserve-credentials"];
  await using bob = await startOnScreen(["--name", "bob"], { under: enter, folder });
  await alice.sees(/bob .*joined|is bob/);
  bob.say("found you");
  await alice.sees(/bob │ found you$/);
  alice.type("\x14");
  await alice.sees("[UDP] server ◎ BOUND PLAIN 127.0.0.1:8080");
  await using carol = await startOnScreen(["--name", "carol", "--udp"], { under: enter, folder });
  await carol.sees(/you are carol in alice's room/);
  carol.say("and me, by UDP");
  await alice.sees(/carol │ and me, by UDP$/);
  await bob.sees(/carol │ and me, by UDP$/);
  expect(alice.terminal.screen()[0]).toContain("[UDP] server ● OPEN PLAIN 127.0.0.1:8080");
});
