/** --allow, --deny and their files: ranges, names, and what is neither. */

import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { isUsageError } from "../../src/cli/options/usage-refusal.ts";
import { parseOptions, resolveAccess } from "../../src/cli/options/options.ts";
import { readHostsFile } from "../../src/cli/settings/hosts-file.ts";
import { formatCidr } from "../../src/protocol/address/cidr.ts";
import { hostsFileMaxBytes, rangesMax } from "../../src/protocol/limits.ts";
import { Folder } from "../support/duet.ts";
import { english } from "../support/words.ts";

/** Names and their addresses. */
const known: Readonly<Record<string, readonly string[]>> = {
  "one.test": ["192.0.2.1"],
  "both.test": ["192.0.2.7", "2001:db8::7"],
};

async function find(host: string) {
  const addresses = known[host];
  return addresses === undefined
    ? ({ ok: false, code: "ENOTFOUND" } as const)
    : { ok: true as const, addresses };
}

/** The ranges of a command line, or the sentence of its refusal. */
async function rules(argv: readonly string[]): Promise<Record<"allow" | "deny", readonly string[]> | string> {
  const parsed = parseOptions(argv, { isTerminal: true, loginName: "anna", readHostsFile });
  if (parsed.kind === "usage-error") return english.word(parsed.problem);
  if (parsed.kind !== "run") return parsed.kind;
  const { options, access } = parsed;
  const all = access === undefined ? options : await resolveAccess(options, access, find);
  if (isUsageError(all)) return english.word(all.problem);
  return { allow: all.allow.map(formatCidr), deny: all.deny.map(formatCidr) };
}

test.each([
  [["--allow", "one.test"], ["192.0.2.1"], []],
  [["--allow", "10.0.0.0/8,both.test"], ["10.0.0.0/8", "192.0.2.7", "2001:db8::7"], []],
  [
    ["--allow", "10.0.0.1", "--allow", "one.test", "--deny", "10.0.0.1"],
    ["10.0.0.1", "192.0.2.1"],
    ["10.0.0.1"],
  ],
  [["--deny", "both.test/24"], [], ["192.0.2.0/24", "2001:d00::/24"]],
] as const)("%j", async (argv, allow, deny) => {
  expect(await rules(argv)).toEqual({ allow, deny });
});

test.each([
  ["10.0.0.1-20", "is not a range of addresses"],
  ["10.0.0.*", "is not a range of addresses"],
  ["10.0.0.256", "is not a range of addresses"],
  ["10.0.0.0/33", "is not a range of addresses"],
  ["2001:db8::g", "is not a range of addresses"],
  ["::1,", "is not a range of addresses"],
  ["one.test/129", "is not a range of addresses"],
  ["nobody.test", "no address was found for that name (ENOTFOUND)"],
])("--deny %j is refused: it would keep nobody out", async (word, why) => {
  expect(await rules(["--deny", word])).toContain(why);
  expect(await rules(["--deny", word])).toContain("--deny ");
});

describe("a file", () => {
  test.each([
    [
      "one a line, with comments, blank lines and CRLF",
      "# ours\r\n10.0.0.1\r\n\r\none.test # the router\r\n",
    ],
    ["several on a line, without a newline at the end", "10.0.0.1 \t one.test"],
    ["with commas", "10.0.0.1, one.test"],
  ])("%s", async (_name, text) => {
    using folder = new Folder();
    writeFileSync(folder.join("hosts"), text);
    const hosts = { allow: ["10.0.0.1", "192.0.2.1"], deny: [] };
    expect(await rules(["--allowfile", folder.join("hosts")])).toEqual(hosts);
    expect(await rules(["--denyfile", folder.join("hosts")])).toEqual({ allow: [], deny: hosts.allow });
    const twice = await rules(["--allow", "::1", "--allowfile", folder.join("hosts")]);
    expect(twice).toEqual({ allow: ["::1", "10.0.0.1", "192.0.2.1"], deny: [] });
  });

  test("that names what is no host is refused with its line", async () => {
    using folder = new Folder();
    writeFileSync(folder.join("hosts"), "10.0.0.1\n# 10.0.0.2-9\n10.0.0.2-9\n");
    const refused = await rules(["--denyfile", folder.join("hosts")]);
    expect(refused).toStartWith(`${folder.join("hosts")}:3: --denyfile "10.0.0.2-9" is not a range`);
  });

  test("of who may join that lists nobody is refused, since an empty list would admit everybody", async () => {
    using folder = new Folder();
    writeFileSync(folder.join("hosts"), "# nobody yet\n");
    expect(await rules(["--allowfile", folder.join("hosts")])).toContain("lists nobody");
    expect(await rules(["--denyfile", folder.join("hosts")])).toEqual({ allow: [], deny: [] });
  });

  test("that cannot be read is refused", async () => {
    using folder = new Folder();
    mkdirSync(folder.join("folder"));
    expect(await rules(["--allowfile", folder.join("nothing")])).toContain("cannot be read (ENOENT)");
    expect(await rules(["--denyfile", folder.join("folder")])).toContain("cannot be read (EISDIR)");
  });

  test("has at most hostsFileMaxBytes", async () => {
    using folder = new Folder();
    writeFileSync(folder.join("hosts"), "::1".padEnd(hostsFileMaxBytes, "\n"));
    expect(await rules(["--denyfile", folder.join("hosts")])).toEqual({ allow: [], deny: ["::1"] });
    writeFileSync(folder.join("hosts"), "::1".padEnd(hostsFileMaxBytes + 1, "\n"));
    expect(await rules(["--denyfile", folder.join("hosts")])).toContain("cannot be read (EFBIG)");
  });
});

test("at most rangesMax hosts are taken", async () => {
  const hosts = Array.from({ length: rangesMax }, (_, index) => `10.${index >> 8}.${index & 255}.1`);
  expect(await rules(["--deny", hosts.join(",")])).toMatchObject({ deny: { length: rangesMax } });
  expect(await rules(["--deny", [...hosts, "::1"].join(",")])).toContain(
    "--deny gives more than 4,096 hosts: write ranges, as 10.0.0.0/8",
  );
});

test("without a name nothing is looked up", () => {
  const parsed = parseOptions(["--allow", "::1"], { isTerminal: true, loginName: "anna" });
  expect(parsed).not.toHaveProperty("access");
});
