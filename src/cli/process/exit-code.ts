/** The exit codes by their names, as product.md promises them. Who exits, and when, is main's business. */

export const exitOk = 0;
/** The network, a full disk or a closed pipe said no. */
export const exitNetwork = 1;
export const exitUsage = 2;
/** A fault of ours; sysexits.h calls it EX_SOFTWARE. */
export const exitFault = 70;
/** 128 and the signal's number, as shells count. */
export const exitHangup = 129;
export const exitInterrupt = 130;
export const exitTerminated = 143;
