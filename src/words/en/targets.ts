/** Faults of an address that a person wrote, in English. */

import { hostDefault, portDefault, quoteWord } from "../../protocol/address/target.ts";
import type { TargetProblem } from "../../protocol/address/target-problem.ts";
import type { SentenceTable } from "../sentences/sentence.ts";
import type { TargetSentences } from "../sentences/targets.ts";

export const targetsEnglish: SentenceTable<TargetSentences> = {
  "target-problem": ({ problem }) => wordProblem(problem),
};

function wordProblem(problem: TargetProblem): string {
  switch (problem.is) {
    case "argument-too-many":
      return `${quoteWord(problem.word)} is one argument too many: give HOST and PORT`;
    case "path-then-word":
      return `${quoteWord(problem.word)} is one argument too many: -U takes a path alone`;
    case "path-missing":
      return "-U needs the path of a socket, or @NAME for an abstract one";
    case "path-with-nul":
      return "-U takes a path without NUL bytes";
    case "nothing-given":
      return "connect to what? Give HOST and PORT";
    case "port-missing":
      return `which port of ${problem.host}? Give HOST and PORT: ${problem.host} ${portDefault}`;
    case "no-port": {
      const allowed = problem.role === "listen" ? "0 to 65535 (0: the system chooses one)" : "1 to 65535";
      return `${quoteWord(problem.word)} is not a port: a port is a number from ${allowed}`;
    }
    case "path-as-host":
      return `${quoteWord(problem.word)} is not a host: for a UNIX socket write -U PATH`;
    case "no-ipv4":
      return `${quoteWord(problem.word)} is not an IPv4 address: it has four numbers from 0 to 255, as in ${hostDefault}`;
    case "no-host":
      return `${quoteWord(problem.word)} is not a host: give a name, an IPv4 address or an IPv6 address, as in [::1]:${portDefault}`;
    case "other-family":
      return `-${problem.family} and ${problem.host} do not go together: ${problem.host} is an ${problem.found} address`;
  }
}
