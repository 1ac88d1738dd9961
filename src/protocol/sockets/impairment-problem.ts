/** Errors in impairment settings as a person wrote them. */

export type ImpairmentSetting = "loss" | "dup" | "reorder" | "delay" | "seed";

export type ImpairmentProblem =
  | { readonly is: "missing" }
  /** No setting is above 0. */
  | { readonly is: "none-made" }
  | { readonly is: "unknown"; readonly word: string }
  | { readonly is: "twice"; readonly setting: ImpairmentSetting }
  | { readonly is: "wrong-value"; readonly word: string; readonly setting: ImpairmentSetting };
