/**
 * Each network error, its cause provoked for real: the sentence is true of it, and every command that the hint names is
 * typed and does what it says. Each runs in a network of its own, in which every port is free.
 */

import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { type ErrorCode, errorCodes } from "../../src/protocol/sockets/network-error.ts";
import { Folder, startDuet } from "../support/duet.ts";
import { Namespace, withNamespace } from "../support/namespace.ts";
import { startProgram } from "../support/processes.ts";
import { startInTerminal } from "../support/pty.ts";
import { canRefuseSockets, refuseSockets } from "../support/refused-sockets.ts";
import { commandOf, screenEnvironment } from "../support/screens.ts";

interface ErrorCase {
  readonly name: string;
  readonly code: ErrorCode;
  /** A shell command that makes the cause; what it leaves in the background ends with the network. */
  readonly cause?: string;
  /** The arguments of duet, with FOLDER for a fresh folder. */
  readonly args: readonly string[];
  readonly input?: string;
  /** What the sentence says, and what it must not say. */
  readonly says: RegExp;
  readonly hints: RegExp;
  readonly neverSays?: RegExp;
  /** The family of sockets that the kernel refuses to duet, and its errno. */
  readonly refused?: readonly ["IPv4" | "IPv6", number];
  /** Further commands that the hint stands for, which work. */
  readonly next?: readonly string[];
  /** Capabilities of the namespace's root that duet runs without, as `-net_bind_service`. */
  readonly without?: string;
  /** Commands of the hint that cannot succeed here, since the cause stays: only their spelling is checked. */
  readonly lastsFor?: RegExp;
}

/** A Python program that stays, started in the background; the shell goes on once it has run. */
function keep(body: string): string {
  const program = `import socket, time; ${body}; print(1, flush=True); time.sleep(99)`;
  return `python3 -c '${program}' > FOLDER/made & until [ -s FOLDER/made ]; do sleep 0.02; done`;
}

const listenAt8080 = keep('s=socket.socket(); s.bind(("127.0.0.1",8080)); s.listen(0)');

const makeSubnet = [
  "ip link add d0 type veth peer name d1",
  "ip addr add 10.9.0.1/24 brd + dev d0",
  "ip link set d0 up",
  "ip link set d1 up",
].join(" && ");

/** A name server at the address that this machine asks, which knows no name. */
const answerNoName = `
ip addr add "$(sed -n "s/^nameserver *//p" /etc/resolv.conf | head -1)" dev lo
${keep(
  [
    "import threading",
    "s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)",
    's.bind(("0.0.0.0",53))',
    'answer=lambda q: q[:2]+b"\\x81\\x83"+q[4:6]+bytes(6)+q[12:]',
    "serve=lambda: [s.sendto(answer(q),a) for q,a in iter(lambda: s.recvfrom(999),0)]",
    "threading.Thread(target=serve).start()",
  ].join("; "),
)}`;

/** Resets each connection once it has sent a line. */
const resetAt8080 = keep(
  [
    "import struct",
    "s=socket.socket()",
    's.bind(("127.0.0.1",8080))',
    "s.listen()",
    "print(1,flush=True)",
    'end=lambda c: (c.setsockopt(socket.SOL_SOCKET,socket.SO_LINGER,struct.pack("ii",1,0)),c.recv(99),c.close())',
    "[end(c) for c,_ in iter(s.accept,0)]",
  ].join("; "),
);

const fillBacklog = `
import socket, time
held = []
for _ in range(4):
  c = socket.socket(); c.setblocking(False); held.append(c)
  try: c.connect(("127.0.0.1",8080))
  except BlockingIOError: pass
print(1, flush=True); time.sleep(99)
`;

/** Errors of Linux for socket(2). */
const eafnosupport = 97;
const enobufs = 105;

