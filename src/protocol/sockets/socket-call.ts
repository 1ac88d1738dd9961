/** The calls of the BSD socket interface, as POSIX names them. */
export const callNames = [
  "bind",
  "listen",
  "accept",
  "connect",
  "send",
  "recv",
  "sendto",
  "recvfrom",
  "shutdown",
  "setsockopt",
  "close",
] as const;

export type CallName = (typeof callNames)[number];
