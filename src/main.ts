#!/usr/bin/env -S bun --config=/dev/null --no-env-file --tsconfig-override=/dev/null --no-install
/** The entry point. */

await import("./start.ts");
