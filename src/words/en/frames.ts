/** Faults of frames, in English. */

import type { FrameFault } from "../../protocol/frames/frame-fault.ts";
import { lineMaxBytes } from "../../protocol/limits.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { FrameSentences } from "../sentences/frames.ts";

export const framesEnglish: SentenceTable<FrameSentences<Sentence>> = {
  "frame-fault": ({ fault }) => wordFault(fault),
  "malformed-frame": ({ name, fault }, word) => `a frame from ${name} is malformed: ${word(fault)}`,
  "malformed-hint": "the frame was skipped; after ten of them the connection is closed",
  "too-many-malformed": ({ frames }) => `more than ${frames} malformed frames`,
};

function wordFault(fault: FrameFault): string {
  switch (fault.is) {
    case "no-json":
      return "its JSON does not parse";
    case "no-object":
      return "it is not a JSON object";
    case "no-type":
      return "it has no type";
    case "wrong-field":
      return `a field of ${JSON.stringify(fault.type)} is missing or wrong`;
    case "no-frame":
      return "it is not a frame";
    case "too-long":
      return `a frame is longer than ${lineMaxBytes / 1024} KiB`;
    case "no-end":
      return "its last frame has no end";
  }
}
