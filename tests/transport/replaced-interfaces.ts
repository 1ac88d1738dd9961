/**
 * Run in a network namespace of its own: an interface is removed and added again, more often than one socket may have
 * memberships; with the argument `moving`, each time with another address. Prints what the socket receives on each, and the result of a bare join, as JSON.
 */

import { bytesOf } from "../support/events.ts";
import { until } from "../support/wait.ts";
import { openMulticast, readSystemCode } from "../../src/transport/multicast/multicast-socket.ts";

const group = "239.255.100.118";
const rounds = 4;
const membershipsMax = 2;

function run(command: string): void {
  const { exitCode, stderr } = Bun.spawnSync(["sh", "-ec", command]);
  if (exitCode !== 0) throw new Error(`${command}: ${stderr.toString()}`);
}

run(`sysctl -q -w net.ipv4.igmp_max_memberships=${membershipsMax}`);
const bind = { hostname: group, port: 0, family: "IPv4", isShared: true } as const;
const texts: string[] = [];
const socket = await openMulticast(bind, { onData: (bytes) => texts.push(Buffer.from(bytes).toString()) });
const sender = await openMulticast({ ...bind, hostname: "0.0.0.0", isShared: false }, { onData: () => {} });
const bare = await Bun.udpSocket({ hostname: "0.0.0.0", port: 0, socket: { data() {} } });
const joined: string[] = [];
const bySystem: string[] = [];
for (let round = 0; round < rounds; round += 1) {
  const address = `10.9.0.${process.argv[2] === "moving" ? round + 1 : 1}`;
  run(`ip link add here type veth peer name there; ip addr add ${address}/24 dev here; ip link set here up`);
  const here = { name: "here", family: "IPv4", cidrs: [`${address}/24`] } as const;
  // The owner of a socket joins again and again; the socket may have to be opened anew meanwhile.
  await until(() => socket.join(group, here) === "ok", "the membership");
  texts.length = 0;
  await until(() => {
    sender.send(bytesOf(`round ${round}`), socket.port, group, here);
    return texts.includes(`round ${round}`);
  }, "a datagram");
  joined.push("received");
  try {
    bare.addMembership(group, address);
    bySystem.push("ok");
  } catch (thrown) {
    bySystem.push(readSystemCode(thrown));
  }
  run("ip link del here");
}
console.log(JSON.stringify({ joined, bySystem }));
process.exit(0);
