/** The law of the house, asserted from the source text: who may import whom, and what each module may use. */

import { Glob } from "bun";
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const root = join(import.meta.dir, "..");
const files = [...new Glob("{src,components}/**/*.{ts,tsx}").scanSync(root)].toSorted();
const sources = new Map(await Promise.all(files.map(async (file) => [file, await read(file)] as const)));

async function read(file: string): Promise<string> {
  return await Bun.file(join(root, file)).text();
}

/** Without comments, and without what is only text. */
function code(source: string): string {
  return source.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

function imports(file: string): readonly Import[] {
  const source = code(sources.get(file) ?? "");
  const found: Import[] = [];
  for (const [, typeOnly, from = ""] of source.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm,
  ))
    found.push({ from: resolved(file, from), typeOnly: typeOnly !== undefined, dynamic: false });
  for (const [, from = ""] of source.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g))
    found.push({ from: resolved(file, from), typeOnly: false, dynamic: true });
  return found;
}

function resolved(file: string, from: string): string {
  return from.startsWith(".") ? normalize(join(dirname(file), from)) : from;
}

/** The modules of src, and components: a file in src itself is a module alone. */
function moduleOf(file: string): string {
  return file.startsWith("components/") ? "components" : (/^src\/([^/]+)\//.exec(file)?.[1] ?? file);
}

/** The folder of a module that a file is in; `.`: in none. */
function folderOf(file: string): string {
  const base = file.startsWith("components/") ? "components" : `src/${moduleOf(file)}`;
  return dirname(file) === base || moduleOf(file) === file ? "." : dirname(file).slice(base.length + 1);
}

const mayImport: Readonly<Record<string, readonly string[]>> = {
  protocol: ["protocol"],
  words: ["words", "protocol"],
  chat: ["chat", "words", "protocol"],
  replay: ["replay", "chat", "words", "protocol"],
  transport: ["transport", "protocol"],
  input: ["input", "chat", "words", "protocol"],
  tour: ["tour", "input", "words", "protocol"],
  view: ["view", "words", "tour", "input", "chat", "protocol"],
  components: ["components", "view", "words", "tour", "input", "chat", "protocol"],
  session: ["session", "chat", "words", "tour", "protocol", "transport"],
  cli: ["cli", "session", "view", "words", "tour", "input", "chat", "replay", "protocol", "components"],
  bundle: ["bundle"],
  "src/start.ts": ["cli", "session", "words", "chat", "protocol"],
  "src/main.ts": ["bundle", "src/start.ts"],
};

/** The folders of each module, the lowest first: a folder imports itself and those before it. A module that is not here has none. */
const folderOrder: Readonly<Record<string, readonly string[]>> = {
  protocol: [
    ".",
    "text",
    "address",
    "sockets",
    "errors",
    "lines",
    "frames",
    "delivery",
    "capture",
    "noise",
    "identity",
    "lan",
    "sealed",
    "hubs",
  ],
  transport: [
    ".",
    "kernel",
    "addresses",
    "queue",
    "fanout",
    "unix",
    "tcp",
    "udp",
    "multicast",
    "impairment",
    "pairing",
    "engine",
  ],
  chat: [
    "config",
    "log",
    "spans",
    "records",
    "peer",
    "model",
    "trace",
    "report",
    "outbound",
    "room",
    "features",
    "messages",
    "hubs",
    "connections",
    "sealing",
    "inbound",
    "commands",
    "screen",
    ".",
  ],
  words: ["parts", "sentences", "tables", "en", "zh", "."],
  input: ["keys", "line", "composer"],
  view: ["conversation", "bars", "search", "overlays", "wire", "screen"],
  components: ["paint", "bars", "conversation", "panels", "prompt", "screen"],
  cli: [
    "process",
    "files",
    "options",
    "identity",
    "rooms",
    "settings",
    "terminal",
    "output",
    "logs",
    "headless",
    "screen",
    "replay",
  ],
};

/** More files than this in one folder, and the reason. */
const folderFilesMax = 20;
const largeFolders: Readonly<Record<string, string>> = {
  "src/words/en": "one file for each topic",
  "src/words/zh": "one file for each topic",
  "src/words/sentences": "one file for each topic",
};

test("the arrows: components → view, input → chat → protocol ← transport; session joins, cli and main stand on top", () => {
  const wrong = files.flatMap((file) =>
    imports(file)
      .filter(({ from }) => sources.has(from))
      .filter(({ from }) => mayImport[moduleOf(file)]?.includes(moduleOf(from)) !== true)
      .map(({ from }) => `${file} → ${from}`),
  );
  expect(wrong).toEqual([]);
});

test("each file is in a module that the law knows", () => {
  expect(files.filter((file) => mayImport[moduleOf(file)] === undefined)).toEqual([]);
});

test("no file imports itself in a circle, by types either", () => {
  const inCircle = circles(files, (file) => imports(file).map(({ from }) => from));
  expect(inCircle.map((circle) => circle.join(" ↔ "))).toEqual([]);
});

test("no folder of a module imports a folder above it", () => {
  const wrong = files.flatMap((file) => {
    const order = folderOrder[moduleOf(file)] ?? ["."];
    const place = order.indexOf(folderOf(file));
    if (place < 0) return [`${file} is in a folder without a place in the order`];
    return imports(file)
      .filter(({ from }) => sources.has(from) && moduleOf(from) === moduleOf(file))
      .filter(({ from }) => order.indexOf(folderOf(from)) > place)
      .map(({ from }) => `${file} → ${from}`);
  });
  expect(wrong).toEqual([]);
});

test("each folder of the order exists", () => {
  const modules = Object.keys(folderOrder);
  const empty = modules.flatMap((name) =>
    (folderOrder[name] ?? [])
      .filter((folder) => !files.some((file) => moduleOf(file) === name && folderOf(file) === folder))
      .map((folder) => `${name}/${folder}`),
  );
  expect(empty).toEqual([]);
});

test("ARCHITECTURE.md has a sentence for each folder of chat, in their order, and names every other folder", async () => {
  const text = await read("src/ARCHITECTURE.md");
  const rows = [...text.matchAll(/^\| `([a-z.]+)` +\|[^|]+\|[^|]+\|$/gm)].map(([, folder]) => folder);
  expect(rows).toEqual([...(folderOrder["chat"] ?? [])]);
  const unnamed = Object.entries(folderOrder).flatMap(([name, folders]) =>
    folders.filter((folder) => !text.includes(`\`${folder}\``)).map((folder) => `${name}/${folder}`),
  );
  expect(unnamed).toEqual([]);
  const paths = [...text.matchAll(/`([a-z]+\/[a-z/-]+\.(?:tsx?|md))`/g)].map(([, path = ""]) => path);
  expect(paths.length).toBeGreaterThan(20);
  const gone = paths.filter((path) => !existsSync(join(root, "src", path)) && !existsSync(join(root, path)));
  expect(gone).toEqual([]);
});

test("a folder has about twenty files at most, or a reason", () => {
  const sizes = Map.groupBy(files, (file) => dirname(file));
  const large = [...sizes].filter(
    ([folder, { length }]) => length > folderFilesMax && !(folder in largeFolders),
  );
  expect(large.map(([folder, { length }]) => `${folder}: ${length}`)).toEqual([]);
});

/** The records of Peer, Side and Chat (chat/model). */
const records =
  "link|identity|handshake|membership|hostRoom|inbound|outbound|receipts|liveness|seal|trace|" +
  "socket|conversation|counters|receivedGoodbyes|self|room|focus|input|ledger|network|ids|exit";

/** The folders of chat that change each field of a record: by assigning it, or by changing the collection in it. */
function writersOfFields(texts: ReadonlyMap<string, string>): ReadonlyMap<string, ReadonlySet<string>> {
  const writers = new Map<string, Set<string>>();
  const assignment = new RegExp(
    `\\b(?:${records})\\.\\w+(?= (?:[-+*/|&?]|\\?\\?|\\|\\|)?= )|` +
      `\\b(?:${records})\\.\\w+(?=\\.(?:set|add|delete|clear|push|shift|splice|pop|unshift|fill)\\()`,
    "g",
  );
  for (const [file, source] of texts) {
    for (const [field] of code(source).matchAll(assignment)) {
      const folders = writers.get(field) ?? new Set();
      writers.set(field, folders.add(folderOf(file)));
    }
  }
  return writers;
}

test("a field of a record is changed by the code of one folder only", () => {
  const chat = new Map([...sources].filter(([file]) => moduleOf(file) === "chat"));
  const writers = writersOfFields(chat);
  const shared = [...writers].filter(([, folders]) => folders.size > 1);
  expect(shared.map(([field, folders]) => `${field}: ${[...folders].join(", ")}`)).toEqual([]);
  expect(writers.size).toBeGreaterThan(60);
});

/**
 * The folders of chat that use each record, by reading it, changing it by its functions, or handing it on. One more folder
 * is a decision, and a line here. Link, identity, inbound, outbound, socket, room and focus are used by most.
 */
const usersOfRecords: Readonly<Record<string, readonly string[]>> = {
  handshake: ["commands", "connections", "inbound", "outbound", "room", "sealing"],
  membership: [
    ...["commands", "connections", "features", "inbound", "messages", "model", "outbound", "report"],
    ...["room", "screen", "sealing", "trace"],
  ],
  hostRoom: ["commands", "connections", "features", "inbound", "outbound", "room", "screen"],
  receipts: ["connections", "features", "outbound", "room"],
  liveness: ["connections", "features", "inbound", "outbound", "room", "screen", "sealing"],
  trace: ["connections", "inbound", "messages", "outbound", "trace"],
  receivedGoodbyes: ["outbound"],
  counters: [
    "commands",
    "connections",
    "features",
    "inbound",
    "messages",
    "outbound",
    "report",
    "room",
    "screen",
  ],
  conversation: ["commands", "connections", "features", "messages", "outbound", "report", "room", "screen"],
  self: [
    ...["commands", "connections", "features", "hubs", "inbound", "messages", "model", "outbound", "room"],
    ...["screen", "sealing"],
  ],
  seal: [
    ...["connections", "features", "inbound", "messages", "outbound", "report", "room", "screen", "sealing"],
  ],
  input: [".", "commands", "connections", "inbound", "messages", "outbound", "screen"],
  ledger: [".", "outbound", "room", "trace"],
  network: [".", "commands", "connections", "features", "screen"],
  ids: ["commands", "hubs", "messages", "outbound", "report"],
  exit: ["commands", "connections", "messages", "outbound"],
};

/** True if a text reads the record of a Chat, Peer or Side: by its path, by taking it apart, or by its type. */
function usesRecord(source: string, record: string): boolean {
  const owner = "(?:chat|peer|side|path|via|author|one|host|outboundPeer|addressee\\.peer)";
  const apart = `\\{[^{}]*\\b${record}\\b[^{}]*(?:\\{[^{}]*\\}[^{}]*)*\\}`;
  return [
    `\\b${owner}\\.${record}\\b`,
    `${apart}(?:: (?:Pick<)?(?:Chat|Peer|Side)\\b| = (?:chat|peer|side)\\b)`,
    `Pick<(?:Chat|Peer|Side),[^>]*"${record}"`,
  ].some((pattern) => new RegExp(pattern).test(source));
}

test("a record is used by the folders that the law names, and by no other", () => {
  const chat = files.filter((file) => moduleOf(file) === "chat");
  const found = Object.keys(usersOfRecords).map((record) => {
    const users = chat.filter((file) => usesRecord(code(sources.get(file) ?? ""), record)).map(folderOf);
    return [record, [...new Set(users)].toSorted()];
  });
  expect(Object.fromEntries(found)).toEqual(usersOfRecords);
  expect(usesRecord("const { receipts: { pending } } = peer;", "receipts")).toBe(true);
  expect(usesRecord('function f(peer: Pick<Peer, "link" | "receipts">) {}', "receipts")).toBe(true);
  expect(usesRecord("countReceipts(receipts.length);", "receipts")).toBe(false);
});

/** The folders of chat with a function that takes a context, or the whole chat (chat/model/chat.ts). */
const usersOfContexts: Readonly<Record<string, readonly string[]>> = {
  ReportContext: [
    ...["commands", "connections", "features", "inbound", "messages", "outbound", "report", "room"],
  ],
  SendContext: [
    ...[".", "commands", "connections", "features", "hubs", "inbound", "messages", "outbound", "room"],
    ...["screen", "sealing", "trace"],
  ],
  Chat: [".", "commands", "connections", "inbound"],
};

test("the whole chat is taken by the folders on top alone, and a context by those that the law names", () => {
  const chat = files.filter((file) => moduleOf(file) === "chat" && folderOf(file) !== "model");
  const found = Object.keys(usersOfContexts).map((type) => {
    const parameter = new RegExp(`\\b\\w+: ${type}\\b`);
    const users = chat.filter((file) => parameter.test(code(sources.get(file) ?? ""))).map(folderOf);
    return [type, [...new Set(users)].toSorted()];
  });
  expect(Object.fromEntries(found)).toEqual(usersOfContexts);
});

test("the search for writers sees an assignment, a sum, a default and a collection, and no comparison", () => {
  const two = new Map([
    [
      "src/chat/room/a.ts",
      "peer.link.state = x; peer.inbound.bytesIn += 1; a.self.name ??= b; if (c.ids.next === 3) x();",
    ],
    ["src/chat/session/b.ts", "peer.link.state = y; side.focus.unreadPeers.add(peer); const { link } = p;"],
  ]);
  expect(
    Object.fromEntries([...writersOfFields(two)].map(([field, folders]) => [field, [...folders]])),
  ).toEqual({
    "link.state": ["room", "session"],
    "inbound.bytesIn": ["room"],
    "self.name": ["room"],
    "focus.unreadPeers": ["session"],
  });
});

test("the search for circles finds one of two files, one of three, and none in a tree", () => {
  const graph: Readonly<Record<string, readonly string[]>> = {
    a: ["b", "d"],
    b: ["c"],
    c: ["a", "d"],
    d: [],
    e: ["f"],
    f: ["e"],
  };
  const found = circles(Object.keys(graph), (name) => graph[name] ?? []);
  expect(found.map((circle) => circle.toSorted().join(""))).toEqual(["abc", "ef"]);
  expect(circles(["a", "d"], (name) => graph[name] ?? [])).toEqual([]);
});

const pure = ["chat", "replay", "input", "view", "words", "tour", "protocol"];

test("chat, input, view, words, tour and protocol do no I/O, and know no clock and no randomness", () => {
  const forbidden =
    /\bBun\.(listen|connect|udpSocket|file|write|spawn|sleep|env)\b|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bcrypto\.(getRandomValues|randomUUID)\b|\bperformance\b|\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\bfetch\(|\bprocess\./;
  expect(offending(pure, forbidden)).toEqual([]);
  const outside = files
    .filter((file) => pure.includes(moduleOf(file)))
    .flatMap((file) => imports(file).filter(({ from }) => !sources.has(from)))
    .map(({ from }) => from);
  // Of it only what computes: ciphers and curves. load-crypto.ts and cpace.ts load it late.
  expect([...new Set(outside)].toSorted()).toEqual(["@noble/curves/ed25519.js", "node:crypto"]);
  const importers = files.filter((file) => imports(file).some(({ from }) => from === "node:crypto"));
  expect(importers.filter((file) => pure.includes(moduleOf(file)))).toEqual([
    "src/protocol/noise/load-crypto.ts",
  ]);
});

test("Bun's sockets are in the transport alone", () => {
  const modules = [...pure, "cli", "components", "session", "src/start.ts"];
  expect(offending(modules, /\bBun\.(listen|connect|udpSocket)\b|"(node:)?(net|dgram|tls)"/)).toEqual([]);
});

/** The files of the session that make ports; the others know the ports by their types. */
const portMakers = /^src\/session\/(real-ports|transports|wake-timer|tour-sockets|host-addresses)\.ts$/;

/** Deadlines are monotonic, since the wall clock steps; files have times of the wall clock. */
const wallClockReaders = [
  "src/cli/files/file-lock.ts",
  "src/cli/logs/hex-log.ts",
  "src/cli/logs/logs.ts",
  "src/session/real-ports.ts",
];

test("the wall clock is read for people and for files alone", () => {
  const readers = files.filter((file) => /\bDate\.now\b|\bnew Date\(\)/.test(code(sources.get(file) ?? "")));
  expect(readers.toSorted()).toEqual(wallClockReaders);
});

/** What writes to standard output, standard error or the terminal, and the files that may: they are the doors. */
const doors: readonly { readonly what: RegExp; readonly files: readonly string[] }[] = [
  { what: /\bnew AsyncFile\b/, files: ["src/cli/files/rotated-file.ts", "src/cli/files/standard-output.ts"] },
  {
    what: /\bprocess\.stderr\b/,
    files: ["src/cli/files/standard-output.ts", "src/cli/terminal/terminal.ts"],
  },
  { what: /\bprocess\.stdout\b/, files: ["src/cli/terminal/terminal.ts"] },
  {
    what: /\bconsole\.|\bBun\.(stdout|stderr)\b|\bprocess\[|\balert\(|\bwritev?(Sync)?\([012]\b|\bopenTerminalPort\b/,
    files: ["src/cli/terminal/terminal-port.ts", "src/cli/terminal/terminal.ts"],
  },
  {
    what: /\/dev\/(tty|std|fd)|\/proc\/self\/fd\/[\d]/,
    // The first and the third open it for reading only; the second writes sentences of duet's own.
    files: [
      "src/cli/headless/standard-input.ts",
      "src/cli/terminal/secret-prompt.ts",
      "src/cli/terminal/terminal-input.ts",
      "src/cli/terminal/terminal-port.ts",
    ],
  },
  { what: /\bas ControlSequence\b/, files: ["src/cli/terminal/terminal-modes.ts"] },
  { what: /\bas Painted\b/, files: ["components/paint/columns.ts", "components/paint/theme.ts"] },
  {
    what: /import [^;]*\b(Text|Transform|Newline|Static)\b[^;]* from "ink"/,
    files: ["components/paint/InputText.tsx", "components/paint/Rows.tsx"],
  },
  { what: /from "ink-text-input"/, files: ["components/paint/InputText.tsx"] },
  { what: /import [^;]*\brender\b[^;]* from "ink"/, files: ["src/cli/terminal/terminal.ts"] },
];

test("nothing reaches standard output, standard error or the terminal but through the doors that clean it", () => {
  for (const { what, files: allowed } of doors) {
    const found = files.filter((file) => what.test(code(sources.get(file) ?? "")));
    expect(found.toSorted()).toEqual(allowed.toSorted());
  }
});

test("text is measured in one file", () => {
  const found = files.filter((file) => /\bstringWidth\b|"string-width"/.test(code(sources.get(file) ?? "")));
  expect(found).toEqual(["src/protocol/text/width.ts"]);
});

test("the session reaches sockets, clock and files only through its ports", () => {
  const others = files.filter((file) => moduleOf(file) === "session" && !portMakers.test(file));
  const opening = others.flatMap((file) =>
    imports(file)
      .filter(({ from, typeOnly }) => !typeOnly && (moduleOf(from) === "transport" || portMakers.test(from)))
      .map(({ from }) => `${file} → ${from}`),
  );
  const using = others.filter((file) =>
    /\bDate\.now\b|\bset(Timeout|Interval|Immediate)\b|\bcrypto\b|\bBun\.\w+/.test(
      code(sources.get(file) ?? ""),
    ),
  );
  expect([...opening, ...using]).toEqual([]);
});

test("`process` is the program's, the terminal's and the streams', and what names a process to others", () => {
  const owners =
    /^src\/(start\.ts|bundle\/.*|cli\/.*|transport\/\w+\/(announcements|announcement-file|process-life|port-holder|private-folder|socket-options|unix-path)\.ts)$/;
  const using = files.filter((file) => /\bprocess\b\./.test(withoutStrings(code(sources.get(file) ?? ""))));
  expect(using.filter((file) => !owners.test(file))).toEqual([]);
});

/** What the first message of a headless chat needs, and Bun loads before LISTEN: a third of a start from source. */
function listHeadlessModules(): readonly string[] {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { from, typeOnly, dynamic } of imports(file)) if (!typeOnly && !dynamic) visit(from);
  };
  const starts = ["src/start.ts", "src/words/en/screen.ts", "src/cli/headless/headless.ts"];
  for (const file of [...starts, "src/cli/identity/open-people.ts", "src/session/real-ports.ts"]) visit(file);
  return [...reached];
}

/** Loaded when they are asked for: screens, replays, logs, other languages, the tour, the local network. */
const notHeadless =
  /^(react|ink|node:(child_process|crypto|net|stream|tty))|^components\/|^src\/(view|input|replay|tour)\/|^src\/words\/zh\/|^src\/cli\/(screen|replay|terminal)\/|^src\/cli\/logs\/(?!chat-config|log-contract)|^src\/protocol\/capture\/|^src\/chat\/screen\/|^src\/transport\/(multicast|pairing)\/(?!lazy)/;

/** Loaded in vain by most runs, since the core answers an event at once and its commands open UDP at any time. */
const loadedInVain = [
  ...["src/chat/commands", "src/chat/features", "src/chat/trace", "src/protocol/delivery"],
  ...["src/transport/impairment", "src/transport/udp", "src/transport/unix"],
];

/** Raise these for what each headless run needs; load by `import()` what it does not. */
const headlessModulesMax = 362;
const headlessKiBMax = 1560;

test("a start without a screen loads what it needs, and no more than it did", () => {
  const modules = listHeadlessModules();
  expect(modules.filter((file) => notHeadless.test(file))).toEqual([]);
  const own = modules.filter((file) => sources.has(file));
  expect(own.length).toBeGreaterThan(200);
  expect(own.length).toBeLessThanOrEqual(headlessModulesMax);
  const bytes = own.reduce((sum, file) => sum + Buffer.byteLength(sources.get(file) ?? ""), 0);
  expect(bytes / 1024).toBeLessThanOrEqual(headlessKiBMax);
  // A folder that is no longer loaded in vain is removed from the list.
  const idle = loadedInVain.filter((folder) => !own.some((file) => dirname(file) === folder));
  expect(idle).toEqual([]);
});

test("exports are named", () => {
  expect(offending(Object.keys(mayImport), /^export default\b|\bas default\b/m)).toEqual([]);
});

test("every export is imported by another file of src, components or tests", async () => {
  const tests = [...new Glob("tests/**/*.{ts,tsx}").scanSync(root)].toSorted();
  const needed = new Set<string>();
  for (const file of [...files, ...tests]) {
    const source = code(sources.get(file) ?? (await read(file)));
    for (const name of importedNames(file, source)) needed.add(name);
  }
  const needless = files.flatMap((file) =>
    exportedNames(code(sources.get(file) ?? ""))
      .map((name) => `${file} ${name}`)
      .filter((name) => !needed.has(name)),
  );
  expect(needless).toEqual([]);
});

test("the search for exports sees each kind, and the search for imports each form", () => {
  const source = `export const one = 1;
export async function two(): Promise<void> {}
export interface Three {}
export class Four {}
export type Five = 5;
const not = 6;
export { not as six, type Seven } from "./seven.ts";
`;
  expect(exportedNames(source)).toEqual(["one", "two", "Three", "Four", "Five", "six", "Seven"]);
  const importing = `import { one, type Three as Third } from "./a.ts";
import * as line from "./b.ts";
export { six } from "./a.ts";
const { two } = await import("./c.ts");
line.start();
`;
  expect(importedNames("src/x.ts", importing).filter((name) => !name.startsWith("src/c.ts"))).toEqual([
    "src/a.ts one",
    "src/a.ts Three",
    "src/a.ts six",
    "src/b.ts start",
  ]);
  expect(importedNames("src/x.ts", importing)).toContain("src/c.ts two");
});

test("a function has at most 60 lines", () => {
  const long = files.flatMap((file) => longFunctions(file, sources.get(file) ?? ""));
  expect(long).toEqual([]);
});

test("each file opens with its job", () => {
  const silent = files.filter((file) => !/^(#!.*\n)?\/\*\*/.test(sources.get(file) ?? ""));
  expect(silent).toEqual([]);
});

function exportedNames(source: string): readonly string[] {
  const declared =
    /^export (?:declare )?(?:abstract )?(?:async )?(?:function|const|let|class|interface|type) (\w+)/gm;
  const listed = /^export (?:type )?\{([^}]*)\}/gm;
  return [
    ...[...source.matchAll(declared)].map(([, name = ""]) => name),
    ...[...source.matchAll(listed)].flatMap(([, names = ""]) => namesIn(names, "last")),
  ];
}

/** Each as `file name`. An `import()` is taken to use every word of the file, and `import * as it` each `it.word`. */
function importedNames(file: string, source: string): readonly string[] {
  const found: string[] = [];
  const add = (from: string, names: Iterable<string>): void => {
    for (const name of names) found.push(`${resolved(file, from)} ${name}`);
  };
  for (const [, names = "", from = ""] of source.matchAll(
    /^(?:import|export) (?:type )?(?:\w+, )?\{([^}]*)\} from "([^"]+)"/gm,
  ))
    add(from, namesIn(names, "first"));
  for (const [, alias = "", from = ""] of source.matchAll(/^import \* as (\w+) from "([^"]+)"/gm))
    add(
      from,
      [...source.matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, "g"))].map(([, name = ""]) => name),
    );
  for (const [, from = ""] of source.matchAll(/\bimport\(\s*"([^"]+)"/g))
    add(from, new Set(source.match(/\b[A-Za-z]\w*/g)));
  return found;
}

