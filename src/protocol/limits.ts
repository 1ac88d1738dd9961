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
/**
 * Lines passed on together in one payload and one write, so that one read of a fast writer does not fill a queue at once:
 * what one TCP segment carries over loopback, also with IPv6 and timestamps, for a few bytes more would be a second one.
 */
export const relayBlockMaxBytes = 65_464;
/** So much said to an audience does not wait for another turn of the loop: a larger write costs hardly less a byte. */
export const broadcastSoonBytes = 24 * KIB;
/** What one read brought is handed on in pieces, so that who cannot take what follows from one can stop the next. */
export const receivedChunkMaxBytes = 16 * KIB;
/** A piece is longer, up to this, when it has few lines: it can grow by few names when it is passed on. */
export const receivedLongChunkMaxBytes = 60 * KIB;
export const receivedLongChunkMaxLines = 240;
/** What may wait to be sent to all peers together, but for a little of each. */
export const outQueuesMaxBytes = 64 * MIB;

/** Frames in flight to one duet over UDP: at most, and however much is lost (RFC 8085 §3.1). */
export const deliveryWindowMax = 32;
export const deliveryWindowMin = 8;
/** How far frames run ahead of the oldest one that is not acknowledged, so that a receiver holds little. */
export const deliveryAheadMax = 64;
/** Numbers ahead of the next one that a receiver takes, and behind it among which it tells late from doubled. */
export const deliveryNumbersMax = 2048;
/** What a receiver holds of one peer until the gap before it is closed, in bytes of frames. */
export const outOfOrderMaxBytes = 128 * KIB;
/** Frames that came in order are acknowledged after this much, or as soon as so many wait for it. */
export const ackDelayMs = 25;
export const ackEveryFrames = 4;
/** Runs of frames beyond a gap that one acknowledgement names. */
export const ackRangesMax = 32;
/** A frame that so many later ones overtook is lost. */
export const overtakenMax = 3;
/** A peer that takes nothing for now is asked again after this much, and for as long as it says so. */
export const busyProbeMs = 200;
/** Tries of one frame that are told apart. */
export const transmissionNumberMax = 255;
/** RFC 6298's timer is kept between these; before anything was measured it is the larger one (§2.1). */
export const retransmitMinMs = 50;
export const retransmitMaxMs = 1000;
/** A frame is given up after so many tries, or so long after the first. */
export const transmissionsMax = 24;
export const deliveryMaxMs = 60_000;
/** A gap is named after this much, and passed over after that much even when its sender says nothing. */
export const gapReportedMs = 1000;
export const gapSkippedMs = 60_000;
/** A side or peer that is closed waits so long for what it was sent to be acknowledged. */
export const deliveryFlushMs = 2000;
/** Duets that said goodbye over UDP lately and may ask for its acknowledgement again. */
export const goodbyesMax = 64;
/** In a room of more members nobody is told who has received or read a line for all. */
export const receiptRoomMax = 16;
/** Receipts to one peer leave at most this often; and so many runs of messages wait for theirs. */
export const receiptIntervalMs = 100;
export const receiptRangesMax = 32;
/** Messages to one peer that a receipt may still come for, and relayed ones whose origin is known. */
export const receiptsAwaitedMax = 1024;
export const relayedIdsMax = 1024;

/** A nickname, in terminal columns. */
export const nameMaxColumns = 32;
/** Combining marks shown on one base character; the rest are escaped. */
export const combiningMarksMax = 4;

export const peersMaxDefault = 1024;
export const connectionsPerAddressMax = 16;
/** Malformed frames a connection may send before it is closed. */
export const malformedFramesMax = 10;
/** Members of a hub's room that who is connected to it keeps. */
export const remoteMembersMax = 4096;
/** A member's address and a reason, as a hub or peer words them, in UTF-16 units. */
export const addressMaxUnits = 128;
export const reasonMaxUnits = 200;
/** Lines that /who takes. */
export const whoRowsMax = 100;
/** What a stranger from another machine may say at once, and then how many lines a second; more waits its turn. */
export const strangerLinesBurst = 10;
export const strangerLinesPerSecond = 5;
/** What may wait of one stranger: above it a stream is not read, and a datagram is dropped. */
export const strangerWaitingMaxBytes = 64 * KIB;
/** Ranges that /allow and /deny keep, each. */
export const rangesMax = 256;
/** Lines of our own about what peers do: so many at once, and then so many a second. The rest is counted. */
export const peerNoticesBurst = 50;
export const peerNoticesPerSecond = 5;
/** Parts of one long text over UDP: as many as messageMaxBytes of characters that JSON writes out in six bytes take. */
export const partsMax = 512;
/** From this share of its descriptors on a process takes no more peers: files, the terminal and new sockets need the rest. */
export const descriptorsShareMax = 0.8;

