/** `/identity`: shows our key, and backs up or renews the identity. */

import { formatFingerprint, formatKey } from "../../protocol/identity/key-text.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { SendContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { isSealed } from "../peer/seal.ts";
import { getOwnKey, renewOwnIdentity } from "../records/key-source.ts";
import { addNotice } from "../report/report.ts";

/** The word that a person adds to what cannot be undone. */
const confirmation = "yes";

type Act = (chat: SendContext, side: Side, words: string) => Sentence | undefined;

const acts: ReadonlyMap<string, Act> = new Map<string, Act>([
  ["", showIdentity],
  ["backup", backUp],
  ["renew", renew],
  ["pass-phrase", explainPassPhrase],
]);

/** Returns undefined when done, else the problem. */
export function runIdentity(chat: SendContext, side: Side, words: string): Sentence | undefined {
  const [, name = "", rest = ""] = /^(\S*)\s*([^]*)$/.exec(words) ?? [];
  const act = acts.get(name.toLowerCase());
  if (act === undefined) return sentence("identity-acts", { word: cleanText(name.slice(0, 40)) });
  return act(chat, side, rest);
}

/** Shows our own key, and where it is kept. */
function showIdentity(chat: SendContext, side: Side): undefined {
  addNotice(chat, side, "info", sentence("our-key", { key: readOwnKey(chat) }));
  const path = chat.self.people.source.identityPath;
  addNotice(
    chat,
    side,
    "info",
    path === undefined ? sentence("our-key-alone") : sentence("our-key-kept", { path }),
  );
}

/** Text that is typed in a chat may be sent or kept, so a secret is asked for outside of it. */
function explainPassPhrase(chat: SendContext, side: Side): undefined {
  addNotice(chat, side, "info", sentence("pass-phrase-outside"));
}

function readOwnKey({ self }: Pick<SendContext, "self">): string {
  return formatKey(getOwnKey(self.keys).publicKey);
}

function backUp(chat: SendContext, _side: Side, path: string): Sentence | undefined {
  if (path === "") return sentence("identity-needs-file");
  if (chat.self.people.source.identityPath === undefined) return sentence("no-identity-to-back-up");
  chat.effects.push({ type: "change-identity", act: { is: "backup", path } });
  return undefined;
}

/** The key before is gone afterwards, so that a word confirms it. */
function renew(chat: SendContext, side: Side, word: string): Sentence | undefined {
  const isKept = chat.self.people.source.identityPath !== undefined;
  if (word.toLowerCase() !== confirmation) {
    const asked = sentence("renew-asks", { isKept });
    if (word !== "") return asked;
    addNotice(chat, side, "warning", asked);
    return undefined;
  }
  const key = readOwnKey(chat);
  const sessions = [...chat.peers.values()].filter(({ seal }) => isSealed(seal)).length;
  if (isKept) {
    chat.effects.push({ type: "change-identity", act: { is: "renew", key, sessions } });
    return undefined;
  }
  renewOwnIdentity(chat.self.keys);
  const facts = { key: formatFingerprint(readOwnKey(chat)), sessions, isKept };
  addNotice(chat, side, "info", sentence("identity-renewed", facts));
  return undefined;
}
