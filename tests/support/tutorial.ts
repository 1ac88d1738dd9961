/**
 * The tutorial's four programs that must work with duet unchanged, as Python scripts: the same calls in the same
 * order with the same buffer sizes. Only the port is a parameter, and their output is flushed. `creatproduct` is the
 * tutorial's name for a client, `creatconsum` for a server.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program } from "./processes.ts";

export type TutorialProgram = "tcp-client" | "tcp-server" | "udp-client" | "udp-server";

/** Sends 你好, reads once, prints, closes. */
const tcpClient = `
def creatproduct():
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.connect(('127.0.0.1', port))
    client.send('你好'.encode())
    data = client.recv(1024)
    print('服务器发送的数据为:', data.decode())
    client.close()

creatproduct()
`;

/** For ever: accepts one client, reads once, answers hello, closes it. */
const tcpServer = `
def creatconsum():
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.bind(('127.0.0.1', port))
    server.listen(5)
    print('服务端启动成功,等待客户端连接...')
    while True:
        client, addr = server.accept()
        print('客户端连接成功,客户端地址为:', addr)
        data = client.recv(1024)
        print('客户端发送的数据为:', data.decode())
        client.send('hello'.encode())
        client.close()
        print('客户端连接关闭')

creatconsum()
`;

/** Sends one datagram, reads one, prints, closes. */
const udpClient = `
def creatproduct():
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto('你好'.encode(), ('127.0.0.1', port))
    data, addr = client.recvfrom(1024)
    print('服务端发送的数据为:', data.decode())
    client.close()

creatproduct()
`;

/** Reads one datagram, answers it, closes: it serves once. It prints nothing before: wait for its socket. */
const udpServer = `
def creatconsum():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(('127.0.0.1', port))
    data, addr = server.recvfrom(1024)
    print('客户端发送的数据为:', data.decode())
    server.sendto('你好'.encode(), addr)
    server.close()

creatconsum()
`;

const preamble = `
import functools, socket, sys
print = functools.partial(print, flush=True)
port = int(sys.argv[1])
`;

const sources: Readonly<Record<TutorialProgram, string>> = {
  "tcp-client": tcpClient,
  "tcp-server": tcpServer,
  "udp-client": udpClient,
  "udp-server": udpServer,
};

/** Starts one of the four on 127.0.0.1:`port` with python3. Disposing it kills it and removes its script. */
export function startTutorial(name: TutorialProgram, port: number): TutorialScript {
  return new TutorialScript(name, port);
}

export class TutorialScript extends Program {
  readonly #folder: string;

  constructor(name: TutorialProgram, port: number) {
    const folder = mkdtempSync(join(tmpdir(), "duet-tutorial-"));
    const path = join(folder, `${name}.py`);
    writeFileSync(path, preamble + sources[name]);
    super(["python3", path, String(port)], { env: { PYTHONIOENCODING: "utf-8" } });
    this.#folder = folder;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A port of 127.0.0.1 that was free a moment ago, for a program that does not accept port 0. */
export async function freePort(transport: "tcp" | "udp"): Promise<number> {
  if (transport === "udp") {
    const socket = await Bun.udpSocket({ hostname: "127.0.0.1", socket: { data() {} } });
    const { port } = socket;
    socket.close();
    return port;
  }
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

/** Whether a program has bound this UDP port, on Linux. */
export async function isUdpBound(port: number, family: 4 | 6 = 4): Promise<boolean> {
  const table = await Bun.file(`/proc/net/udp${family === 6 ? "6" : ""}`).text();
  return new RegExp(`: [0-9A-F]+:${port.toString(16).toUpperCase().padStart(4, "0")} `).test(table);
}
