/** `/broadcast` without a network: its question, its refusals, and the datagrams it sends. */

import { expect, test } from "bun:test";
import { datagramWarnBytes } from "../../src/protocol/limits.ts";
import { type Duet, World } from "../support/chat-world.ts";

const outward = { kind: "ip", host: "192.0.2.7", port: 9000 } as const;

function startOutward(over = {}) {
  const world = new World();
  const duet = world.duet(over);
  duet.open({ role: "listen", target: outward }, "udp");
  return { world, duet };
}

function sentBroadcasts(duet: Duet): readonly (readonly [string, number, string])[] {
  return duet.sent.flatMap((effect) =>
    effect.type === "broadcast-datagram"
      ? [[effect.address, effect.port, Buffer.from(effect.payload).toString()] as const]
      : [],
  );
}

test("/broadcast asks first, and only a yes sends one datagram with our name to the first subnet", () => {
  const { duet } = startOutward();
  duet.command("/broadcast anybody  here?");
  const wish = { text: "anybody  here?", address: "192.0.2.255", port: 9000, forced: false };
  expect(duet.screenRequests).toEqual([{ type: "broadcast", wish }]);
  expect(sentBroadcasts(duet)).toEqual([]);
  duet.dispatch({ type: "broadcast-confirmed", wish });
  expect(sentBroadcasts(duet)).toEqual([["192.0.2.255", 9000, "<ann> anybody  here?\n"]]);
  expect(duet.lines("udp").at(-1)).toBe("<ann> anybody  here?");
});

test("/broadcast! is sent without a question, and its last word may be an address", () => {
  const { duet } = startOutward();
  for (const line of ["hi", "hi 198.51.100.255", "hi 198.51.100.255:7777", "at 5 255.255.255.255"])
    duet.command(`/broadcast! ${line}`);
  expect(duet.screenRequests).toEqual([]);
  expect(sentBroadcasts(duet)).toEqual([
    ["192.0.2.255", 9000, "<ann> hi\n"],
    ["198.51.100.255", 9000, "<ann> hi\n"],
    ["198.51.100.255", 7777, "<ann> hi\n"],
    ["255.255.255.255", 9000, "<ann> at 5\n"],
  ]);
});

test("with --raw the text is sent unchanged", () => {
  const { duet } = startOutward({ raw: true });
  duet.command("/broadcast! as it is");
  expect(sentBroadcasts(duet).map(([, , text]) => text)).toEqual(["as it is"]);
});

test("an invalid broadcast is refused and returned, and nothing is sent", () => {
  const { duet } = startOutward();
  const refused = (line: string): string => {
    duet.command(line);
    return duet.errors().at(-1) ?? "";
  };
  expect(refused("/broadcast")).toBe("EUSAGE /broadcast needs text");
  expect(refused("/broadcast 192.0.2.255")).toBe("EUSAGE /broadcast needs text");
  expect(refused(`/broadcast ${"x".repeat(datagramWarnBytes + 1)}`)).toContain(
    `at most ${datagramWarnBytes} bytes`,
  );
  expect(refused("/broadcast! hi 203.0.113.255")).toBe(
    "EUSAGE 203.0.113.255 is not a subnet's broadcast address here",
  );
  expect(refused("/broadcast! hi 192.0.2.9")).toContain("192.0.2.9 is not a subnet's broadcast address here");
  expect(duet.returnedLines).toHaveLength(5);
  duet.command(`/broadcast! ${"x".repeat(datagramWarnBytes)}`);
  expect(sentBroadcasts(duet)).toHaveLength(1);
});

test("/broadcast needs an open UDP side that reaches other machines, also when it is confirmed late", () => {
  const shut = new World().duet();
  shut.command("/broadcast hi");
  expect(shut.errors()).toEqual(["EUSAGE a broadcast leaves from the UDP side, and nothing is open there"]);
  const home = new World().hub({}, "udp");
  home.command("/broadcast hi");
  expect(home.errors().at(-1)).toContain("the UDP side reaches this machine alone");
  const { duet } = startOutward();
  duet.command("/broadcast hi");
  duet.command("/close");
  const wish = { text: "hi", address: "192.0.2.255", port: 9000, forced: false };
  duet.dispatch({ type: "broadcast-confirmed", wish });
  expect(sentBroadcasts(duet)).toEqual([]);
  expect(duet.notices().at(-1)).toContain("not sent: ");
});

test("our own broadcast is not shown as received; another port's at our address is", () => {
  const { world, duet } = startOutward();
  const local = { family: "IPv4", address: "192.0.2.7", port: 9000 } as const;
  const receive = (port: number): void =>
    world.run(() => void world.network.datagram({ ...local, port }, local, Buffer.from("<ann> hi")));
  duet.command("/broadcast! hi");
  receive(9000);
  receive(9001);
  expect(
    duet.outputs.flatMap((output) =>
      output.type === "message" && output.direction === "in" ? [output.peer] : [],
    ),
  ).toEqual(["192.0.2.7:9001"]);
  expect(duet.memberNames()).toEqual(["192.0.2.7:9001"]);
});
