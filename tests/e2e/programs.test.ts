/** nc, ncat and socat, as client and as server, are full members of a duet's conversation. */

import { describe, expect, test } from "bun:test";
import { Folder, startDuet } from "../support/duet.ts";
import { startProgram } from "../support/processes.ts";
import { isTcpListening, withPrograms } from "../support/programs.ts";
import { freePort, isUdpBound } from "../support/tutorial.ts";
import { until } from "../support/wait.ts";

/** The commands that start a program at a place; undefined where it cannot. */
interface PeerProgram {
  readonly name: string;
  readonly connect: (place: Place) => readonly string[] | undefined;
  readonly listen: (place: Place) => readonly string[] | undefined;
}

interface Place {
  readonly transport: "tcp" | "udp" | "unix";
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

const nc: PeerProgram = {
  name: "nc",
  connect: ({ transport, host, port, path }) => {
    if (transport === "unix") return path.startsWith("@") ? undefined : ["nc", "-U", path];
    return ["nc", ...(transport === "udp" ? ["-u"] : []), host, String(port)];
  },
  listen: ({ transport, host, port, path }) => {
    if (transport === "unix") return path.startsWith("@") ? undefined : ["nc", "-lU", path];
    return ["nc", transport === "udp" ? "-lu" : "-l", host, String(port)];
  },
};

const ncat: PeerProgram = {
  name: "ncat",
  connect: ({ transport, host, port, path }) => {
    if (transport === "unix") return path.startsWith("@") ? undefined : ["ncat", "-U", path];
    return ["ncat", ...(transport === "udp" ? ["-u"] : []), host, String(port)];
  },
  listen: ({ transport, host, port, path }) => {
    if (transport === "unix") return path.startsWith("@") ? undefined : ["ncat", "-lU", path];
    return ["ncat", transport === "udp" ? "-lu" : "-l", host, String(port)];
  },
};

const socat: PeerProgram = {
  name: "socat",
  connect: (place) => ["socat", "-", socatAddress(place, false)],
  listen: (place) => ["socat", "-", socatAddress(place, true)],
};

function socatAddress({ transport, host, port, path }: Place, listen: boolean): string {
  if (transport === "unix") {
    const kind = path.startsWith("@") ? "ABSTRACT" : "UNIX";
    return `${kind}-${listen ? "LISTEN" : "CONNECT"}:${path.replace("@", "")}`;
  }
  const version = host.includes(":") ? 6 : 4;
  const bracketed = version === 6 ? `[${host}]` : host;
  const kind = `${transport.toUpperCase()}${version}`;
  return listen ? `${kind}-LISTEN:${port},bind=${bracketed}` : `${kind}:${bracketed}:${port}`;
}

const places: readonly (readonly [string, Place])[] = [
  ["TCP over IPv4", { transport: "tcp", host: "127.0.0.1", port: 0, path: "" }],
  ["TCP over IPv6", { transport: "tcp", host: "::1", port: 0, path: "" }],
  ["UDP over IPv4", { transport: "udp", host: "127.0.0.1", port: 0, path: "" }],
  ["UDP over IPv6", { transport: "udp", host: "::1", port: 0, path: "" }],
  ["a UNIX path", { transport: "unix", host: "", port: 0, path: "chat" }],
  ["an abstract name", { transport: "unix", host: "", port: 0, path: "@" }],
];

const cases = [nc, ncat, socat].flatMap((program) =>
  places
    .filter(([, place]) => program.connect(place) !== undefined)
    .map(([where, place]) => [program.name, where, program, place] as const),
);

describe.each(cases)("%s over %s", (name, _where, program, place) => {
  withPrograms([name])("a client and duet receive each other's lines", async () => {
    using folder = new Folder();
    const at = inFolder(place, folder);
    await using duet = startDuet(["-l", ...duetPlace(at), "--json"]);
    const state = await duet.waitForEvent({ type: "state", from: "CLOSED" });
    const port = Number(/:(\d+)$/.exec(String(state["local"]))?.[1] ?? 0);
    await using peer = startProgram(program.connect({ ...at, port }) ?? []);
    peer.write("你好 from there\n");
    await duet.waitForEvent({ type: "message", direction: "in", text: "你好 from there" });
    duet.write("and from here\n");
    await peer.waitFor(() => peer.output.includes("and from here"), "the answer");
    expect(peer.output).toBe(place.transport === "udp" ? "and from here" : "and from here\n");
    await duet.waitForEvent({ type: "message", direction: "out" });
    expect(duet.eventsOf("message")).toHaveLength(2);
  });

  withPrograms([name])("a server and duet receive each other's lines", async () => {
    using folder = new Folder();
    const free = place.transport === "unix" ? 0 : await freePort(place.transport);
    const at = { ...inFolder(place, folder), port: free };
    await using peer = startProgram(program.listen(at) ?? []);
    await until(() => isOpen(at), `${name} to listen`);
    await using duet = startDuet([...duetPlace(at), "--json"]);
    duet.write("你好 from here\n");
    await peer.waitFor(() => peer.output.includes("from here"), "what duet says");
    peer.write("and from there\n");
    await duet.waitForEvent({ type: "message", direction: "in", text: "and from there" });
    expect(peer.output).toBe(place.transport === "udp" ? "你好 from here" : "你好 from here\n");
    await duet.waitForEvent({ type: "message", direction: "out" });
    expect(duet.eventsOf("message")).toHaveLength(2);
  });
});

function inFolder(place: Place, folder: Folder): Place {
  if (place.transport !== "unix") return place;
  if (place.path === "@") return { ...place, path: `@${folder.path.slice(1).replaceAll("/", "-")}` };
  return { ...place, path: folder.join("chat") };
}

function duetPlace({ transport, host, port, path }: Place): readonly string[] {
  if (transport === "unix") return ["-U", path];
  return [...(transport === "udp" ? ["-u"] : []), host, String(port)];
}

async function isOpen({ transport, port, path }: Place): Promise<boolean> {
  switch (transport) {
    case "tcp":
      return isTcpListening(port);
    case "udp":
      return (await isUdpBound(port)) || (await isUdpBound(port, 6));
    case "unix":
      return (await Bun.file("/proc/net/unix").text()).includes(`${path}\n`);
  }
}

test("the programs of these tests are installed in continuous integration", () => {
  if (process.env["CI"] === undefined) return;
  for (const program of ["nc", "ncat", "socat", "python3"]) expect(Bun.which(program)).not.toBeNull();
});
