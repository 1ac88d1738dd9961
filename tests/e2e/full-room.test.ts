/** A room that one machine tries to fill, in a namespace whose loopback interface has addresses of other machines. */

import { expect } from "bun:test";
import { connectionsPerAddressMax, connectionsPerSubnetMax } from "../../src/protocol/limits.ts";
import { type Duet, startDuet } from "../support/duet.ts";
import { Namespace, withNamespace } from "../support/namespace.ts";
import { type Program, startProgram } from "../support/processes.ts";

const newcomerAddress = "192.0.2.9";

async function openNetwork(addresses: readonly string[]): Promise<Namespace> {
  const namespace = await Namespace.open();
  const commands = [...addresses, `${newcomerAddress}/32`].map((address) => `addr add ${address} dev lo`);
  Bun.spawnSync([...namespace.under, "ip", "-batch", "-"], { stdin: Buffer.from(commands.join("\n")) });
  return namespace;
}

async function portOf(hub: Duet): Promise<number> {
  const ours = () => hub.eventsOf("state").find(({ to }) => to === "LISTEN" || to === "BOUND");
  await hub.waitFor(() => ours() !== undefined, "the hub's port");
  return Number(/:(\d+)$/.exec(String(ours()!["local"]))?.[1]);
}

/** Python of the attackers: `at(i)` is the address of the connection. It prints the lines that it receives. */
const attack = (body: string): string => `
import select, socket, sys, time
port = int(sys.argv[1])
def connect(source, target):
    s = socket.socket(socket.AF_INET6 if ':' in source else socket.AF_INET)
    s.bind((source, 0)); s.connect((target, port)); return s
${body}
print('filled', flush=True)
while True:
    for s in select.select(open_ones, [], [])[0]:
        text = s.recv(65536).decode()
        print(text, end='', flush=True)
        if text == '': open_ones.remove(s)
`;

function startAttack({ under }: Namespace, port: number, body: string): Program {
  return startProgram([...under, "python3", "-c", attack(body), String(port)]);
}

/** A raw peer that sends a line from an address of its own; it tries again until it has a place. */
function startNewcomer({ under }: Namespace, port: number): Program {
  const script = `
import socket, sys
while True:
    s = socket.create_connection(('${newcomerAddress}', int(sys.argv[1])), source_address=('${newcomerAddress}', 0))
    try:
        s.sendall(b'let me in\\n')
        if s.recv(5) not in (b'Sorry', b''): break
    except OSError: pass
`;
  return startProgram([...under, "python3", "-c", script, String(port)]);
}

const places = 48;

for (const [from, source] of [
  ["other machines", "'10.9.0.%d' % (i % 16)"],
  ["this machine", "'127.0.0.1'"],
] as const)
  withNamespace(`silent connections from ${from} fill a room, and yield to a newcomer`, async () => {
    await using network = await openNetwork(Array.from({ length: 16 }, (_, index) => `10.9.0.${index}/32`));
    const args = ["-l", "0.0.0.0", "0", "--json", "-m", String(places)];
    await using hub = startDuet(args, { under: network.under });
    const port = await portOf(hub);
    const body = `open_ones = [connect(a, a) for a in [${source} for i in range(${places})]]`;
    await using attackers = startAttack(network, port, body);
    await attackers.waitForLine("filled");
    const connected = () => hub.eventsOf("state").filter(({ to }) => to === "ESTABLISHED").length;
    await hub.waitFor(() => connected() === places, "a full room");
    await using _newcomer = startNewcomer(network, port);
    await hub.waitForEvent({ type: "message", text: "let me in" });
    await attackers.waitForLine(
      "Sorry, this room is full, and you were silent: a newcomer needed your place.",
    );
  });

withNamespace("many addresses of one IPv6 subnet take a share of a room, and no more", async () => {
  const addresses = Array.from({ length: 78 }, (_, index) => `fd00:7::${(index + 1).toString(16)}/128`);
  await using network = await openNetwork(addresses);
  await using hub = startDuet(["-l", "::", "0", "--json"], { under: network.under });
  const port = await portOf(hub);
  const each = connectionsPerAddressMax;
  const body = `open_ones = [connect(a, a) for a in ['fd00:7::%x' % (i // ${each} + 1) for i in range(78 * ${each})]]`;
  await using attackers = startAttack(network, port, body);
  await attackers.waitForLine("filled");
  await using _newcomer = startNewcomer(network, port);
  await hub.waitForEvent({ type: "message", text: "let me in" });
  const accepted = hub
    .eventsOf("state")
    .filter(({ to, peer }) => to === "ESTABLISHED" && String(peer).startsWith("[fd00:7:"));
  expect(accepted).toHaveLength(connectionsPerSubnetMax);
});

for (const [from, source] of [
  ["another machine", "10.9.0.1"],
  ["this machine", "127.0.0.1"],
] as const)
  withNamespace(`hellos from ${from}, each from a new port, keep no duet out of a UDP room`, async () => {
    await using network = await openNetwork(["10.9.0.1/32"]);
    const args = ["-u", "-l", "0.0.0.0", "0", "--json", "-m", "4"];
    await using hub = startDuet(args, { under: network.under });
    const port = await portOf(hub);
    const body = `
open_ones = []
for i in range(2000):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('${source}', 0))
    s.sendto(b'duet/1 {"type":"hello","name":"x","session":"s%d","key":"k"}' % i, ('${source}', port))
    if i < 500: open_ones.append(s)
    else: s.close()
    if i == 1000: print('filling', flush=True)
    time.sleep(1 / 500)`;
    await using attackers = startAttack(network, port, body);
    await attackers.waitForLine("filling");
    await using duet = startDuet(
      ["-u", "--duet", newcomerAddress, String(port), "--plain", "--name", "bob"],
      {
        under: network.under,
      },
    );
    await hub.waitForEvent({ type: "peer", event: "connected", name: "bob" });
    duet.write("let me in\n");
    await hub.waitForEvent({ type: "message", text: "let me in" });
    expect(hub.eventsOf("peer").map(({ name }) => name)).not.toContain("x");
  });
