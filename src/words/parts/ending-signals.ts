/** The signals after which duet says goodbye to its peers, gives the terminal back and ends. */

/** After these duet exits with 128 plus the signal's number, which is what a shell reports for a death by the signal. */
const exitingSignals = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** After these the process dies by the signal itself in the end: QUIT, ABRT and XCPU may leave a core dump. */
export const deadlySignals = [
  "SIGQUIT",
  "SIGABRT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGALRM",
  "SIGVTALRM",
  "SIGPROF",
  "SIGXCPU",
  "SIGIO",
] as const;

export type EndingSignal = (typeof exitingSignals | typeof deadlySignals)[number];

export const endingSignals: readonly EndingSignal[] = [...exitingSignals, ...deadlySignals];
