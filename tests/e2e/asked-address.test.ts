/** A machine with several addresses in one network: a UDP peer is answered from the address that it asked. */

import { expect } from "bun:test";
import { startDuet } from "../support/duet.ts";
import { JoinedNamespaces, withJoinedNamespaces } from "../support/joined-namespaces.ts";
import { startProgram } from "../support/processes.ts";
import { until } from "../support/wait.ts";

/** Asks an address once, on a connected socket: answers from elsewhere do not reach it, as with nc. */
const asker = `
import socket, sys
address, text = sys.argv[1:]
asker = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
asker.connect((address, 8080))
asker.send(text.encode() + b"\\n")
asker.settimeout(60)
print(asker.recv(4096).decode(), end="", flush=True)
`;

for (const host of ["0.0.0.0", "::"])
  withJoinedNamespaces(
    `raw peers and duets are answered by a listener at ${host} from where they asked`,
    async () => {
      await using network = await JoinedNamespaces.open();
      const { one, other } = network;
      const run = (command: string): void => {
        const { exitCode, stderr } = Bun.spawnSync([...one.under, "sh", "-ec", command]);
        if (exitCode !== 0) throw new Error(stderr.toString());
      };
      run("ip addr add 10.7.0.9/24 dev one; ip -6 addr add fd00::1/64 dev one nodad");
      run("ip -6 addr add fd00::9/64 dev one nodad");
      Bun.spawnSync([...other.under, "ip", "-6", "addr", "add", "fd00::2/64", "dev", "other", "nodad"]);
      await using ann = startDuet(["-u", "-l", host, "8080", "--json", "--name", "ann"], {
        under: one.under,
      });
      await ann.waitForEvent({ type: "state", to: "BOUND" });
      const addresses = ["10.7.0.1", "10.7.0.9", ...(host === "::" ? ["fd00::1", "fd00::9"] : [])];
      const receivesAnswer = async (address: string): Promise<void> => {
        // Piped input answers a raw peer of another machine with no more bytes than it sent.
        const text = `at ${address} ${".".repeat(100)}`;
        await using peer = startProgram([...other.under, "python3", "-c", asker, address, text]);
        await ann.waitForEvent({ type: "message", direction: "in", text });
        ann.write(`answer to ${address}\n`);
        await peer.waitForExit();
        expect(peer.output).toContain(`answer to ${address}`);
      };
      for (const address of addresses) await receivesAnswer(address);
      for (const address of addresses) {
        const to = ["-u", "--duet", address, "8080", "--json", "--name", `bob`];
        await using bob = startDuet(to, { under: other.under });
        await bob.waitForEvent({ type: "peer", event: "identified", name: "ann", kind: "duet" });
        bob.write(`from bob at ${address}\n`);
        await ann.waitForEvent({ type: "message", direction: "in", text: `from bob at ${address}` });
        bob.signal("SIGTERM");
        await bob.waitForExit();
      }
      run("ip addr add 10.7.0.10/24 dev one");
      await until(() => {
        const bound = Bun.spawnSync([...one.under, "ss", "-lun", "sport = :8080"]).stdout.toString();
        return bound.includes("10.7.0.10:8080");
      }, "a socket for the new address");
      await receivesAnswer("10.7.0.10");
      await using second = startDuet(["-u", "-l", host, "8080", "--plain"], { under: one.under });
      expect((await second.waitForExit()).code).toBe(1);
      expect(second.errors).toContain("is in use");
    },
  );
