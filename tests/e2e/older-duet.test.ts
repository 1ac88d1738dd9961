/** This duet with the last one that did not encrypt: in the clear where that is allowed, else refused, in words to both. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Duet, type JsonEvent, startDuet } from "../support/duet.ts";
import { JoinedNamespaces, withJoinedNamespaces } from "../support/joined-namespaces.ts";
import { type OlderDuet, unpackOlderDuet } from "../support/older-duet.ts";

let older: OlderDuet;
beforeAll(async () => {
  older = await unpackOlderDuet();
});
afterAll(() => older[Symbol.dispose]());

type Role = "host" | "client";
interface Pair extends AsyncDisposable {
  readonly ours: Duet;
  readonly theirs: Duet;
}

/** Starts both, over loopback or from one network to another; `ours` has this role and these options. */
async function start(
  transport: "tcp" | "udp",
  role: Role,
  options: readonly string[],
  network?: JoinedNamespaces,
  output = "--json",
): Promise<Pair> {
  const flags = transport === "udp" ? ["-u"] : [];
  const address = network?.other.address ?? "127.0.0.1";
  const hostArgs = ["-l", ...flags, address, network === undefined ? "0" : "9000", "--name", "ann"];
  const under = { host: network?.other.under ?? [], client: network?.one.under ?? [] };
  const startOne = (of: Role, args: readonly string[]): Duet =>
    of === role
      ? startDuet([...args, output, ...options], { under: under[of] })
      : older.start([...args, "--json"], { under: under[of] });
  const host = startOne("host", hostArgs);
  const listening = await host.waitForEvent({ type: "state", to: transport === "tcp" ? "LISTEN" : "BOUND" });
  const port = String(listening["local"]).split(":").at(-1) ?? "";
  const client = startOne("client", ["--duet", ...flags, address, port, "--name", "bob"]);
  const [ours, theirs] = role === "host" ? [host, client] : [client, host];
  return {
    ours,
    theirs,
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
    },
  };
}

async function chat({ ours, theirs }: Pair): Promise<JsonEvent> {
  await theirs.waitForEvent({ type: "peer", event: "identified", kind: "duet" });
  ours.write("from the new one\n");
  await theirs.waitForEvent({ type: "message", direction: "in", text: "from the new one" });
  theirs.write("from the old one\n");
  return ours.waitForEvent({ type: "message", direction: "in", text: "from the old one" });
}

describe.each(["tcp", "udp"] as const)("over %s", (transport) => {
  withJoinedNamespaces(`auto tells a person that its offer was answered in the clear`, async () => {
    await using network = await JoinedNamespaces.open();
    await using pair = await start(transport, "client", [], network, "--plain");
    const { ours, theirs } = pair;
    const words = "this connection is PLAIN: ann's duet does not encrypt";
    await ours.waitFor(() => (ours.output + ours.errors).includes(words), words);
    ours.write("from the new one\n");
    await theirs.waitForEvent({ type: "message", direction: "in", name: "bob", text: "from the new one" });
  });

  for (const role of ["host", "client"] as const) {
    withJoinedNamespaces(`auto as the ${role} chats with it, and says PLAIN`, async () => {
      await using network = await JoinedNamespaces.open();
      await using pair = await start(transport, role, [], network);
      expect(await chat(pair)).toMatchObject({ security: "plain" });
      const { ours, theirs } = pair;
      const found = await ours.waitForEvent({ type: "peer", event: "identified", kind: "duet" });
      expect(found).toMatchObject({ security: "plain", name: role === "host" ? "bob" : "ann" });
      await theirs.waitForEvent({ type: "receipt", stage: "received" });
    });

    test(`require as the ${role} refuses it, and both are told in words`, async () => {
      await using pair = await start(transport, role, ["--encrypt", "require"]);
      const { ours, theirs } = pair;
      ours.write("a secret\n");
      theirs.write("another one\n");
      await theirs.waitFor(
        () => theirs.output.includes("(--encrypt require)"),
        "the reason, at the older one",
      );
      await ours.waitFor(
        () => /does not encrypt|only accepts encrypted/.test(ours.output + ours.errors),
        "the reason, at ours",
      );
      if (role === "client") expect((await ours.waitForExit()).code).toBe(1);
      expect(theirs.eventsOf("message").filter(({ direction }) => direction === "in")).toEqual([]);
      expect(ours.eventsOf("message").filter(({ direction }) => direction === "in")).toEqual([]);
    });
  }
});
