/** --export: tshark reads packets that match the socket calls, each marked as synthesised from its call. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { CallPackets } from "../../src/cli/logs/call-packets.ts";
import type { Endpoint } from "../../src/protocol/address/endpoint.ts";
import { encodeSegment, segmentMaxBytes } from "../../src/protocol/capture/packets.ts";
import { encodePacketBlock, encodeSectionStart } from "../../src/protocol/capture/pcapng.ts";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import { Folder, startDuet } from "../support/duet.ts";
import { startClient } from "../support/raw-client.ts";

const tshark = Bun.which("tshark");
const connection = 1 as ConnectionId;
const local: Endpoint = { family: "IPv4", address: "127.0.0.1", port: 8080 };
const peer: Endpoint = { family: "IPv4", address: "127.0.0.1", port: 51_234 };

/** These fields of every packet as tshark dissects it, separated by tabs; checksums are verified. */
async function dissect(path: string, ...fields: readonly string[]): Promise<readonly string[]> {
  const checks = ["tcp.check_checksum:TRUE", "udp.check_checksum:TRUE", "ip.check_checksum:TRUE"];
  const child = Bun.spawn(
    [
      tshark ?? "",
      ...["-r", path, "-T", "fields"],
      ...checks.flatMap((check) => ["-o", check]),
      ...fields.flatMap((field) => ["-e", field]),
    ],
    { stdout: "pipe", stderr: "ignore" },
  );
  const text = await child.stdout.text();
  expect(await child.exited).toBe(0);
  return text.split("\n").slice(0, -1);
}

describe.skipIf(tshark === null && process.env["CI"] === undefined)("as tshark reads it", () => {
  test("a TCP chat has a handshake, data both ways and FIN, each marked with its call", async () => {
    using folder = new Folder();
    const path = `${folder.path}/talk.pcapng`;
    await using duet = startDuet(["-l", "0", "--json", "--export", path]);
    using client = await startClient(await duet.port());
    client.write("你好\n");
    await duet.waitForEvent({ type: "message", direction: "in" });
    duet.write("hello\n");
    await client.waitForText("hello\n");
    client.end();
    await duet.waitForEvent({ type: "state", to: "HALF-CLOSED (theirs)" });
    duet.end();
    await duet.waitForEvent({ type: "peer", event: "disconnected" });
    duet.signal("SIGTERM");
    await duet.waitForExit();
    const port = String(await duet.port());
    const packets = await dissect(
      path,
      ...["tcp.dstport", "tcp.flags.str", "tcp.seq", "tcp.payload", "frame.comment", "tcp.checksum.status"],
    );
    const rows = packets.map((line) => line.replaceAll("·", "").split("\t"));
    expect(rows.map(([to, flags, , payload]) => [to === port, flags, payload])).toEqual([
      [true, "S", ""],
      [false, "AS", ""],
      [true, "A", ""],
      [true, "AP", "e4bda0e5a5bd0a"],
      [false, "AP", Buffer.from("hello\n").toString("hex")],
      [true, "AF", ""],
      [false, "AF", ""],
    ]);
    expect(rows.map(([, , , , comment]) => comment)).toEqual([
      ...Array.from({ length: 3 }, () => "synthesised by duet from: accept"),
      "synthesised by duet from: recv 7 B",
      "synthesised by duet from: send 6 B",
      "synthesised by duet from: recv FIN",
      "synthesised by duet from: shutdown FIN",
    ]);
    expect(new Set(rows.map(([, , , , , status]) => status))).toEqual(new Set(["1"]));
    // No packet looks lost, repeated or out of order.
    expect((await dissect(path, "tcp.analysis.flags")).join("")).toBe("");
  });

  test("datagrams over IPv4 and IPv6 have their ports, payloads and valid checksums", async () => {
    using folder = new Folder();
    const path = `${folder.path}/datagrams.pcapng`;
    const six: Endpoint = { family: "IPv6", address: "fe80::1", port: 9 };
    const calls = new CallPackets();
    calls.synthesise({ type: "called", call: "bind", result: "ok", local });
    const payload = Buffer.from("odd");
    const packets = [
      ...calls.synthesise({ type: "called", call: "recvfrom", result: "ok", peer, bytes: 3, payload }),
      ...calls.synthesise({ type: "called", call: "sendto", result: "ok", peer: six, bytes: 3, payload }),
      ...calls.synthesise({ type: "called", call: "sendto", result: "EMSGSIZE", peer, bytes: 0, payload }),
    ];
    const blocks = packets.map(({ packet, comment }) =>
      encodePacketBlock(packet, 1_800_000_000_123_456, comment),
    );
    await Bun.write(path, Buffer.concat([encodeSectionStart("duet", "made up"), ...blocks]));
    expect(
      await dissect(
        path,
        "ip.src",
        "ipv6.dst",
        "udp.srcport",
        "udp.payload",
        "udp.checksum.status",
        "frame.time_epoch",
      ),
    ).toEqual([
      expect.stringMatching(
        /^127\.0\.0\.1\t\t51234\t6f6464\t1\t(1800000000\.123456|2027-01-15T08:00:00\.123456)/,
      ),
      expect.stringMatching(/^\tfe80::1\t8080\t6f6464\t1\t/),
    ]);
  });

  test("a second run adds a section to the file, and both are read", async () => {
    using folder = new Folder();
    const path = `${folder.path}/two.pcapng`;
    for (let run = 0; run < 2; run += 1) {
      await using duet = startDuet(["-l", "0", "--json", "--export", path]);
      using client = await startClient(await duet.port());
      client.write("x\n");
      await duet.waitForEvent({ type: "message", direction: "in" });
      duet.signal("SIGTERM");
      await duet.waitForExit();
    }
    const sent = (await dissect(path, "tcp.payload")).filter((payload) => payload === "780a");
    expect(sent).toEqual(["780a", "780a"]);
  });
});

