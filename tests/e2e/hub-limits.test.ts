/** The limits of a hub for one remote address, in a namespace with more addresses on its loopback interface. */

import { expect } from "bun:test";
import { connectionsPerAddressMax, strangerLinesBurst } from "../../src/protocol/limits.ts";
import { type Duet, startDuet } from "../support/duet.ts";
import { Namespace, withNamespace } from "../support/namespace.ts";
import { type Program, startProgram } from "../support/processes.ts";

const far = "10.1.2.3";
const farSix = "fd00::3";

/** A network in which these addresses belong to another machine, as far as a hub can see. */
async function networkWithStrangers(): Promise<Namespace> {
  const namespace = await Namespace.open();
  for (const address of [`${far}/32`, `${farSix}/128`])
    Bun.spawnSync([...namespace.under, "ip", "addr", "add", address, "dev", "lo"]);
  return namespace;
}

async function portOf(duet: Duet): Promise<number> {
  await duet.waitFor(() => /(?:LISTEN|BOUND).*:\d+/.test(duet.errors + duet.output), "the hub's port");
  return Number(/(?:0\.0\.0\.0|\[::\]):(\d+)/.exec(duet.errors + duet.output)?.[1]);
}

/** Sends this many lines and prints the received bytes, until its connection ends or it is killed. */
function startSender(
  { under }: Namespace,
  host: string,
  port: number,
  lines: number,
  kind: "tcp" | "udp" = "tcp",
): Program {
  const say = `for n in $(seq ${lines}); do echo "line $n" >&3; done`;
  return startProgram([...under, "bash", "-c", `exec 3<>/dev/${kind}/${host}/${port}; ${say}; exec cat <&3`]);
}

withNamespace(
  `${connectionsPerAddressMax} connections of one remote address are accepted, and one more is refused with a reason`,
  async () => {
    await using namespace = await networkWithStrangers();
    await using hub = startDuet(["-l", "::", "0", "--json", "-v"], { under: namespace.under });
    const port = await portOf(hub);
    const started: Program[] = [];
    const connect = (host: string): Program => {
      const program = startSender(namespace, host, port, 0);
      started.push(program);
      return program;
    };
    const countAccepted = (address: string): number =>
      hub.eventsOf("state").filter(({ to, peer }) => to === "ESTABLISHED" && String(peer).startsWith(address))
        .length;
    for (const [host, peer] of [
      [far, `${far}:`],
      [farSix, `[${farSix}]:`],
    ] as const) {
      for (let count = 0; count < connectionsPerAddressMax; count += 1) connect(host);
      await hub.waitFor(() => countAccepted(peer) === connectionsPerAddressMax, `all of ${host}`);
      const late = connect(host);
      await late.waitForLine(
        "Sorry, your address has 16 connections here already. Close one, then try again.",
      );
      expect(countAccepted(peer)).toBe(connectionsPerAddressMax);
    }
    for (let count = 0; count <= connectionsPerAddressMax; count += 1) connect("127.0.0.1");
    await hub.waitFor(() => countAccepted("127.0.0.1:") === connectionsPerAddressMax + 1, "all of loopback");
    const members = () => hub.eventsOf("peer").filter(({ event }) => event === "connected").length;
    await hub.waitFor(() => members() === 3 * connectionsPerAddressMax + 1, "all to be of the room");
    started[0]!.signal("SIGKILL");
    await hub.waitForEvent({ type: "state", to: "HALF-CLOSED (theirs)" });
    // Sending to it reveals that it is gone.
    started.push(startSender(namespace, "127.0.0.1", port, 3));
    await hub.waitForEvent({ type: "peer", event: "disconnected" });
    connect(far);
    await hub.waitFor(
      () => countAccepted(`${far}:`) === connectionsPerAddressMax + 1,
      "the one in its place",
    );
    await hub.waitForEvent({ type: "stats", turnedAway: 2 });
    await Promise.all(started.map((program) => program[Symbol.asyncDispose]()));
  },
);

for (const kind of ["tcp", "udp"] as const) {
  withNamespace(
    `${kind}: a stranger's flood is throttled, whole and in order, and a local peer's is not`,
    async () => {
      await using namespace = await networkWithStrangers();
      const args = kind === "udp" ? ["-u", "-l", "0.0.0.0", "0"] : ["-l", "0.0.0.0", "0"];
      await using hub = startDuet([...args, "--plain"], { under: namespace.under });
      const port = await portOf(hub);
      const lines = strangerLinesBurst + 4;
      await using stranger = startSender(namespace, far, port, lines, kind);
      await hub.waitForError(
        new RegExp(`${far.replaceAll(".", "\\.")}:\\d+ sends faster than a stranger may`),
      );
      const received = (from: string) => hub.lines.filter((line) => line.startsWith(`<${from}:`));
      await using friend = startSender(namespace, "127.0.0.1", port, 100, kind);
      await hub.waitFor(() => received("127.0.0.1").length === 100, "all of the friend's");
      expect(hub.errors).not.toMatch(/127\.0\.0\.1:\d+ sends faster/);
      await hub.waitFor(() => received(far).length === lines, "all of the stranger's");
      expect(received(far).map((line) => line.replace(/^.*> /, ""))).toEqual(
        Array.from({ length: lines }, (_, index) => `line ${index + 1}`),
      );
      const why =
        "duet: you send more than 5 lines a second: the rest is queued as long as you stay connected";
      await stranger.waitFor(() => stranger.output.includes(why), "the reason");
      expect(friend.output).not.toContain("duet: ");
    },
  );
}

withNamespace("a pipe sends a UDP source of another machine no more bytes than it has sent", async () => {
  await using namespace = await networkWithStrangers();
  const args = ["-u", "-l", "0.0.0.0", "0", "--plain"];
  await using hub = startDuet(args, { under: namespace.under, inputFrom: "yes" });
  const port = await portOf(hub);
  await using stranger = startSender(namespace, far, port, 1, "udp");
  await hub.waitForError(/may be forged, as any UDP address may/);
  await using friend = startSender(namespace, "127.0.0.1", port, 1, "udp");
  await friend.waitFor(() => friend.output.length > 1000, "the input");
  hub.signal("SIGKILL");
  await hub.waitForExit();
  expect(stranger.output.length).toBeLessThanOrEqual("line 1\n".length);
});
