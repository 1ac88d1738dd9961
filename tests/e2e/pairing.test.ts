/** `duet` without an address, in terminals of one machine: the first listens on 127.0.0.1:8080, the others join. */

import { describe, expect } from "bun:test";
import { type Duet, Folder, startDuet } from "../support/duet.ts";
import { Namespace, withNamespace } from "../support/namespace.ts";
import { startProgram } from "../support/processes.ts";
import { startOnScreen } from "../support/screens.ts";
import { until } from "../support/wait.ts";

describe.each([
  ["TCP", []],
  ["UDP", ["--udp"]],
] as const)("over %s", (_name, flags) => {
  withNamespace("two duets pair and chat, and a third joins the room", async () => {
    await using network = await Namespace.open();
    using folder = new Folder();
    const { under } = network;
    const start = (name: string): Duet => startDuet([...flags, "--json", "--name", name], { folder, under });
    await using ann = start("ann");
    await ann.waitForEvent({ type: "state", local: "127.0.0.1:8080" });
    await using bob = start("bob");
    await Promise.all([
      ann.waitForEvent({ type: "peer", event: "identified", name: "bob", kind: "duet" }),
      bob.waitForEvent({ type: "peer", event: "identified", name: "ann", kind: "duet" }),
    ]);
    bob.write("你好\n");
    ann.write("hello\n");
    await ann.waitForEvent({ type: "message", direction: "in", name: "bob", text: "你好" });
    await bob.waitForEvent({ type: "message", direction: "in", name: "ann", text: "hello" });
    await using eve = start("eve");
    await eve.waitForEvent({ type: "peer", event: "identified", name: "ann" });
    await ann.waitForEvent({ type: "peer", event: "identified", name: "eve" });
    eve.write("three\n");
    for (const other of [ann, bob]) {
      await other.waitForEvent({ type: "message", direction: "in", name: "eve", text: "three" });
    }
    bob.signal("SIGTERM");
    expect((await bob.waitForExit()).code).toBe(143);
    await ann.waitForEvent({ type: "peer", event: "disconnected", name: "bob" });
    const received = eve.eventsOf("message").filter(({ direction }) => direction === "in");
    expect(received).toEqual([]);
  });

  withNamespace(
    "another user's duet, whose announcement is elsewhere, is found by its banner over TCP, and not contacted over UDP",
    async () => {
      await using network = await Namespace.open();
      const { under } = network;
      await using ann = startDuet([...flags, "--json", "--name", "ann"], { under });
      await ann.waitForEvent({ type: "state", local: "127.0.0.1:8080" });
      await using bob = startDuet([...flags, "--json", "--name", "bob"], { under });
      if (flags.length > 0) {
        expect((await bob.waitForExit()).code).toBe(1);
        expect(ann.eventsOf("peer")).toEqual([]);
        return;
      }
      await ann.waitForEvent({ type: "peer", event: "identified", name: "bob", kind: "duet" });
      bob.write("hi\n");
      await ann.waitForEvent({ type: "message", name: "bob", text: "hi" });
    },
  );

  withNamespace(
    "a program that is no duet is named and receives no byte, and duet exits with 1",
    async () => {
      await using network = await Namespace.open();
      const { under } = network;
      await using program = startProgram([
        ...under,
        "python3",
        "-u",
        "-c",
        recorder,
        flags.length > 0 ? "udp" : "tcp",
      ]);
      await program.waitForLine("ready");
      // The search for the name has a time limit, which a slow machine may reach before all processes are read.
      await until(async () => {
        await using duet = startDuet([...flags, "--plain"], { under });
        duet.write("for nobody\n");
        expect((await duet.waitForExit()).code).toBe(1);
        expect(duet.errors).toMatch(
          /^duet: 127\.0\.0\.1:8080 \((TCP|UDP)\) is taken by .+, which is not a duet that can be joined$/m,
        );
        expect(duet.errors).toContain("take another port: ");
        return / is taken by python3\S* \(pid \d+\), which/.test(duet.errors);
      }, "the program's name");
      program.signal("SIGTERM");
      expect(await program.waitForLine(/^got/)).toBe("got b''");
    },
  );
});

/** What another user can do to the folder of announcements in a shared directory. */
const squats: readonly (readonly [string, string])[] = [
  ["a symbolic link", "ln -s /"],
  ["a file", "touch"],
  ["a folder that all may write to", "mkdir -m 777"],
  ...(process.getuid?.() === 0 ? [["a folder of another user", "install -d -o 12345"] as const] : []),
];

