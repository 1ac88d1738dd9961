/** The tutorial's Python lines for each call, verbatim: the addresses are the tutorial's. */

import type { TransportName } from "../protocol/sockets/socket-event.ts";
import type { TourCall } from "./tour-call.ts";
import type { TourStep } from "./tour-steps.ts";
import type { TourEnd } from "../words/tables/tour-words.ts";

type Lines = Readonly<Record<string, readonly string[]>>;

const tcpServer: Lines = {
  bind: ["server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)", "server.bind(('127.0.0.1',8080))"],
  listen: ["server.listen(5)"],
  accept: ["client,addr = server.accept()"],
  recv: ["data = client.recv(1024)"],
  send: ["client.send('hello'.encode())"],
  shutdown: ["client.close()"],
  close: ["client.close()"],
};

const tcpClient: Lines = {
  connect: [
    "client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
    "client.connect(('127.0.0.1',8080))",
  ],
  send: ["client.send('你好'.encode())"],
  recv: ["data = client.recv(1024)"],
  shutdown: ["client.close()"],
  close: ["client.close()"],
};

const udpServer: Lines = {
  bind: ["server = socket.socket(socket.AF_INET,socket.SOCK_DGRAM)", "server.bind(('127.0.0.1',8080))"],
  recvfrom: ["data,addr = server.recvfrom(1024)"],
  sendto: ["server.sendto('你好'.encode(),addr)"],
  close: ["server.close()"],
};

const udpClient: Lines = {
  bind: ["client = socket.socket(socket.AF_INET,socket.SOCK_DGRAM)"],
  sendto: ["client.sendto('你好'.encode(),('127.0.0.1',8080))"],
  recvfrom: ["data,addr = client.recvfrom(1024)"],
  close: ["client.close()"],
};

const lines: Readonly<Record<TransportName, Readonly<Record<TourEnd, Lines>>>> = {
  tcp: { server: tcpServer, client: tcpClient },
  udp: { server: udpServer, client: udpClient },
};

/**
 * The lines that make this call; none for the TCP listener's close, since the tutorial's server never stops, and none in the
 * chapter on encryption, which the tutorial has not.
 */
export function getPythonLines(
  { transport, chapter }: Pick<TourStep, "transport" | "chapter">,
  { end, called }: TourCall,
): readonly string[] {
  if (chapter !== undefined) return [];
  const isListener = transport === "tcp" && called.call === "close" && called.connection === undefined;
  return isListener ? [] : (lines[transport][end][called.call] ?? []);
}
