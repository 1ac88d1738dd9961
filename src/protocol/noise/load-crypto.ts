/** Loads node:crypto when it is first needed: a start without sealing does not pay for it. It is used without I/O. */

type NodeCrypto = typeof import("node:crypto");
export type { KeyObject } from "node:crypto";

let loaded: NodeCrypto | undefined;

export function loadCrypto(): NodeCrypto {
  return (loaded ??= require("node:crypto") as NodeCrypto);
}