/** Lines kept to scroll back to, a transport. */
export const scrollbackMaxLines = 10_000;
/** Text kept to scroll back to, a transport, in UTF-16 units. */
export const scrollbackMaxUnits = 8 * MIB;
/** Places that a search finds, and what it looks for, in UTF-16 units. */
export const searchMatchesMax = 10_000;
export const searchTermMaxUnits = 1000;
/** Rows of the conversation that stay on the terminal when duet has left it. */
export const exitSummaryRowsMax = 200;
/** Rows kept laid out for the screen, a transport. */
export const laidOutRowsMax = 20_000;
/** Peers for each of whom a line said or passed on here is traced to its calls. */
export const tracedPeersMax = 16;
/** Pieces of streams that are known to have carried a message, or word of it. */
export const messageSpansMax = 128;
/** Messages of one peer, and of those passed on, that what comes of them later is traced to: receipts, datagrams again. */
export const tracedMessagesMax = 1024;
/** Messages of a peer over UDP that one acknowledgement is traced to, that are traced before they are shown, and receipts. */
export const tracedDatagramsMax = 64;
/** Where events tell what calls carried: pieces of one peer's stream that wait to be told, and those told in one event. */
export const unreportedSpansMax = 4096;
export const reportedSpansMax = 128;
/** Connections of one run of duet in a recording are numbered below this: no process has made so many. */
export const recordedConnectionsMax = 2 ** 32;
/** What is read of a recording, and events of it that are shown. */
export const replayFileMaxBytes = 256 * MIB;
export const replayEventsMax = 1_000_000;
/** While somebody looks, the kernel is asked so often what it knows of each connection, and of so many at once. */
export const kernelLookMs = 500;
export const connectionsLookedAtMax = 100;
/** Messages to one peer that are followed until its kernel has them; of more the oldest are no longer. */
export const unackedMessagesMax = 1000;
/** Connections that we have closed and whose state is still looked for. */
export const closedConnectionsMax = 16;
/** Bytes written as hex digits in one command, and the largest receive buffer asked for. */
export const hexMaxBytes = 16 * KIB;
export const receiveBufferMaxBytes = 64 * MIB;
/** Socket calls kept for the wire panel, and of what they carried so many bytes each and in all. */
export const wireRowsMax = 10_000;
export const wirePayloadMaxBytes = 1 * KIB;
export const wireBytesMax = 4 * MIB;
/** Peers in the screen's panel: a room of thousands is counted, not listed. */
export const peersShownMax = 100;
/** Lines typed that the up arrow brings back. */
export const inputHistoryMax = 1000;
/** A longer line is not kept for the next run, and no more of the file is read, from its end. */
export const historyLineMaxUnits = 16 * KIB;
export const historyFileMaxBytes = 4 * MIB;
/** Names of a folder that are looked at to complete a path. */
export const pathNamesMax = 10_000;
/** What the composer holds, in UTF-16 units. */
export const composerMaxUnits = 1 * MIB;
/** Killed pieces that can be yanked, and edits that can be undone, all their text together in UTF-16 units. */
export const killRingMax = 16;
export const undoMax = 200;
export const undoMaxUnits = 4 * composerMaxUnits;
/** Bytes of one key's sequence, and what is kept of a terminal's reply, in UTF-16 units. */
export const keySequenceMaxBytes = 256;
export const keyReplyMaxUnits = 1024;
/** What may wait for a terminal that does not read; beyond it everything is dropped and drawn anew later. */
export const terminalQueueMaxBytes = 256 * KIB;
/** What may wait for standard output or a log: above `High` input pauses, at `Max` pieces are dropped and counted. */
export const outputFileHighBytes = 4 * MIB;
export const outputFileMaxBytes = 64 * MIB;
/** A log that would pass this is turned over, and so many older ones are kept beside it. */
export const logFileMaxBytes = 256 * MIB;
export const logFilesKept = 3;
/** One write to standard output or a log, and the pieces that what waits for it is copied to. */
export const outputFileWriteMaxBytes = 256 * KIB;
export const outputFileChunkBytes = 64 * KIB;
/** A longer line of our own leaves in pieces over TCP, in UTF-16 units: at most 48 KiB of UTF-8. */
export const splitLineMaxUnits = 16 * KIB;
/** One paste, in UTF-16 units: sent after a question, without ever being edited. */
export const pasteMaxUnits = 256 * MIB;

