/** `/broadcast` on a screen and a real subnet: it asks first, and reaches every listener but ourselves. */

import { expect } from "bun:test";
import { startDuet } from "../support/duet.ts";
import { JoinedNamespaces, withJoinedNamespaces } from "../support/joined-namespaces.ts";
import { startOnScreen } from "../support/screens.ts";

withJoinedNamespaces(
  "n sends nothing, y reaches every listener of the subnet, and an answer is shown",
  async () => {
    await using network = await JoinedNamespaces.open();
    await using bob = startDuet(["-u", "-l", "0.0.0.0", "8080", "--plain", "--name", "bob"], {
      under: network.other.under,
    });
    await bob.waitForError(/BOUND/);
    for (const [host, family] of [
      ["0.0.0.0", "IPv4"],
      ["::", "both"],
    ] as const) {
      await using ann = await startOnScreen(["-u", "-l", host, "8080", "--name", "ann"], {
        under: network.one.under,
        rows: 30,
      });
      await ann.sees("BOUND");
      ann.say(`/broadcast never over ${family}`);
      await ann.sees(/^everybody at 10\.7\.0\.255:8080 receives it: y sends, n does not/m);
      ann.type("n");
      await ann.sees("nothing was sent");
      ann.say(`/broadcast hello over ${family}`);
      await ann.sees(/y sends, n does not/);
      ann.type("y");
      await ann.sees("to everybody at 10.7.0.255:8080, one datagram");
      await bob.waitForLine(`<10.7.0.1:8080> <ann> hello over ${family}`);
      bob.write(`I am here, ${family}\n`);
      await ann.sees(`I am here, ${family}`);
      const shown = ann.terminal.screen().filter((row) => row.includes(`hello over ${family}`));
      expect(shown).toHaveLength(1);
    }
    expect(bob.output).not.toContain("never");
  },
);