test("a call with more bytes than a packet holds becomes several packets in sequence", () => {
  const payload = new Uint8Array(segmentMaxBytes + 1);
  const calls = new CallPackets();
  const base = { type: "called", result: "ok", connection } as const;
  expect(calls.synthesise({ ...base, call: "connect", local, peer })).toHaveLength(3);
  const [first, second] = calls.synthesise({ ...base, call: "send", bytes: payload.length, payload });
  const sequenceOf = (packet: Uint8Array | undefined) => Buffer.from(packet ?? []).readUInt32BE(20 + 4);
  expect([first?.packet.length, second?.packet.length]).toEqual([40 + segmentMaxBytes, 41]);
  expect([sequenceOf(first?.packet), sequenceOf(second?.packet)]).toEqual([1, 1 + segmentMaxBytes]);
  expect(calls.synthesise({ ...base, call: "send", bytes: segmentMaxBytes, payload })).toHaveLength(1);
});

test("a partial send exports its sent bytes only, and a call without known bytes or endpoints no packet", () => {
  const calls = new CallPackets();
  const base = { type: "called", result: "ok", connection } as const;
  const payload = Buffer.from("abcd");
  expect(calls.synthesise({ ...base, call: "recv", bytes: 4, payload })).toEqual([]);
  calls.synthesise({ ...base, call: "accept", local, peer });
  const [part] = calls.synthesise({
    ...base,
    call: "send",
    result: "partial",
    bytes: 2,
    ofBytes: 4,
    payload,
  });
  expect(
    Buffer.from(part?.packet ?? [])
      .subarray(40)
      .toString(),
  ).toBe("ab");
  expect(calls.synthesise({ ...base, call: "send", result: "would-block", bytes: 0, payload })).toEqual([]);
  expect(calls.synthesise({ ...base, call: "close" })).toEqual([]);
  const unix = { family: "unix", path: "/tmp/chat" } as const;
  expect(calls.synthesise({ ...base, call: "accept", local: unix, peer: unix })).toEqual([]);
});

test("every block's length is at both its ends and a multiple of four", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.string({ maxLength: 40 }), (payload, comment) => {
      const packet = encodeSegment({
        from: local,
        to: peer,
        sequence: 1,
        acknowledgement: 1,
        flags: 24,
        payload,
      });
      const block = Buffer.from(encodePacketBlock(packet, 1, comment));
      expect(block.length % 4).toBe(0);
      expect(block.readUInt32LE(4)).toBe(block.length);
      expect(block.readUInt32LE(block.length - 4)).toBe(block.length);
    }),
  );
});
