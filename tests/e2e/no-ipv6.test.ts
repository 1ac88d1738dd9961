/** Duets on a machine without IPv6: what `::` stands for there, for listeners and for those that pair or connect. */

import { describe, expect } from "bun:test";
import { type Duet, Folder, startDuet } from "../support/duet.ts";
import { withoutIpv6 } from "../support/no-ipv6.ts";

describe.each([
  ["TCP", []],
  ["UDP", ["-u"]],
] as const)("over %s", (_name, flags) => {
  for (const [listening, joining] of [
    [["-l", "::"], ["--lan"]],
    [["--lan"], ["--lan"]],
    [["--lan"], ["--lan", "-4"]],
    [["-l", "0.0.0.0"], ["--lan"]],
    [
      ["-l", "::"],
      ["--duet", "::", "8080"],
    ],
  ] as const)
    withoutIpv6(`duet ${listening.join(" ")} is met by duet ${joining.join(" ")}`, async (under) => {
      using folder = new Folder();
      const start = (name: string, words: readonly string[]): Duet =>
        startDuet([...flags, ...words, "--json", "--name", name], { folder, under });
      await using ann = start("ann", listening);
      const { local } = await ann.waitForEvent({ type: "state", to: flags.length > 0 ? "BOUND" : "LISTEN" });
      expect(["[::]:8080", "0.0.0.0:8080"]).toContain(String(local));
      await using bob = start("bob", joining);
      await bob.waitForEvent({ type: "peer", event: "identified", name: "ann", kind: "duet" });
      bob.write("hi\n");
      await ann.waitForEvent({ type: "message", direction: "in", name: "bob", text: "hi" });
    });

  withoutIpv6("an IPv6 address of its own is refused with a code", async (under) => {
    await using ann = startDuet([...flags, "-l", "::1", "--json"], { under });
    const { code } = await ann.waitForEvent({ type: "error" });
    expect(["EADDRNOTAVAIL", "EAFNOSUPPORT"]).toContain(String(code));
    expect((await ann.waitForExit()).code).toBe(1);
  });
});
