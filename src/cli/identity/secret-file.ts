/**
 * Reads a secret from a file or a descriptor. A file that others may read, or that another user owns, is refused, because
 * its text is no secret.
 */

import fs from "node:fs";
import type { SecretProblem } from "../../protocol/errors/secret-problem.ts";
import type { PrivateFileProblem } from "../../protocol/errors/private-file-problem.ts";
import { secretMaxBytes } from "../../protocol/limits.ts";
import { parseSecret } from "../../protocol/text/secret-text.ts";
import { openInput, readOneLine, readOpenText } from "../files/input-file.ts";

type SecretOrProblem = { readonly secret: string } | { readonly problem: SecretProblem };

const othersBits = 0o077;
const superuser = 0;
/** NFC may shorten a text to a third. */
const readMaxBytes = 4 * secretMaxBytes;

/** The secret in a file: its only line. A pipe, as of `<(pass show room)`, is read to its end. */
export function readSecretFile(path: string): SecretOrProblem {
  let descriptor: number | undefined;
  try {
    descriptor = openInput(path);
    const problem = checkFile(path, fs.fstatSync(descriptor));
    if (problem !== undefined) return { problem: { is: "file", problem } };
    return parse(readOpenText(descriptor, readMaxBytes), { path });
  } catch (error) {
    return { problem: { is: "file", problem: { is: "system", path, code: readCode(error) } } };
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** Links are followed, and pipes belong to whoever opened them. */
function checkFile(path: string, stat: fs.Stats): PrivateFileProblem | undefined {
  if (stat.isFIFO()) return undefined;
  if (!stat.isFile()) return { is: "no-file", path };
  if (stat.uid !== process.getuid?.() && stat.uid !== superuser) return { is: "other-owner", path };
  const mode = stat.mode & 0o777;
  return (mode & othersBits) === 0 ? undefined : { is: "others-may-read", path, mode };
}

/** The secret in the next line of a descriptor. The bytes behind the line are left to the next reader of the descriptor. */
export function readSecretDescriptor(descriptor: number): SecretOrProblem {
  try {
    const stat = fs.fstatSync(descriptor);
    // The runtime's own descriptors, as of epoll, have no type of a file.
    if (!stat.isFile() && !stat.isFIFO() && !stat.isSocket() && !stat.isCharacterDevice())
      return { problem: { is: "descriptor", descriptor, code: "EBADF" } };
    if (stat.isCharacterDevice() && process.getBuiltinModule("node:tty").isatty(descriptor))
      return { problem: { is: "terminal-descriptor", descriptor } };
    return parse(readOneLine(descriptor, readMaxBytes), { descriptor });
  } catch (error) {
    return { problem: { is: "descriptor", descriptor, code: readCode(error) } };
  }
}

function parse(
  { text, isTruncated }: { readonly text: string; readonly isTruncated: boolean },
  origin: { readonly path: string } | { readonly descriptor: number },
): SecretOrProblem {
  const parsed = parseSecret(text);
  if (isTruncated) return { problem: { is: "too-long", ...origin } };
  return "secret" in parsed ? parsed : { problem: { is: parsed.problem, ...origin } };
}

function readCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "EIO";
}