/** Of `a, type b as c`: the names before `as`, or those after it. */
function namesIn(list: string, which: "first" | "last"): readonly string[] {
  return list.split(",").flatMap((one) => {
    const name = one
      .trim()
      .replace(/^type /, "")
      .split(" as ")
      .at(which === "first" ? 0 : -1);
    return name === undefined || name === "" ? [] : [name];
  });
}

function offending(rooms: readonly string[], pattern: RegExp): readonly string[] {
  return files
    .filter((file) => rooms.includes(moduleOf(file)))
    .flatMap((file) => {
      const found = pattern.exec(withoutStrings(code(sources.get(file) ?? "")));
      return found === null ? [] : [`${file}: ${found[0]}`];
    });
}

/** Words for people are no code; what an import names stays. */
function withoutStrings(source: string): string {
  return source
    .split("\n")
    .map((line) =>
      /\bfrom "|^import "|import\("/.test(line)
        ? line
        : line.replace(/"(?:[^"\\]|\\.)*"|`(?:[^`\\$]|\\.)*`/g, '""'),
    )
    .join("\n");
}

/** The strongly connected components of two files or more (Tarjan 1972). */
function circles(
  nodes: readonly string[],
  next: (node: string) => readonly string[],
): readonly (readonly string[])[] {
  const known = new Set(nodes);
  const reached = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    reached.set(node, reached.size);
    lowest.set(node, reached.size - 1);
    path.push(node);
    for (const other of next(node)) {
      if (!known.has(other)) continue;
      if (!reached.has(other)) visit(other);
      if (path.includes(other)) lowest.set(node, Math.min(lowest.get(node)!, lowest.get(other)!));
    }
    if (lowest.get(node) !== reached.get(node)) return;
    const circle = path.splice(path.indexOf(node));
    if (circle.length > 1) found.push(circle);
  };
  for (const node of nodes) if (!reached.has(node)) visit(node);
  return found;
}

