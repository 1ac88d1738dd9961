/**
 * Adds a counter to each edge of a module: the entry of a function, the arms of an `if` (a missing `else` too), of a
 * conditional and of a switch, the body of a loop or `catch`, and the right side of `&&`, `||`, `??`, `??=` and of a
 * default value.
 */

import { parse } from "acorn";

/** A node of the syntax tree: its other fields depend on its type. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

interface Insertion {
  readonly at: number;
  readonly text: string;
  readonly isClosing: boolean;
}

/** JavaScript with the counters `${array}[firstEdge]++` and so on, and the code of each edge. */
export function addCounters(
  source: string,
  firstEdge: number,
  array: string,
): { readonly source: string; readonly codes: readonly string[] } {
  const insertions: Insertion[] = [];
  const codes: string[] = [];
  const open = (at: number, text: string): void => void insertions.push({ at, text, isClosing: false });
  const close = (at: number, text: string): void => void insertions.push({ at, text, isClosing: true });
  const count = ({ start, end }: { readonly start: number; readonly end: number }): string => {
    codes.push(source.slice(start, Math.min(end, start + 60)).replace(/\s+/g, " "));
    return `${array}[${firstEdge + codes.length - 1}]++`;
  };
  const countValue = (node: Node): void => {
    open(node.start, `(${count(node)}, (`);
    close(node.end, "))");
  };
  const countBody = (node: Node, isValue: boolean): void => {
    if (node.type === "BlockStatement") open(node.start + 1, `${count(node)};`);
    else if (isValue) countValue(node);
    else {
      open(node.start, `{${count(node)};`);
      close(node.end, "}");
    }
  };
  const edges = { count, countValue, countBody, open, close };
  visit(parse(source, { ecmaVersion: "latest", sourceType: "module" }) as unknown as Node, (node) =>
    countNode(node, edges),
  );
  return { source: insertAll(source, insertions), codes };
}

interface Edges {
  count(node: Node): string;
  countValue(node: Node): void;
  countBody(node: Node, isValue: boolean): void;
  open(at: number, text: string): void;
  close(at: number, text: string): void;
}

function countNode(node: Node, edges: Edges): void {
  const child = (field: string): Node => node[field] as Node;
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return edges.countBody(child("body"), true);
    case "ForStatement":
    case "ForOfStatement":
    case "ForInStatement":
    case "WhileStatement":
    case "DoWhileStatement":
    case "CatchClause":
      return edges.countBody(child("body"), false);
    case "IfStatement":
      // Closings are inserted in reverse order: the brace of the consequent is before the `else`.
      if (node["alternate"] === null) edges.close(child("consequent").end, ` else {${edges.count(node)}}`);
      else edges.countBody(child("alternate"), false);
      return edges.countBody(child("consequent"), false);
    case "ConditionalExpression":
      edges.countValue(child("consequent"));
      edges.countValue(child("alternate"));
      return;
    case "LogicalExpression":
    case "AssignmentPattern":
      return edges.countValue(child("right"));
    case "AssignmentExpression":
      if (/^(\?\?|\|\||&&)=$/.test(String(node["operator"]))) edges.countValue(child("right"));
      return;
    case "SwitchCase": {
      const [first] = node["consequent"] as readonly Node[];
      edges.open(first?.start ?? node.end, ` ${edges.count(node)};`);
    }
  }
}

/** Visits a node before the nodes in it, in the order of the source. */
function visit(node: Node, onNode: (node: Node) => void): void {
  onNode(node);
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child === "object" && child !== null && "type" in child) visit(child as Node, onNode);
}

/** At one place inner nodes are closed before outer ones, and outer ones are opened before inner ones. */
function insertAll(source: string, insertions: readonly Insertion[]): string {
  const closings = insertions.filter(({ isClosing }) => isClosing).toReversed();
  const openings = insertions.filter(({ isClosing }) => !isClosing);
  const sorted = [...closings, ...openings].toSorted((one, other) => one.at - other.at);
  let done = 0;
  const parts = sorted.flatMap(({ at, text }) => {
    const before = source.slice(done, at);
    done = at;
    return [before, text];
  });
  return [...parts, source.slice(done)].join("");
}
