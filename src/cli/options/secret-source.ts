/** The source of a secret. The secret itself is never an argument: all users of a machine can read its command lines. */

import { refuse, type UsageRefusal } from "./usage-refusal.ts";

/** `ask`: on the controlling terminal. */
export type SecretSource =
  | { readonly is: "ask" }
  | { readonly is: "file"; readonly path: string }
  | { readonly is: "descriptor"; readonly descriptor: number };

/** The highest descriptor that Linux can be told to permit is 2³⁰ − 1. */
const descriptorDigits = 9;

/** Reads the value of an option: none or `ask`, `file:PATH`, `fd:N`. A refusal does not repeat a value, which may be the secret. */
export function readSecretSource(
  flag: string,
  text: string | undefined,
): SecretSource | undefined | UsageRefusal {
  if (text === undefined) return undefined;
  if (text === "" || text === "ask") return { is: "ask" };
  if (text.startsWith("file:") && text.length > "file:".length)
    return { is: "file", path: text.slice("file:".length) };
  const [, digits] = /^fd:(\d+)$/.exec(text) ?? [];
  if (digits !== undefined && digits.length <= descriptorDigits)
    return { is: "descriptor", descriptor: Number(digits) };
  return refuse("secret-in-argument", { flag });
}
