import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  encodeLanAnnouncement,
  type LanAnnouncement,
  lanGroupV4,
  lanGroupV6,
  parseLanAnnouncement,
} from "../../src/protocol/lan/lan-announcement.ts";
import { isInCidr, parseCidr } from "../../src/protocol/address/cidr.ts";
import { makeIpEndpoint } from "../../src/protocol/address/endpoint.ts";
import { datagramFrameMaxBytes, lanAddressesMax, nameMaxColumns } from "../../src/protocol/limits.ts";

const whole: LanAnnouncement = {
  type: "here",
  session: "0123456789abcdef01234567",
  name: "ada",
  services: [
    { transport: "tcp", port: 8080 },
    { transport: "udp", port: 8081 },
  ],
  isQuery: true,
  probe: "0123456789abcdef",
  also: [],
};

const identity = "ez766yczclup7yhf6i62olvry4omb6qgifcmxcej7t7x2nzatt3j";

const golden =
  'duet/1 {"type":"here","session":"0123456789abcdef01234567","name":"ada",' +
  '"listens":[["tcp",8080],["udp",8081]],"asks":true,"probe":"0123456789abcdef"}';

function parse(text: string): LanAnnouncement | undefined {
  return parseLanAnnouncement(Buffer.from(text));
}

describe("an announcement", () => {
  test("has these bytes, which parse to itself", () => {
    expect(Buffer.from(encodeLanAnnouncement(whole)).toString()).toBe(golden);
    expect(parse(golden)).toEqual(whole);
  });

  test("with the widest name fits the largest datagram, and a larger one is rejected", () => {
    const name = "\u{1F469}\u0301\u0301\u0301\u0301".repeat(nameMaxColumns / 2);
    expect(encodeLanAnnouncement({ ...whole, name }).length).toBeLessThanOrEqual(datagramFrameMaxBytes);
    const padTo = (bytes: number): string =>
      `${golden.slice(0, -1)},"x":"${"x".repeat(bytes - golden.length - 7)}"}`;
    expect(parse(padTo(datagramFrameMaxBytes))).toEqual(whole);
    expect(parse(padTo(datagramFrameMaxBytes + 1))).toBeUndefined();
  });

  test.each([
    ["text", "hello"],
    ["another version", golden.replace("duet/1", "duet/2")],
    ["broken JSON", golden.slice(0, -1)],
    ["an array", "duet/1 []"],
    ["null", "duet/1 null"],
    ["another type", golden.replace('"here"', '"hello"')],
    ["a short session", golden.replace("0123456789abcdef01234567", "0123")],
    [
      "a session of other characters",
      golden.replace("0123456789abcdef01234567", "0123456789ABCDEF0123456\u001b"),
    ],
    ["no probe", golden.replace(',"probe":"0123456789abcdef"', "")],
    ["an invalid name", golden.replace('"ada"', "7")],
    ["invalid services", golden.replace('[["tcp",8080],["udp",8081]]', '"tcp"')],
  ])("an announcement with %s is rejected", (_what, text) => {
    expect(parse(text)).toBeUndefined();
  });

  test("names other addresses of the duet, at most lanAddressesMax, canonical and without zones", () => {
    const also = ["192.0.2.7", "fe80::7"];
    const bytes = encodeLanAnnouncement({ ...whole, also });
    expect(Buffer.from(bytes).toString()).toBe(`${golden.slice(0, -1)},"also":["192.0.2.7","fe80::7"]}`);
    expect(parseLanAnnouncement(bytes)).toEqual({ ...whole, also });
    const readAlso = (value: unknown) =>
      parse(`${golden.slice(0, -1)},"also":${JSON.stringify(value)}}`)?.also;
    expect(readAlso(["FE80:0::7", "::ffff:192.0.2.9", "fe80::7%eth0", "bob", 7, null])).toEqual([
      "fe80::7",
      "192.0.2.9",
    ]);
    expect(readAlso("192.0.2.7")).toEqual([]);
    const many = (count: number) => Array.from({ length: count }, (_, index) => `192.0.2.${index}`);
    expect(readAlso(many(lanAddressesMax))).toHaveLength(lanAddressesMax);
    expect(readAlso(many(lanAddressesMax + 1))).toEqual(many(lanAddressesMax));
    const widest = Array.from({ length: lanAddressesMax }, () => "fe80:1111:2222:3333:4444:5555:6666:7777");
    const name = "\u{1F469}\u0301\u0301\u0301\u0301".repeat(nameMaxColumns / 2);
    expect(encodeLanAnnouncement({ ...whole, name, also: widest, identity }).length).toBeLessThanOrEqual(
      datagramFrameMaxBytes,
    );
  });

  test("names the key of the duet's identity, and one that is none is as if it were absent", () => {
    const bytes = encodeLanAnnouncement({ ...whole, identity });
    expect(Buffer.from(bytes).toString()).toBe(`${golden.slice(0, -1)},"identity":"${identity}"}`);
    expect(parseLanAnnouncement(bytes)).toEqual({ ...whole, identity });
    const read = (value: unknown) =>
      parse(`${golden.slice(0, -1)},"identity":${JSON.stringify(value)}}`)?.identity;
    expect(read(identity.toUpperCase())).toBe(identity);
    for (const wrong of [
      identity.slice(1),
      `${identity}a`,
      identity.replace("ez", "ze"),
      7,
      null,
      [identity],
    ])
      expect([wrong, read(wrong)]).toEqual([wrong, undefined]);
  });

  test("an invalid service is ignored, and so is a second one of a transport", () => {
    const listens = '[["tcp",0],["tcp",65536],["tcp",80.5],["sctp",1],7,null,["udp",65535],["udp",1]]';
    expect(parse(golden.replace('[["tcp",8080],["udp",8081]]', listens))?.services).toEqual([
      { transport: "udp", port: 65_535 },
    ]);
  });

  test("contains no text but a name, which is cleaned", () => {
    const hostile = golden.replace('"ada"', JSON.stringify("\u001b[31mada\u202e\n<bob> hi"));
    const { name = "" } = parse(hostile) ?? {};
    expect(name).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(Object.keys(parse(`${golden.slice(0, -1)},"text":"hi"}`) ?? {})).toEqual(Object.keys(whole));
  });

  test("no bytes make the parser throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.jsonValue(), (bytes, value) => {
        parseLanAnnouncement(bytes);
        parse(`duet/1 ${JSON.stringify(value)}`);
        parse(`duet/1 ${JSON.stringify({ ...whole, listens: value, name: value })}`);
      }),
    );
  });
});

test("the groups are of scopes that stay on the link", () => {
  expect(isInCidr(parseCidr("239.255.0.0/16")!, makeIpEndpoint(lanGroupV4, 1))).toBe(true);
  expect(isInCidr(parseCidr("ff02::/16")!, makeIpEndpoint(lanGroupV6, 1))).toBe(true);
});
