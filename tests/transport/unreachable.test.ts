/** Errors of routes, in a network namespace of their own, where the system lets us make one. */

import { describe, expect, test } from "bun:test";

const isolated = ["unshare", "-rn", "sh", "-c"];
const canIsolate = Bun.which("ip") !== null && Bun.spawnSync([...isolated, "ip link set lo up"]).success;

const script = `
  const { connectTcp } = await import("${import.meta.dir}/../../src/transport/tcp/tcp-connector.ts");
  const [host, timeoutMs] = process.argv.slice(-2);
  connectTcp({ target: { kind: "ip", host, port: 9 }, timeoutMs: Number(timeoutMs) }, (event) => {
    if (event.type === "failed") console.log(event.error.code);
  });
`;

/** The code of a connect from a machine with one silent neighbour, 10.7.0.2, on its only network. */
async function connectFromIsland(host: string, timeoutMs: number) {
  const network = `
    ip link set lo up; ip link add here type veth peer name there
    ip addr add 10.7.0.1/24 dev here; ip link set here up; ip link set there up
    ip neigh add 10.7.0.2 lladdr 02:00:00:00:00:02 dev here
    exec "$0" -e "$1" "$2" "$3"
  `;
  const command = [...isolated, network, process.execPath, script, host, String(timeoutMs)];
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "inherit", timeout: 120_000 });
  const code = (await child.stdout.text()).trim();
  expect(await child.exited).toBe(0);
  return code;
}

describe.skipIf(!canIsolate && process.env["CI"] === undefined)("a failing connect", () => {
  test.concurrent("without a route is ENETUNREACH", async () => {
    expect(await connectFromIsland("192.0.2.1", 60_000)).toBe("ENETUNREACH");
  });

  test.concurrent("to a neighbour address without a machine is EHOSTUNREACH", async () => {
    expect(await connectFromIsland("10.7.0.3", 60_000)).toBe("EHOSTUNREACH");
  });

  test.concurrent(
    "to a host that does not answer is ETIMEDOUT, and does not keep the process alive",
    async () => {
      expect(await connectFromIsland("10.7.0.2", 300)).toBe("ETIMEDOUT");
    },
  );

  test.concurrent("over IPv6 without a route is ENETUNREACH or EADDRNOTAVAIL", async () => {
    expect(await connectFromIsland("2001:db8::1", 60_000)).toMatch(/^(ENETUNREACH|EADDRNOTAVAIL)$/);
  });
});
