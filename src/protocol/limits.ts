/**
 * Every bound of duet by name, so that nothing a peer sends and nothing we keep grows without one.
 * It knows no logic: whoever applies a bound imports it from here.
 */

const KIB = 1024;
const MIB = 1024 * KIB;

/** A line from a raw peer, and an encoded TCP frame without its newline, in bytes. */
export const lineMaxBytes = 16 * KIB;
/** A message's text in UTF-8, in bytes, after parts are joined. */
export const messageMaxBytes = 64 * KIB;
/** One UDP frame in all, so that it is never fragmented (RFC 8085 §3.2). */
export const datagramFrameMaxBytes = 1200;
/** The largest UDP payload over IPv4: 65,535 less 8 bytes of UDP and 20 of IP header. */
export const datagramMaxBytes = 65_507;
/** The tutorial's UDP server reads this many bytes and drops the rest of the datagram. */
export const datagramWarnBytes = 1024;

/** What may wait to be sent to one peer. A message that does not fit is refused whole. */
export const outQueueMaxBytes = 256 * KIB;
/** Above this a connection reports `backlogged`; local input then waits. */
export const outQueueHighBytes = 128 * KIB;
/** At or below this a backlogged connection reports `drained`. */
export const outQueueLowBytes = 32 * KIB;
/** What may wait to be sent to all peers together. */
export const outQueuesMaxBytes = 64 * MIB;

/** A nickname, in terminal columns. */
export const nameMaxColumns = 32;
/** Combining marks shown on one base character; the rest are escaped. */
export const combiningMarksMax = 4;

export const peersMaxDefault = 1024;
export const connectionsPerAddressMax = 16;
/** Malformed frames a connection may send before it is closed. */
export const malformedFramesMax = 10;
/** Members of a hub's room that who is connected to it keeps. */
export const distantMembersMax = 4096;
/** A member's address and a reason, as a hub or peer words them, in UTF-16 units. */
export const addressMaxUnits = 128;
export const reasonMaxUnits = 200;
/** Lines that /who takes. */
export const whoRowsMax = 100;
/** Lines of our own about what peers do: so many at once, and then so many a second. The rest is counted. */
export const peerNoticesBurst = 50;
export const peerNoticesPerSecond = 5;
/** Parts of one long text over UDP: as many as messageMaxBytes of characters that JSON writes out in six bytes take. */
export const partsMax = 512;
/** Descriptors that must stay free for files, the terminal and new sockets. */
export const descriptorsReserved = 32;

/** Lines kept to scroll back to, a transport. */
export const scrollbackMaxLines = 10_000;
/** Text kept to scroll back to, a transport, in UTF-16 units. */
export const scrollbackMaxUnits = 8 * MIB;
/** Lines typed that the up arrow brings back. */
export const inputHistoryMax = 1000;
/** What the composer holds, in UTF-16 units. */
export const composerMaxUnits = 1 * MIB;
/** One paste, in UTF-16 units: sent after a question, without ever being edited. */
export const pasteMaxUnits = 256 * MIB;

export const connectTimeoutMsDefault = 10_000;
/** After accept we are silent this long, for a peer that speaks first. */
export const acceptSilenceMs = 250;
/** After connect we wait this long for the banner of a listening duet. */
export const bannerWaitMs = 500;
/** A banner this late after connecting still makes the peer a duet. */
export const bannerLateMs = 5000;
/** A first `duet/1 ` must become a whole hello within this time. */
export const helloDeadlineMs = 10_000;
/** Text without a newline is closed after this much silence. */
export const unfinishedLineMs = 1000;
export const pingIntervalMs = 5000;
/** Pings without an answer after which a duet counts as gone. */
export const pingsUnansweredMax = 3;
/** Datagrams of one X that `nc -u -v` may send before its text. */
export const probeDatagramsMax = 5;
/** Hellos sent to a UDP endpoint that does not answer. */
export const hellosMax = 5;
export const helloIntervalMs = 500;
/** A UDP peer not heard for this long, though spoken to, is SILENT. */
export const silentAfterMs = 15_000;
/** A UDP peer not heard for this long is forgotten. */
export const udpPeerForgottenMs = 5 * 60_000;
/** With several peers, a queue that does not move for this long while our own input waits for it is cut off. */
export const stalledPeerMs = 5000;
/** Pairing tries this long to listen or to find the duet that does. */
export const pairingMs = 2000;
export const pairingRetryMs = 200;
/** On the way out, queued bytes get this long to leave. */
export const goodbyeFlushMs = 1000;
