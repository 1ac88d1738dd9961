/** All targets, in the order in which they run. */

import type { FuzzTarget } from "../target.ts";
import { chatTarget } from "./chat.ts";
import { deliveryTarget } from "./delivery.ts";
import { documentsTarget } from "./documents.ts";
import { framesTarget } from "./frames.ts";
import { keysTarget } from "./keys.ts";
import { linesTarget } from "./lines.ts";
import { textTarget } from "./text.ts";

export const targets: readonly FuzzTarget[] = [
  textTarget,
  linesTarget,
  framesTarget,
  deliveryTarget,
  keysTarget,
  documentsTarget,
  chatTarget,
];
