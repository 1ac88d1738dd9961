import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testStreamContract } from "./contract.ts";

const folder = mkdtempSync(join(tmpdir(), "duet-unix-"));
let count = 0;

testStreamContract({
  name: "UNIX path",
  listenAt: () => ({ kind: "unix", path: join(folder, `${(count += 1)}.sock`) }),
  connectTo: (listening) => listening,
});

testStreamContract({
  name: "abstract UNIX name",
  listenAt: () => ({ kind: "unix", path: `@duet-test-${process.pid}-${(count += 1)}` }),
  connectTo: (listening) => listening,
});
