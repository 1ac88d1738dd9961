/** A program: compiles duet with Bun into one file, `dist/duet`, which needs neither Bun nor packages. */

import { join } from "node:path";
import { buildConfig } from "./build-config.ts";
import { project } from "./bundle.ts";

await Bun.build({
  ...buildConfig,
  format: "esm",
  // Without a screen neither React nor Ink is loaded.
  splitting: true,
  compile: {
    outfile: join(project, "dist/duet"),
    // A stranger's folder changes nothing, as by the first line of main.ts.
    autoloadBunfig: false,
    autoloadDotenv: false,
    autoloadTsconfig: false,
    autoloadPackageJson: false,
  },
});