const cases: readonly ErrorCase[] = [
  {
    name: "a port that another program listens on",
    code: "EADDRINUSE",
    cause: listenAt8080,
    args: ["-l", "127.0.0.1", "8080"],
    says: /127\.0\.0\.1:8080 is in use: python3 \(pid \d+\) has the port\./,
    hints: /-l 127\.0\.0\.1 8081.*ss -tanp 'sport = :8080'/,
  },
  {
    name: "a port that another program has a connection from",
    code: "EADDRINUSE",
    cause: keep(
      [
        "s=socket.socket()",
        's.bind(("127.0.0.1",9999))',
        "s.listen()",
        "c=socket.socket()",
        'c.bind(("127.0.0.1",8080))',
        'c.connect(("127.0.0.1",9999))',
      ].join("; "),
    ),
    args: ["-l", "127.0.0.1", "8080"],
    says: /127\.0\.0\.1:8080 is in use: python3 \(pid \d+\) has the port\./,
    hints: /ss -tanp 'sport = :8080'/,
  },
  {
    name: "a UDP port that another program is bound to",
    code: "EADDRINUSE",
    cause: keep('s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind(("0.0.0.0",8080))'),
    args: ["-u", "-l", "127.0.0.1", "8080"],
    says: /is in use: python3 \(pid \d+\) has the port\./,
    hints: /--udp -l 127\.0\.0\.1 8081.*ss -uanp 'sport = :8080'/,
  },
  {
    name: "an address of another machine",
    code: "EADDRNOTAVAIL",
    args: ["-l", "192.0.2.1", "8080"],
    says: /Nothing can listen on 192\.0\.2\.1:8080: this machine does not have that address\./,
    hints: /ip -brief address; all of them: .* -l 0\.0\.0\.0 8080/,
  },
  {
    name: "a TCP port that nobody listens on",
    code: "ECONNREFUSED",
    args: ["127.0.0.1", "8080"],
    says: /127\.0\.0\.1:8080 refused the connection: no program listens on that port, or a firewall refuses/,
    hints: /listen there first: .* -l 127\.0\.0\.1 8080/,
  },
  {
    name: "a UDP port that nobody is bound to",
    code: "ECONNREFUSED",
    args: ["-u", "127.0.0.1", "8080"],
    input: "hi\n",
    says: /127\.0\.0\.1:8080 refused a datagram \(ICMP port unreachable\)/,
    hints: /--udp -l 127\.0\.0\.1 8080/,
    neverSays: /nc -ul/,
  },
  {
    name: "a network without a route",
    code: "ENETUNREACH",
    args: ["192.0.2.1", "9"],
    says: /No route leads to the network of 192\.0\.2\.1:9/,
    hints: /ip route get 192\.0\.2\.1/,
    lastsFor: /ip route get/,
  },
  {
    name: "a zone whose interface has no route",
    code: "ENETUNREACH",
    args: ["fe80::1%lo", "9"],
    says: /No route leads to the network of \[fe80::1%lo\]:9/,
    hints: /ip route get fe80::1 dev lo/,
    lastsFor: /ip route get/,
  },
  ...[["-u"], []].map((flags): ErrorCase => ({
    name: `a zone of no interface, ${flags.length > 0 ? "UDP" : "TCP"}`,
    code: "ENODEV",
    args: [...flags, "fe80::1%nosuch", "9"],
    input: "hi\n",
    says: /This machine has no network interface as \[fe80::1%nosuch\]:9 needs it/,
    hints: /ip -brief link/,
    neverSays: /nobody is bound|ping/,
  })),
  {
    name: "a machine that is off",
    code: "EHOSTUNREACH",
    cause: makeSubnet,
    args: ["10.9.0.7", "9"],
    says: /The machine of 10\.9\.0\.7:9 cannot be reached: nothing answers at that address, or a route/,
    hints: /ping 10\.9\.0\.7/,
    lastsFor: /ping/,
  },
  {
    name: "a machine that is off, for a short -w",
    code: "ETIMEDOUT",
    cause: makeSubnet,
    args: ["10.9.0.7", "9", "-w", "0.5"],
    says: /10\.9\.0\.7:9 did not answer in time: it is off, a firewall drops the packets, or its backlog is full\./,
    hints: /ping 10\.9\.0\.7; or give it more seconds: -w SECONDS/,
    lastsFor: /ping/,
  },
  {
    name: "an unreachable route",
    code: "EHOSTUNREACH",
    cause: `${makeSubnet} && ip route add unreachable 10.9.0.7`,
    args: ["10.9.0.7", "9"],
    says: /The machine of 10\.9\.0\.7:9 cannot be reached: .*or a route, router or firewall blocks it/,
    hints: /ping 10\.9\.0\.7/,
    lastsFor: /ping/,
  },
  {
    name: "a listener whose backlog is full",
    code: "ETIMEDOUT",
    cause: [
      listenAt8080,
      `python3 -c '${fillBacklog}' > FOLDER/full & until [ -s FOLDER/full ]; do sleep 0.02; done`,
    ].join("\n"),
    args: ["127.0.0.1", "8080", "-w", "0.5"],
    says: /127\.0\.0\.1:8080 did not answer in time: .*or its backlog is full/,
    hints: /-w SECONDS/,
    lastsFor: /ping/,
  },
  {
    name: "a UDP datagram to the broadcast address of a subnet",
    code: "EACCES",
    cause: makeSubnet,
    args: ["-u", "10.9.0.255", "9"],
    input: "hi\n",
    says: /10\.9\.0\.255:9 is a broadcast address: an ordinary datagram cannot be sent there/,
    hints: /\/broadcast TEXT 10\.9\.0\.255/,
    neverSays: /firewall/,
  },
  {
    name: "a TCP connection to the broadcast address of a subnet",
    code: "EACCES",
    cause: makeSubnet,
    args: ["10.9.0.255", "9"],
    says: /10\.9\.0\.255:9 is a broadcast address: TCP connects to one machine alone/,
    hints: /address of one machine/,
    neverSays: /firewall/,
  },
  {
    name: "a prohibited route",
    code: "EACCES",
    cause: `${makeSubnet} && ip route add prohibit 10.9.0.7`,
    args: ["10.9.0.7", "9"],
    says: /The system does not permit connect for 10\.9\.0\.7:9: a rule of its firewall, or a route, forbids it/,
    hints: /ip route get 10\.9\.0\.7/,
    neverSays: /broadcast/,
    lastsFor: /ip route get|nft/,
  },
  {
    name: "a blackhole route",
    code: "EINVAL",
    cause: `${makeSubnet} && ip route add blackhole 10.9.0.7`,
    args: ["10.9.0.7", "9"],
    says: /The system does not take 10\.9\.0\.7:9 as an address to connect/,
    hints: /Check host and port/,
  },
  {
    name: "an IPv6 address where this machine has none",
    code: "EADDRNOTAVAIL",
    cause: "ip addr del ::1/128 dev lo; ip route add local ::1 dev lo",
    args: ["::1", "9"],
    says: /This machine has no address of its own, or no free port, from which it could reach \[::1\]:9\./,
    hints: /ip -brief address|ip route get/,
    neverSays: /Wait a minute/,
    lastsFor: /ip route get/,
  },
  {
    name: "a port of the administrator",
    code: "EACCES",
    args: ["-l", "127.0.0.1", "80"],
    without: "-net_bind_service",
    says: /127\.0\.0\.1:80 is not for everyone: ports below 1024 are the administrator's\./,
    hints: /Choose 1024 or above: bun run start -l 127\.0\.0\.1/,
  },
  {
    name: "a port that the system reserves",
    code: "EACCES",
    cause: "echo 9000 > /proc/sys/net/ipv4/ip_unprivileged_port_start",
    args: ["-l", "127.0.0.1", "8080"],
    without: "-net_bind_service",
    says: /The system does not let you listen on 127\.0\.0\.1:8080\./,
    hints: /cat \/proc\/sys\/net\/ipv4\/ip_unprivileged_port_start/,
  },
  {
    name: "a name that no name server knows",
    code: "ENOTFOUND",
    cause: answerNoName,
    args: ["nobody.invalid", "9"],
    says: /No address was found for the name in nobody\.invalid:9/,
    hints: /getent ahosts nobody\.invalid/,
    lastsFor: /getent/,
  },
  {
    name: "a name without a network",
    code: "EAI_AGAIN",
    args: ["nobody.invalid", "9"],
    says: /The name in nobody\.invalid:9 could not be looked up now: no name server gave an answer\./,
    hints: /bun run start ADDRESS 9/,
    lastsFor: /ADDRESS/,
  },
  {
    name: "a peer that resets",
    code: "ECONNRESET",
    cause: resetAt8080,
    args: ["127.0.0.1", "8080"],
    input: "hi\n",
    says: /127\.0\.0\.1:8080 reset the connection \(RST\): its program ended, closed with bytes unread, or did/,
    hints: /bun run start 127\.0\.0\.1 8080/,
    neverSays: /lost/,
  },
  {
    name: "a peer that closed before it was written to",
    code: "EPIPE",
    cause: keep(
      's=socket.socket(); s.bind(("127.0.0.1",8080)); s.listen(); print(1,flush=True); [c.close() for c,_ in iter(s.accept,0)]',
    ),
    args: ["127.0.0.1", "8080"],
    input: "hi\n",
    says: /127\.0\.0\.1:8080 has closed the connection, and reads no more\./,
    hints: /Connect again: bun run start 127\.0\.0\.1 8080$/,
  },
  ...[["-l"], ["-u", "-l"], [], ["-u"]].map((flags): ErrorCase => ({
    name: `an IPv6 address where the kernel has no IPv6 (${flags.join(" ")})`,
    code: "EAFNOSUPPORT",
    args: [...flags, "::1", "8080"],
    input: "hi\n",
    refused: ["IPv6", eafnosupport],
    says: /\[::1\]:8080 is of an address family that this socket, or this machine, does not have\./,
    hints: /Give an address of the other family/,
    next: ["bun run start -l 127.0.0.1 8080"],
  })),
  ...[["-l"], ["-u", "-l"], [], ["-u"]].map((flags): ErrorCase => ({
    name: `a socket that the system refuses for a reason without a page (${flags.join(" ")})`,
    code: "EUNKNOWN",
    args: [...flags, "127.0.0.1", "8080"],
    input: "hi\n",
    refused: ["IPv4", enobufs],
    says: /(bind|connect) failed for 127\.0\.0\.1:8080: .+\./,
    hints: /-v without one/,
    neverSays: /refused/,
  })),
  {
    name: "a UNIX path in a folder that is not ours to search",
    code: "EACCES",
    cause: "mkdir -m 0 FOLDER/closed",
    args: ["-l", "-U", "FOLDER/closed/chat"],
    without: "-dac_override,-dac_read_search",
    says: /The permissions of .*\/closed\/chat or its folder do not let you listen there\./,
    hints: /ls -ld "\$\(dirname .*\/closed\/chat\)"; .*-U \/tmp\/chat/,
  },
  {
    name: "a UNIX socket that is not ours to connect to",
    code: "EACCES",
    cause: `${keep('s=socket.socket(socket.AF_UNIX); s.bind("FOLDER/chat"); s.listen()')}; chmod 0 FOLDER/chat`,
    args: ["-U", "FOLDER/chat"],
    without: "-dac_override,-dac_read_search",
    says: /The permissions of .*\/chat or its folder do not let you connect\./,
    hints: /ls -ld .*\/chat/,
  },
  {
    name: "a UNIX path without a socket",
    code: "ENOENT",
    args: ["-U", "FOLDER/chat"],
    says: /There is no socket at .*\/chat\./,
    hints: /-l -U .*\/chat/,
  },
  {
    name: "a UNIX path without a folder, connecting",
    code: "ENOENT",
    args: ["-U", "FOLDER/none/chat"],
    says: /The folder of .*\/none\/chat is not there\./,
    hints: /mkdir -p/,
  },
  {
    name: "a UNIX path without a folder, listening",
    code: "ENOENT",
    args: ["-l", "-U", "FOLDER/none/chat"],
    says: /The folder of .*\/none\/chat is not there\./,
    hints: /mkdir -p/,
  },
  ...[["-l"], []].map((flags): ErrorCase => ({
    name: `a UNIX path through a file, ${flags.length > 0 ? "listening" : "connecting"}`,
    code: "ENOENT",
    cause: "touch FOLDER/notes",
    args: [...flags, "-U", "FOLDER/notes/chat"],
    says: /A part of .*\/notes\/chat before the last is not a folder\./,
    hints: /namei -l/,
    lastsFor: /namei/,
  })),
  ...[["-l"], []].map((flags): ErrorCase => ({
    name: `a plain file, ${flags.length > 0 ? "listening" : "connecting"}`,
    code: flags.length > 0 ? "EADDRINUSE" : "ECONNREFUSED",
    cause: "touch FOLDER/notes",
    args: [...flags, "-U", "FOLDER/notes"],
    says: /\/notes is not a socket\./,
    hints: /ls -ld /,
    neverSays: /rm |has ended/,
  })),
  {
    name: "a socket that its program left",
    code: "ECONNREFUSED",
    cause: `python3 -c 'import socket; s=socket.socket(socket.AF_UNIX); s.bind("FOLDER/chat")'`,
    args: ["-U", "FOLDER/chat"],
    says: /Nobody listens at .*\/chat: the program that made the socket has ended\./,
    hints: /-l -U .*\/chat/,
  },
  {
    name: "a datagram socket",
    code: "ECONNREFUSED",
    cause: keep('s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM); s.bind("FOLDER/chat")'),
    args: ["-U", "FOLDER/chat"],
    says: /\/chat is a datagram socket: it takes no connection/,
    hints: /nc -uU/,
    neverSays: /has ended|rm /,
    lastsFor: /nc -uU/,
  },
  {
    name: "a socket that another program listens on",
    code: "EADDRINUSE",
    cause: keep('s=socket.socket(socket.AF_UNIX); s.bind("FOLDER/chat"); s.listen()'),
    args: ["-l", "-U", "FOLDER/chat"],
    says: /\/chat is in use: another program has that socket\./,
    hints: /ss -xap/,
    neverSays: /rm /,
  },
  {
    name: "a socket that is bound and does not listen",
    code: "ECONNREFUSED",
    cause: keep('s=socket.socket(socket.AF_UNIX); s.bind("FOLDER/chat")'),
    args: ["-U", "FOLDER/chat"],
    says: /A program has the socket .*\/chat and does not accept/,
    hints: /ss -xap/,
    lastsFor: /bun run start -U/,
  },
  {
    name: "an abstract name that nobody ever had",
    code: "ECONNREFUSED",
    args: ["-U", "@nobody"],
    says: /Nobody listens at the UNIX socket @nobody\./,
    hints: /-l -U @nobody/,
    neverSays: /has ended/,
  },
  {
    name: "a path that looks like a host and a port",
    code: "ENOENT",
    args: ["-U", "chat:80"],
    says: /There is no socket at \.\/chat:80\./,
    hints: /-l -U \.\/chat:80/,
  },
  {
    name: "a path that is too long",
    code: "ENAMETOOLONG",
    args: ["-U", `/${"x".repeat(108)}`],
    says: /a UNIX socket's has at most 107 bytes/,
    hints: /-U \/tmp\/chat/,
  },
  {
    name: "a datagram that is too large",
    code: "EMSGSIZE",
    args: ["-u", "127.0.0.1", "8080"],
    cause: keep('s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind(("127.0.0.1",8080))'),
    input: `${"x".repeat(65_508)}\n`,
    says: /too (large|long)/,
    hints: /in parts|several/,
  },
];