export const connectTimeoutMsDefault = 10_000;
/** After accept we are silent this long, for a peer that speaks first. */
export const acceptSilenceMs = 250;
/** After connect we wait this long for the banner of a listening duet. */
export const bannerWaitMs = 500;
/** A banner this late after connecting still makes the peer a duet. */
export const lateBannerMs = 5000;
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
/** Hellos and pings, all together, by which a duet that has answered is asked for its room. */
export const roomQueriesMax = 25;
/** A UDP peer not heard for this long, though spoken to, is SILENT. */
export const silentAfterMs = 15_000;
/** A UDP peer not heard for this long is forgotten. */
export const udpPeerForgottenMs = 5 * 60_000;
/** With several peers, a queue that does not move for this long while our own input waits for it is cut off. */
export const stalledPeerMs = 5000;
/** While a member's queue is long, the room is read from again after this much at the latest. */
export const roomPauseMs = 250;
/** The same for a member of this machine. */
export const roomPauseLoopbackMs = 100;
/** Pairing tries this long to listen or to find the duet that does. */
export const pairingMs = 2000;
export const pairingRetryMs = 200;
/** Counters are told so long after traffic. */
export const statsIntervalMs = 5000;
/** On the way out, queued bytes get this long to leave. */
export const goodbyeFlushMs = 1000;
/**
 * Datagrams may keep everything else waiting so long at a stretch, and only so long when they did so within the last
 * while; what comes beyond that before everything else has had its turn is dropped.
 */
export const receiveTurnMs = 1000;
export const receiveTurnRepeatedMs = 50;
export const receiveTurnRepeatMs = 5000;
/**
 * So many datagrams within so long are a flood: from then on the kernel gathers them for a moment after each turn. Both
 * fit many times into the receive buffer, and the moment is too short for a hand on the keys to feel.
 */
export const floodDatagrams = 200;
/** Who gets a datagram back for so small a share of its own may wait for them: that is no flood. */
export const floodAnsweredShare = 1 / 64;
export const floodWindowMs = 20;
export const floodSleepMs = 1;
/** How often the bytes are looked at while there is traffic, and for how many of these times it is remembered. */
export const rateIntervalMs = 1000;
export const rateSamplesMax = 12;
/** Trouble on purpose: how long a datagram is held at most, and how long one that others are to overtake. */
export const troubleDelayMaxMs = 10_000;
export const troubleReorderHoldMs = 100;
/** Datagrams that trouble holds at a time, by number and in bytes; what comes on top is dropped and counted. */
export const troubleHeldMax = 4096;
export const troubleHeldMaxBytes = 16 * MIB;
/** The local network: duets that are listed, those heard from one address, and addresses that one is heard from. */
export const lanDuetsMax = 256;
export const lanDuetsPerAddressMax = 16;
export const lanAddressesMax = 8;
/** Each duet announces itself so often, and is dropped when three of its announcements have not come. */
export const lanAnnounceMinMs = 5000;
export const lanAnnounceMaxMs = 10_000;
export const lanSilentMs = 3 * lanAnnounceMaxMs;
/** Who is asked answers within this time, but announces itself no more often than so. */
export const lanAnswerMs = 250;
export const lanAnswerIntervalMs = 1000;
/** An announcement of our own comes back within this time, or the interface does not hear itself. */
export const lanEchoMs = 1000;
/** Datagrams of the group that are read in a second, of each process. */
export const lanReceivedPerSecondMax = 500;
/** Socket calls that the walk keeps in sight, and bytes of a payload that it shows: anybody on this machine can connect to it. */
export const tourRowsMax = 128;
export const tourShownBytesMax = 64;
/** A step whose calls have not returned after this long is left as it is. */
export const tourStepMaxMs = 3000;