/** By indentation, which the formatter keeps: a function ends at the first line that closes it at its own depth. */
function longFunctions(file: string, source: string): readonly string[] {
  const lines = source.split("\n");
  return lines.flatMap((line, start) => {
    const indent = functionStart.exec(line)?.[1];
    if (indent === undefined || /^\s*(if|for|while|switch|return)\b/.test(line)) return [];
    const length = lines.slice(start).findIndex((end) => end.startsWith(`${indent}}`)) + 1;
    if (length <= functionMaxLines) return [];
    return [`${file}:${start + 1} has ${length} lines`];
  });
}

const functionMaxLines = 60;
/** A declaration or a method; of one whose parameters take several lines, its last line. */
const functionStart =
  /^( *)(?:(?:export )?(?:async )?function [\w$]+.*|(?:static |async |get |set )*#?[\w$]+\(.*\)(?:: .+)? |\)(?:: .+)? )\{$/;

test("the measure of functions sees one line too many, in a declaration, a method and a long signature", () => {
  for (const [opening, closing] of [
    ["export function f(one: number): void {", "}"],
    ["  get #method(): number {", "  },"],
    ["function f(\n  one: number,\n): void {", "}"],
  ] as const) {
    const body = (lines: number) => `${opening}\n${"  x;\n".repeat(lines - 2)}${closing}\n`;
    expect(longFunctions("f.ts", body(functionMaxLines))).toEqual([]);
    expect(longFunctions("f.ts", body(functionMaxLines + 1))).toHaveLength(1);
  }
});
