import { describe, expect, test } from "bun:test";
import { readErrorCode, formatTarget, makeNetworkErrorFrom } from "../../src/transport/kernel/error-code.ts";
import {
  type Address,
  interleaveFamilies,
  parseAddress,
  resolveHost,
} from "../../src/transport/addresses/resolve.ts";

const thrown = (code: string) => Object.assign(new Error("Failed to listen"), { code });

describe("error codes", () => {
  test.each([
    ["EACCES", "EACCES"],
    ["EADDRINUSE", "EADDRINUSE"],
    ["ENETUNREACH", "ENETUNREACH"],
    ["DNS_ENOTFOUND", "ENOTFOUND"],
    ["EAI_AGAIN", "EAI_AGAIN"],
    ["DNS_EAI_AGAIN", "EAI_AGAIN"],
    ["EPERM", "EACCES"],
    ["ENFILE", "EMFILE"],
    ["ERR_OUT_OF_RANGE", "EINVAL"],
    ["ESOMETHING", "EUNKNOWN"],
  ] as const)("%s is %s", (code, expected) => {
    expect(readErrorCode(thrown(code))).toBe(expected);
  });

  test("a thrown value without a code is EUNKNOWN and keeps the runtime's message", () => {
    for (const odd of [undefined, null, "text", new Error("no code"), { code: 5 }])
      expect(readErrorCode(odd)).toBe("EUNKNOWN");
    const error = makeNetworkErrorFrom(new Error("no code"), "bind", "127.0.0.1:80", "tcp");
    expect(error).toEqual({
      code: "EUNKNOWN",
      call: "bind",
      target: "127.0.0.1:80",
      transport: "tcp",
      detail: "no code",
    });
    expect(makeNetworkErrorFrom(thrown("EACCES"), "bind", "x", "udp").detail).toBeUndefined();
  });

  test("a target is formatted as a person writes it", () => {
    expect(formatTarget({ kind: "ip", host: "example.test", port: 80 })).toBe("example.test:80");
    for (const host of ["::1", "[::1]"])
      expect(formatTarget({ kind: "ip", host, port: 80 })).toBe("[::1]:80");
    expect(formatTarget({ kind: "unix", path: "@chat" })).toBe("@chat");
  });
});

describe("names and addresses", () => {
  test("literals are returned in the kernel's notation", () => {
    expect(parseAddress("127.0.0.1")).toEqual({ address: "127.0.0.1", family: 4 });
    for (const host of ["::1", "[::1]", "0:0:0:0:0:0:0:1"])
      expect(parseAddress(host)).toEqual({ address: "::1", family: 6 });
    expect(parseAddress("::ffff:127.0.0.1")).toEqual({ address: "127.0.0.1", family: 4 });
    expect(parseAddress("fe80::1%eth0")).toEqual({ address: "fe80::1%eth0", family: 6 });
    for (const name of ["localhost", "1.2.3", "1.2.3.256", "01.2.3.4"])
      expect(parseAddress(name)).toBeUndefined();
  });

  test("families alternate, and else the resolver's order stays", () => {
    const order = (letters: string): string => {
      const addresses = [...letters].map((address): Address => ({ address, family: address < "a" ? 6 : 4 }));
      return interleaveFamilies(addresses)
        .map(({ address }) => address)
        .join("");
    };
    expect(["", "a", "ABCa", "aABC", "abcA", "AaBb", "aAbBcC"].map(order)).toEqual([
      ...["", "a", "AaBC", "aABC", "aAbc", "AaBb", "aAbBcC"],
    ]);
  });

  test("a literal of the other family, an empty and an unknown name have their codes", async () => {
    expect(await resolveHost("127.0.0.1", 6)).toEqual({ ok: false, code: "EAFNOSUPPORT" });
    expect(await resolveHost("")).toEqual({ ok: false, code: "ENOTFOUND" });
    const unknown = await resolveHost("nobody.invalid");
    expect(unknown.ok ? "found" : unknown.code).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  });

  test("localhost is this machine in both families, without a resolver (RFC 6761 §6.3)", async () => {
    const four = { address: "127.0.0.1", family: 4 } as const;
    const six = { address: "::1", family: 6 } as const;
    for (const name of ["localhost", "LocalHost", "localhost.", "duet.localhost"]) {
      expect(await resolveHost(name)).toEqual({ ok: true, addresses: [four, six] });
      expect(await resolveHost(name, 4)).toEqual({ ok: true, addresses: [four] });
      expect(await resolveHost(name, 6)).toEqual({ ok: true, addresses: [six] });
    }
    expect((await resolveHost("localhost.invalid")).ok).toBe(false);
  });
});
