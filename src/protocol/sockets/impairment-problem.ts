/** What is wrong with the words that ask for a bad network. */

export type TroubleSetting = "loss" | "dup" | "reorder" | "delay" | "seed";

export type TroubleProblem =
  | { readonly is: "missing" }
  /** Nothing of it is above zero. */
  | { readonly is: "none-made" }
  | { readonly is: "unknown"; readonly word: string }
  | { readonly is: "twice"; readonly setting: TroubleSetting }
  | { readonly is: "wrong-value"; readonly word: string; readonly setting: TroubleSetting };
