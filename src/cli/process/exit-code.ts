/** The exit codes that the README lists, and the time to flush output before an exit. */

export const exitOk = 0;
/** An error of the network, a full disk or a closed pipe. */
export const exitNetwork = 1;
export const exitUsage = 2;
/** A fault of duet's own: EX_SOFTWARE in sysexits.h. */
export const exitFault = 70;
/** From here on 128 plus the signal's number, as shells report it. */
export const exitHangup = 129;
export const exitInterrupt = 130;

/** How long output and logs may take to be written before the exit. */
export const exitFlushMs = 1000;