/** The slowest cause, ARP without an answer, takes 3 s. */
const waitMs = 20_000;

/** The commands of a hint: each stands after a colon or "or", up to a semicolon, a comma or the end. */
function findCommands(hint: string): readonly string[] {
  const found = hint.matchAll(
    /(?:^|[:,] |or )((?:bun run start|ss|ip|ping|cat|ls|mkdir|namei|getent|nc) [^;,]*?)(?=;|,| to see|$)/g,
  );
  return [...found].map(([, command = ""]) => command.trim());
}

async function run(under: readonly string[], command: string, cwd: string): Promise<[number, string]> {
  const child = Bun.spawn([...under, "bash", "-c", command], {
    cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: {
      ...process.env,
      XDG_RUNTIME_DIR: cwd,
      XDG_CONFIG_HOME: cwd,
      XDG_STATE_HOME: cwd,
      XDG_DATA_HOME: `${cwd}/data`,
    },
  });
  const [out, errors, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return [code, out + errors];
}

/** Types a command of a hint: one of duet's must open its socket, another must succeed. */
async function type(under: readonly string[], command: string, folder: Folder): Promise<void> {
  if (!command.startsWith("bun run start")) {
    const [program = ""] = command.split(" ");
    if (Bun.which(program) === null) return;
    const [code, output] = await run(under, command, folder.path);
    return expect([command, code, output]).toEqual([command, 0, expect.any(String)]);
  }
  const args = command.slice("bun run start ".length).replaceAll("'", "").split(" ");
  await using duet = startDuet([...args, "--plain"], { folder, under, cwd: folder.path });
  await duet.waitForError(/LISTEN|BOUND|ESTABLISHED/);
}

const isFilterable = canRefuseSockets() || process.env["CI"] !== undefined;

for (const each of cases) {
  const title = `${each.name}: the sentence is true, and the next step works`;
  if (each.refused !== undefined && !isFilterable) test.skip(`${title} (no seccomp here)`, () => {});
  else withNamespace(title, () => provoke(each));
}

/** Makes the cause, starts duet, and types the commands of its hint. */
async function provoke(each: ErrorCase): Promise<void> {
  const { code, cause = "true", args, input, without, refused, says, hints, neverSays, lastsFor } = each;
  await using network = await Namespace.open();
  using folder = new Folder();
  const fill = (text: string) => text.replaceAll("FOLDER", folder.path);
  const script = `set -e; ${fill(cause)}\necho made it; cat`;
  await using background = startProgram([...network.under, "bash", "-c", script]);
  await background.waitForLine("made it", waitMs);
  const drop = without === undefined ? [] : ["setpriv", `--bounding-set=${without}`];
  const filter = refused === undefined ? [] : refuseSockets(...refused);
  const under = [...network.under, ...drop, ...filter];
  await using duet = startDuet([...args.map(fill), "--json"], { folder, under, cwd: folder.path });
  if (input !== undefined) duet.write(input);
  const { hint, ...error } = await duet.waitForEvent({ type: "error" }, waitMs);
  expect(error).toMatchObject({ code, message: expect.stringMatching(says) });
  expect(hint).toMatch(hints);
  if (neverSays !== undefined) expect(duet.output).not.toMatch(neverSays);
  await duet[Symbol.asyncDispose]();
  const commands = findCommands(String(hint)).filter((command) => lastsFor?.test(command) !== true);
  for (const command of [...commands, ...(each.next ?? [])])
    await type([...network.under, ...filter], command, folder);
}

test("no descriptor left (EMFILE): the sentence is true, and a shell with a higher limit starts duet", async () => {
  using folder = new Folder();
  const options = { columns: 300, env: screenEnvironment(folder) };
  // Without a screen, and after one listener: nothing is left to be loaded, so that a socket alone needs a descriptor.
  await using duet = await startInTerminal(commandOf(["--screen-reader", "-l", "127.0.0.1", "0"]), options);
  await duet.waitForText("is now LISTEN");
  duet.write("/close\r");
  await duet.waitForText("is now CLOSED");
  const used = Math.max(...readdirSync(`/proc/${duet.pid}/fd`).map(Number)) + 1;
  expect(Bun.spawnSync(["prlimit", "--pid", String(duet.pid), `--nofile=${used}`]).exitCode).toBe(0);
  duet.write("/listen 127.0.0.1 0\r");
  await duet.waitForText("has all the descriptors it may have. Next: Allow more and start again: ulimit -n");
  const [bun = "", main = ""] = commandOf([]);
  const again = `ulimit -Sn 7; ulimit -n "$(ulimit -Hn)"; exec "${bun}" "${main}" --version`;
  expect(Bun.spawnSync(["bash", "-c", again]).stdout.toString()).toMatch(/^duet \d/);
});

test("every error code has a case", () => {
  const provoked = new Set<ErrorCode>([...cases.map(({ code }) => code), "EMFILE"]);
  expect(errorCodes.filter((code) => !provoked.has(code))).toEqual([]);
});
