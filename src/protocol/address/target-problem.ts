/** Errors in an address as a person wrote it. */

export type TargetProblem =
  | { readonly is: "argument-too-many"; readonly word: string }
  | { readonly is: "path-then-word"; readonly word: string }
  | { readonly is: "path-missing" }
  | { readonly is: "path-with-nul" }
  | { readonly is: "nothing-given" }
  | { readonly is: "port-missing"; readonly host: string }
  | { readonly is: "no-port"; readonly word: string; readonly role: "listen" | "connect" }
  | { readonly is: "path-as-host"; readonly word: string }
  | { readonly is: "no-ipv4"; readonly word: string }
  | { readonly is: "no-host"; readonly word: string }
  | {
      readonly is: "other-family";
      readonly host: string;
      readonly family: 4 | 6;
      readonly found: "IPv4" | "IPv6";
    };
