/**
 * A screen model that is hard to draw: wide, joined and combining text, 256 peers of one name, and every kind of
 * line.
 */

import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { message, notice, peer, screenModel, talk } from "../components/screen-fixture.ts";

const texts = [
  "你好".repeat(90),
  `e\u0301o\u0308a\u0303 `.repeat(60),
  "한국어 조합 ".repeat(20),
  "｡ﾊﾝｶｸ ".repeat(30),
  `x${"界".repeat(150)}`,
  "tab\there, and \x1b[31mred\x1b[0m that is none",
  "שלום ".repeat(30),
  "a".repeat(400),
  "one\ntwo\n\nfour",
];

/** The same model each time. */
export function makeHardScreen(): ScreenModel {
  const names = ["bob", "名前の長い人物", "127.0.0.1:51240", "e\u0301ve"];
  const theirs = texts.map((text, index) => message(20 + index, names[index % names.length]!, text));
  const receipts = [{ stage: "received", by: 2, of: 12 }, { stage: "read" }] as const;
  const ours = texts.map((text, index) =>
    message(50 + index, "ann", text, { direction: "out", receipt: receipts[index % receipts.length]! }),
  );
  const link = { received: 9e6, lost: 4e6, duplicates: 8e6, reordered: 7e6, sent: 9e6, retransmitted: 6e6 };
  const peers = Array.from({ length: 256 }, (_, index) =>
    peer("bob", {
      address: `127.0.0.1:${50_000 + index}`,
      bytesIn: index * 1000,
      addressed: index === 1,
      link: index % 2 === 0 ? link : undefined,
    }),
  );
  return screenModel({
    ...talk,
    tcp: { ...talk.tcp, peers: 256, loss: 0.31, rates: [{ bytesIn: 5, bytesOut: 9 }] },
    peers,
    entries: [...talk.entries!, ...theirs, notice(40, "joined", "bob, bob and 254 more joined"), ...ours],
  });
}