describe("without a runtime folder", () => {
  for (const [what, command] of squats)
    withNamespace(`two duets pair over UDP although ${what} has the name of their folder`, async () => {
      await using network = await Namespace.open();
      using folder = new Folder();
      const { under } = network;
      // In the namespace the user is root.
      const name = folder.join("duet-0");
      expect(Bun.spawnSync(["sh", "-c", `${command} ${name}`]).exitCode).toBe(0);
      const env = { XDG_RUNTIME_DIR: "" };
      await using ann = startDuet(["-u", "--json", "--name", "ann"], { folder, under, env });
      await ann.waitForEvent({ type: "state", local: "127.0.0.1:8080" });
      await using bob = startDuet(["-u", "--json", "--name", "bob"], { folder, under, env });
      await bob.waitForEvent({ type: "peer", event: "identified", name: "ann", kind: "duet" });
      bob.write("hi\n");
      await ann.waitForEvent({ type: "message", direction: "in", name: "bob", text: "hi" });
    });

  withNamespace(
    "a duet that can announce itself nowhere says so, and the command that it names works",
    async () => {
      await using network = await Namespace.open();
      using folder = new Folder();
      const { under } = network;
      const env = { XDG_RUNTIME_DIR: "", TMPDIR: folder.join("missing") };
      await using ann = startDuet(["-u", "--plain", "--name", "ann"], { folder, under, env });
      await ann.waitForError(/cannot find this one over UDP: \S*\/missing\/duet-0 cannot be used \(ENOENT\)/);
      await ann.waitForError(/join with bun run start -u --duet 127\.0\.0\.1 8080, or set XDG_RUNTIME_DIR/);
      await using bob = startDuet(["-u", "--plain", "--name", "bob"], { folder, under, env });
      expect((await bob.waitForExit()).code).toBe(1);
      expect(bob.errors).toContain("and duet cannot know whether that is a duet of yours: ");
      expect(bob.errors).not.toContain("not a duet");
      await using eve = startDuet(["-u", "--duet", "127.0.0.1", "8080", "--plain", "--name", "eve"], {
        under,
        env,
      });
      eve.write("hi\n");
      await ann.waitForLine("<eve> hi");
    },
  );
});

/** Ends a connection from its listening end, and leaves 127.0.0.1:8080 to the kernel, in TIME-WAIT or in FIN-WAIT-2. */
const endedListener = `
import socket, sys
server = socket.socket()
server.bind(("127.0.0.1", 8080))
server.listen()
client = socket.create_connection(("127.0.0.1", 8080))
accepted, _ = server.accept()
accepted.close()
server.close()
if sys.argv[1] == "TIME-WAIT": client.close()
print("ended", flush=True)
sys.stdin.read()
`;

describe.each([
  ["-l", ["-l", "127.0.0.1", "8080"]],
  ["pairing", []],
] as const)("a port that the kernel keeps (%s)", (_name, args) => {
  for (const state of ["TIME-WAIT", "FIN-WAIT-2"])
    withNamespace(`in ${state} is waited for, and the command that takes another port works`, async () => {
      await using network = await Namespace.open();
      const { under } = network;
      // FIN-WAIT-2 ends after a second, as TIME-WAIT does after a minute.
      const shorten = "echo 1 > /proc/sys/net/ipv4/tcp_fin_timeout";
      await using program = startProgram([
        ...under,
        ...["bash", "-c", `${shorten}; exec python3 -c '${endedListener}' ${state}`],
      ]);
      await program.waitForLine("ended");
      await using waiting = startDuet([...args, "--plain"], { under });
      await waiting.waitForError(
        new RegExp(
          `was used by a connection that has ended: the kernel keeps it \\(${state}\\), for about \\d+ s more`,
        ),
      );
      await waiting.waitForError(/take another port now: bun run start -l 127\.0\.0\.1 8081/);
      await using other = startDuet(["-l", "127.0.0.1", "8081", "--plain"], { under });
      await other.waitForError(/LISTEN: 127\.0\.0\.1:8081/);
      if (state === "TIME-WAIT") return;
      await waiting.waitForError(/LISTEN: 127\.0\.0\.1:8080/);
      expect(waiting.errors).not.toContain("duet: ");
    });
});

/** Holds 127.0.0.1:8080 and collects received bytes until SIGTERM, then prints them. */
const recorder = `
import signal, socket, sys
kind = socket.SOCK_DGRAM if sys.argv[1] == "udp" else socket.SOCK_STREAM
server = socket.socket(socket.AF_INET, kind)
server.bind(("127.0.0.1", 8080))
got = b""
def end(*_):
    print("got", got)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
if kind == socket.SOCK_STREAM: server.listen(5)
print("ready")
while True:
    if kind == socket.SOCK_DGRAM:
        got += server.recv(4096)
        continue
    client, _ = server.accept()
    while True:
        try: came = client.recv(4096)
        except OSError: break
        if not came: break
        got += came
    client.close()
`;

describe("one duet over TCP and one over UDP", () => {
  withNamespace(
    "learn of each other on their screens, and the command that they are told joins",
    async () => {
      await using network = await Namespace.open();
      using folder = new Folder();
      const options = { folder, under: network.under, columns: 120 };
      await using ann = await startOnScreen(["--name", "ann"], options);
      await ann.sees("LISTEN 127.0.0.1:8080");
      await using bob = await startOnScreen(["--udp", "--name", "bob"], options);
      await bob.sees("ann waits on this machine too, over TCP, at 127.0.0.1:8080");
      await bob.sees("/tcp joins it there");
      await ann.sees("bob waits on this machine too, over UDP, at 127.0.0.1:8080");
      await ann.sees("/udp joins it there");
      ann.say("/udp");
      await ann.sees("you are ann in bob's room at 127.0.0.1:8080");
      ann.say("hello");
      await bob.sees(/ann │ hello/);
    },
  );

  withNamespace("learn the command line without a screen, which joins", async () => {
    await using network = await Namespace.open();
    using folder = new Folder();
    const options = { folder, under: network.under };
    await using ann = startDuet(["--plain", "--name", "ann"], options);
    await ann.port();
    await using bob = startDuet(["--udp", "--plain", "--name", "bob"], options);
    await ann.waitForError(/bob waits on this machine too.*\n +this joins it: .* --udp$/m);
    await bob.waitForError(/ann waits on this machine too/);
    await using eve = startDuet(["--udp", "--json", "--name", "eve"], options);
    await eve.waitForEvent({ type: "peer", event: "identified", name: "bob" });
  });
});
