/** A room's password in a handshake: one run of CPace, whose result is the psk of XXpsk3 (SEALED.md, A room with a password). */

import {
  computePasswordKey,
  makeShare,
  type PasswordContext,
  type PasswordShare,
  scalarSeedBytes,
} from "../noise/cpace.ts";

const channel = Buffer.from("duet/1 room\0");
const pskLabel = Buffer.from("duet/1 password\0");

export { scalarSeedBytes };

/** One side's run, which begins with its share. */
export type PasswordRun = PasswordShare & Pick<PasswordContext, "session">;

/** Begins a run that is bound to the offers of the prologue. `seed`: scalarSeedBytes random bytes, which are filled with zero. */
export function beginPasswordRun(password: string, prologue: Uint8Array, seed: Uint8Array): PasswordRun {
  const session = new Bun.CryptoHasher("sha256").update(prologue).digest();
  const secret = Buffer.from(password.normalize("NFC"));
  const share = makeShare({ password: secret, channel, session }, seed);
  secret.fill(0);
  seed.fill(0);
  return { ...share, session };
}

/** The psk, from the other side's share; undefined if that is no valid point. */
export function derivePsk(
  run: PasswordRun,
  theirs: Uint8Array,
  isInitiator: boolean,
): Uint8Array | undefined {
  const shares = isInitiator
    ? { initiator: run.share, responder: theirs }
    : { initiator: theirs, responder: run.share };
  const key = computePasswordKey(run, run.scalar, theirs, shares);
  if (key === undefined) return undefined;
  const psk = new Bun.CryptoHasher("sha256").update(pskLabel).update(key).digest();
  key.fill(0);
  return psk;
}
