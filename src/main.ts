#!/usr/bin/env -S bun --config=/dev/null --no-env-file --tsconfig-override=/dev/null --no-install
/** The entry point. Runs the bundle of duet if it was made of the sources as they are now, else the sources. */

import { findBundle } from "./bundle/bundle.ts";

const bundle = findBundle();
if (bundle === undefined) await import("./start.ts");
else await import(bundle);
