/** Every bound of duet by name, so that neither input from peers nor memory grows without one. */

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

/** The bytes of one peer's send queue. A message that does not fit is refused as a whole. */
export const outQueueMaxBytes = 256 * KIB;
/** The high-water mark: above it a connection reports `backlogged`, and local input waits. */
export const outQueueHighBytes = 128 * KIB;
/** At or below this a backlogged connection reports `drained`. */
export const outQueueLowBytes = 32 * KIB;
/**
 * The bytes of relayed lines in one payload. This fits one TCP segment over loopback, even with IPv6 and timestamps; a
 * few bytes more would need a second one.
 */
export const relayBlockMaxBytes = 65_464;
/** Above this a fan-out does not wait for another turn of the loop: a larger write would cost hardly less a byte. */
export const publishSoonBytes = 24 * KIB;
/** The bytes of one recv are reported in chunks, so that reading can be paused between two of them. */
export const receivedChunkMaxBytes = 16 * KIB;
/** A chunk with few lines may be longer, since relaying adds few names to it. */
export const receivedLongChunkMaxBytes = 60 * KIB;
export const receivedLongChunkMaxLines = 240;
/**
 * A chunk also has at most so many lines. The limit begins at `First`, doubles after a chunk that took less than `Fast`,
 * and falls to `Min` after one that took more than `Slow`.
 */
export const chunkLinesFirst = 64;
export const chunkLinesMin = 8;
export const chunkLinesMax = 512;
export const chunkFastMs = 0.5;
export const chunkSlowMs = 2;
/**
 * The receive budget: the work that one connection or UDP endpoint may cause in one turn of the event loop, in bytes. A
 * line, frame or datagram counts its bytes and `LineWork` more. The rest waits for later turns.
 */
export const receivedWorkMax = 512 * KIB;
export const receivedLineWork = 64;
/** The same for a byte of a stream that is not cut into lines, which is only passed on. */
export const receivedByteWork = 1 / 8;
/**
 * A recv of more bytes is long. At most so many sources of long ones are read at a time, since a recv takes its time before
 * the turn of its bytes, and all waiting bytes take memory.
 */
export const longRecvBytes = 64 * KIB;
export const longSourcesRead = 4;
/** How long received bytes may occupy one turn of the event loop, all sources together. */
export const receiveTurnMs = 5;
/** Waiting lines of the person that one turn sends at most, so that keys and sockets are not delayed. */
export const typedLinesPerTurn = 512;
/** The bytes of all send queues together, apart from a little for each peer. */
export const outQueuesMaxBytes = 64 * MIB;

/**
 * The frames of one datagram that are read; more are ignored. And the bytes to which a sender fills one with several
 * frames: the calls in the wire panel show all of them (wirePayloadMaxBytes).
 */
export const datagramFramesMax = 32;
export const datagramFramesMaxBytes = 1 * KIB;
/** The largest and smallest congestion window of one duet over UDP, in datagrams (RFC 8085 §3.1). */
export const deliveryWindowMax = 32;
export const deliveryWindowMin = 8;
/**
 * How far sent frames may be ahead of the oldest unacknowledged one, so that a receiver need not keep many: of one frame
 * a datagram, in numbers; of several, in full datagrams, and in numbers at most `Frames`.
 */
export const deliveryAheadMax = 64;
export const deliveryAheadFramesMax = 1024;
/**
 * How far ahead of the next number a receiver accepts frames, and how far behind it distinguishes late ones from
 * duplicates.
 */
export const deliveryNumbersMax = 2048;
/** The bytes of out-of-order frames that a receiver keeps for one peer. */
export const outOfOrderMaxBytes = 128 * KIB;
/** Frames received in order are acknowledged after this delay, or as soon as those of this many datagrams wait. */
export const ackDelayMs = 25;
export const ackEveryDatagrams = 4;
/** Runs of frames beyond a gap in one acknowledgement. */
export const ackRangesMax = 32;
/** A frame is presumed lost when this many later transmissions have arrived. */
export const overtakenMax = 3;
/** The interval at which a busy peer is probed. */
export const busyProbeMs = 200;
/** The highest transmission number of a frame. */
export const transmissionNumberMax = 255;
/** The bounds of RFC 6298's timeout; before the first sample it is the upper one (§2.1). */
export const retransmitMinMs = 50;
export const retransmitMaxMs = 1000;
/** A frame is given up after this many transmissions (a presence frame is not), or this long after the first. */
export const transmissionsMax = 24;
export const deliveryMaxMs = 60_000;
/** A gap is reported after the first, and skipped after the second even without a skip frame. */
export const gapReportedMs = 1000;
export const gapSkippedMs = 60_000;
/** How long closing a side or peer waits for acknowledgements. */
export const deliveryFlushMs = 2000;
/** Duets that sent a goodbye over UDP lately, and may retransmit it. */
export const goodbyesMax = 64;
/** In a room of more members, receipts of messages to the whole room are not sent. */
export const receiptRoomMax = 16;
/** The shortest interval between receipts to one peer, and the runs of messages that may wait for theirs. */
export const receiptIntervalMs = 100;
export const receiptRangesMax = 32;
/** Messages to one peer that await receipts, and relayed messages whose author is remembered. */
export const receiptsAwaitedMax = 1024;
export const relayedIdsMax = 1024;

/** A nickname, in terminal columns. */
export const nameMaxColumns = 32;
/** Combining marks displayed on one base character; further ones are escaped. */
export const combiningMarksMax = 4;

export const peersMaxDefault = 1024;
/** Connections of one address beyond this machine, and of one IPv6 subnet (/64), whose addresses one machine may take. */
export const connectionsPerAddressMax = 16;
export const connectionsPerSubnetMax = 64;
/** The share of a room's places that only an address without a place may take. */
export const placesForNewShare = 1 / 64;
/** How long a newcomer keeps its place at least, to greet or to type a line. */
export const newcomerGraceMs = 500;
/** Unproven duets over UDP that wait for their proof, at least; otherwise as many as a room has places. */
export const greetingsMin = 1024;
/** Malformed frames a connection may send before it is closed. */
export const malformedFramesMax = 10;
/** The paths of one member; a further connection of its process becomes a member of its own. */
export const memberPathsMax = 8;
/** Paths of ours to hosts that are remembered, the latest, to prove another one with. */
export const knownPathsMax = 8;
/** Members of a host's room that a client keeps. */
export const remoteMembersMax = 4096;
/** A member's address and a reason, as received from a host or peer, in UTF-16 units. */
export const addressMaxUnits = 128;
export const reasonMaxUnits = 200;
/** Lines of /who. */
export const whoRowsMax = 100;
/** The throttle of strangers at one address: lines at once, and lines a second after that. Further ones wait. */
export const strangerLinesBurst = 10;
export const strangerLinesPerSecond = 5;
/** The share of both that one connection may use while others of its address are connected. */
export const strangerConnectionShare = 1 / 2;
/** Addresses without a connection whose allowance is remembered until it would be full again. */
export const addressBudgetsMax = 4096;
/** The bytes that may wait for one stranger: above it reading a stream is paused, and datagrams are dropped. */
export const strangerWaitingMaxBytes = 64 * KIB;
/** The bytes that may wait for the UDP strangers of one address, and for all strangers; what is beyond is dropped. */
export const addressWaitingMaxBytes = 256 * KIB;
export const strangersWaitingMaxBytes = 16 * MIB;
/** Ranges that may join, and ranges that may not, of the command line and of /allow and /deny. */
export const rangesMax = 4096;
/** How many of them a listing names. */
export const rangesShownMax = 12;
/** How many names a sentence lists of those who are here. */
export const namesListedMax = 100;
/** Notices about peers: this many at once, and this many a second after that. Further ones are counted. */
export const peerNoticesBurst = 50;
export const peerNoticesPerSecond = 5;
/** Parts of one message over UDP: enough for messageMaxBytes of characters that JSON escapes with six bytes each. */
export const partsMax = 512;

/** Messages of one peer whose parts are joined at the same time; the oldest is dropped first. */
export const unfinishedMessagesMax = 4;
/** The memory of the unfinished messages of all peers; the one that grew longest ago is dropped first. */
export const unfinishedPartsMaxBytes = 8 * MIB;
/** An unfinished message is given up this long after its last part: a gap in the delivery over UDP is shorter. */
export const unfinishedMessageMs = 90_000;
/** The share of the process's descriptors that peers may use: files, the terminal and new sockets need the rest. */
export const descriptorsShareMax = 0.8;

/** Lines of scrollback, for each transport. */
export const scrollbackMaxLines = 10_000;
/** Text of scrollback, for each transport, in UTF-16 units. */
export const scrollbackMaxUnits = 8 * MIB;
/** Matches of a search, and the UTF-16 units of its term. */
export const searchMatchesMax = 10_000;
export const searchTermMaxUnits = 1000;
/** Rows of the conversation that stay on the terminal after exit. */
export const exitSummaryRowsMax = 200;
/** Rows of layout that are cached for the screen, for each transport. */
export const laidOutRowsMax = 20_000;
/** Peers for which one sent or relayed line is traced to its calls. */
export const tracedPeersMax = 16;
/** Spans that are kept for one message and its receipts. */
export const messageSpansMax = 128;
/** Messages of one peer, sent and relayed, to which later receipts and retransmissions are traced. */
export const tracedMessagesMax = 1024;
/**
 * Messages over UDP that one acknowledgement is traced to, and messages and receipts that are traced before they are
 * shown.
 */
export const tracedDatagramsMax = 64;
/** Spans of one peer's stream that wait to be reported in an event, and spans in one event. */
export const unreportedSpansMax = 4096;
export const reportedSpansMax = 128;
/** Connection ids of one process in a recording are below this: no process has made as many. */
export const recordedConnectionsMax = 2 ** 32;
/** Bytes that are read of a settings file. */
export const settingsFileMaxBytes = MIB;
/** A file of --allowfile or --denyfile. */
export const hostsFileMaxBytes = MIB;
/** Bytes of one read of a settings file or a recording. */
export const inputFileChunkBytes = MIB;
/** Bytes that are read of a recording, and events that are shown. */
export const replayFileMaxBytes = 256 * MIB;
export const replayEventsMax = 1_000_000;
/** While the kernel's state is displayed: the interval at which it is read, and the connections of one reading. */
export const kernelLookMs = 500;
export const connectionsLookedAtMax = 100;
/** Messages to one peer that are followed until its kernel acknowledges them; the oldest are dropped first. */
export const unackedMessagesMax = 1000;
/** Closed connections whose kernel state is still read. */
export const closedConnectionsMax = 16;
/** Bytes written as hex digits in one command, and the largest receive buffer that can be requested. */
export const hexMaxBytes = 16 * KIB;
export const receiveBufferMaxBytes = 64 * MIB;
/** For the wire panel of one transport: socket calls kept, bytes kept of one payload, and bytes of all payloads. */
export const wireRowsMax = 10_000;
export const wirePayloadMaxBytes = 1 * KIB;
export const wireBytesMax = 4 * MIB;
/** Rows that are searched for the one that counts a keepalive: as many idle peers have one row each. */
export const idlePeersMax = 64;
/** Peers in the screen's panel: a room of thousands is counted, not listed. */
export const peersShownMax = 100;
/** Lines of input history. */
export const inputHistoryMax = 1000;
/** The history file: the longest line that is saved, and the bytes that are read, from the file's end. */
export const historyLineMaxUnits = 16 * KIB;
export const historyFileMaxBytes = 4 * MIB;
/** The file of the name that /nick chose last. */
export const nameFileMaxBytes = 4 * KIB;
/** For a host: sessions of duets whose message ids are remembered, and the ids of one. */
export const receivedSessionsMax = 128;
export const receivedIdsMax = 512;
/** Names that several members want, for which the first free number is remembered. */
export const sharedNamesMax = 1024;

/** Names of a folder that completing a path considers. */
export const pathNamesMax = 10_000;
/** The text in the composer, in UTF-16 units. */
export const composerMaxUnits = 1 * MIB;
/** Killed texts that can be yanked, edits that can be undone, and the UTF-16 units of all these edits. */
export const killRingMax = 16;
export const undoMax = 200;
export const undoMaxUnits = 4 * composerMaxUnits;
/** Text that is copied to the clipboard: xterm and others take 100,000 characters of base64. */
export const copiedMaxBytes = 74_994;
/** Bytes of one key's sequence, and the UTF-16 units that are kept of a terminal's reply. */
export const keySequenceMaxBytes = 256;
export const keyReplyMaxUnits = 1024;
/**
 * Bytes that may wait for a terminal that does not read; beyond that all are dropped, and the screen is redrawn later.
 */
export const terminalQueueMaxBytes = 256 * KIB;
/**
 * Bytes that may wait for standard output or a log: above `High` reading is paused, at `Max` writes are dropped and
 * counted.
 */
export const outputFileHighBytes = 4 * MIB;
export const outputFileMaxBytes = 64 * MIB;
/** A log that would exceed this is rotated, and this many older ones are kept. */
export const logFileMaxBytes = 256 * MIB;
export const logFilesKept = 3;
/** A log's end is searched in pieces of this size, and a pcapng file walked. */
export const logSearchChunkBytes = 256 * KIB;
/** A block of pcapng that duet writes is shorter: a longer one is no unfinished packet, but damage. */
export const packetBlockMaxBytes = 256 * KIB;
/** Bytes of one write to standard output or a log, and of one chunk of the queue before it. */
export const outputFileWriteMaxBytes = 256 * KIB;
export const outputFileChunkBytes = 64 * KIB;
/** A longer line of ours is sent in several over TCP, in UTF-16 units: at most 48 KiB of UTF-8 each. */
export const splitLineMaxUnits = 16 * KIB;
/** One paste, in UTF-16 units: sent after a confirmation, without passing through the composer. */
export const pasteMaxUnits = 256 * MIB;

export const connectTimeoutMsDefault = 10_000;
/** How long one address of a name may take before the next one is tried as well (RFC 8305 §5). */
export const connectAttemptDelayMs = 250;
/** How long we send nothing after accept, so that a peer that sends first is recognised by its own bytes. */
export const acceptSilenceMs = 250;
/** How long we wait after connect for the banner of a listening duet. */
export const bannerWaitMs = 500;
/** A banner received up to this long after connect still makes the peer a duet. */
export const lateBannerMs = 5000;
/** How long a peer that began a hello may take to complete it. */
export const helloDeadlineMs = 10_000;
/** Text without a newline becomes a line after this much silence. */
export const unfinishedLineMs = 1000;
export const pingIntervalMs = 5000;
/** Unanswered pings after which a duet is considered gone. */
export const pingsUnansweredMax = 3;
/** Datagrams of one `X` that `nc -u -v` may send before its text. */
export const probeDatagramsMax = 5;
/** Hellos sent to a UDP endpoint that does not answer. */
export const hellosMax = 5;
export const helloIntervalMs = 500;
/** Hellos and pings, together, that request the room of a duet that has answered. */
export const roomQueriesMax = 25;
/** A UDP peer that sends nothing for this long, although we sent to it, is SILENT. */
export const silentAfterMs = 15_000;
/** A UDP peer that sends nothing for this long is forgotten. */
export const udpPeerForgottenMs = 5 * 60_000;
/** A stream that sends nothing for this long yields its place in a full room. */
export const idleStreamMs = udpPeerForgottenMs;
/** A member whose full send queue has not moved for this long is disconnected if others are waiting for it. */
export const stalledPeerMs = 5000;
/** The longest pause of reading for a slow member. */
export const roomPauseMs = 250;
/** The same for a member of this machine. */
export const roomPauseLoopbackMs = 100;
/** Who writes at most so many bytes of messages in this time does not wait for a slow member of the room. */
export const lightSenderMaxBytes = 8 * KIB;
export const lightSenderMs = 1000;
/** How long pairing tries to listen or to find the duet that does, and how often. */
export const pairingMs = 2000;
export const pairingRetryMs = 200;
/** How often a duet that waits for others looks for one that waits over the other transport. */
export const neighbourLookMs = 2000;
/** How often a port that the kernel keeps is tried again, and for how long beyond its own time (its timers are late by up to 12 %). */
export const keptPortRetryMs = 1000;
export const keptPortSlackMs = 10_000;
/** How long after traffic counters are reported. */
export const statsIntervalMs = 5000;
/** How long a peer may take none of the bytes that are left for it on exit. */
export const goodbyeFlushMs = 1000;
/** How long a side may take to close while its peers take what is left for them. */
export const closeMaxMs = 60_000;
/**
 * How long one turn of the event loop may read datagrams, and the shorter time if datagrams were dropped within the last
 * `RepeatMs`. Further datagrams of the turn are dropped.
 */
export const datagramTurnMs = 200;
export const datagramTurnRepeatedMs = 25;
export const datagramTurnRepeatMs = 5000;
/** Waiting datagrams of one socket, in bytes with `Cost` for each; a source may take half of what is free. */
export const waitingDatagramsMaxBytes = 32 * MIB;
export const waitingDatagramCost = 256;
/** Waiting datagrams of all endpoints without an association: few, as one that gets its own takes its datagrams along. */
export const waitingNewcomersMax = 1024;
/** Waiting datagrams of one source that are reported before the next source is served. */
export const chunkDatagrams = 16;
/**
 * This many datagrams within a window are a flood: the thread then sleeps after each turn, while the kernel queues
 * them. The receive buffer has room for many times as many, and the sleep is too short to be noticed when typing.
 */
export const floodDatagrams = 200;
/**
 * If at least this share of the datagrams is answered, they are no flood: the sender may be waiting for the answers.
 */
export const floodAnsweredShare = 1 / 64;
export const floodWindowMs = 20;
export const floodSleepMs = 1;
/** The interval at which the bytes are sampled while there is traffic, and the samples that are kept. */
export const rateIntervalMs = 1000;
export const rateSamplesMax = 12;
/** Impairment: the longest delay of a datagram, and the delay of one that later ones should overtake. */
export const impairmentDelayMaxMs = 10_000;
/** A seed of it has 32 bits. */
export const impairmentSeedMax = 0xffff_ffff;
export const reorderDelayMs = 100;
/** Datagrams that impairment delays at a time, by number and in bytes; further ones are dropped and counted. */
export const delayedDatagramsMax = 4096;
export const delayedDatagramsMaxBytes = 16 * MIB;
/** LAN discovery: places of the list, each a duet at one address; places of one address; addresses that a duet names. */
export const lanPlacesMax = 512;
export const lanPlacesPerAddressMax = 16;
export const lanAddressesMax = 8;
/** The interval at which a duet announces itself; it is dropped from the list when three announcements are missing. */
export const lanAnnounceMinMs = 5000;
export const lanAnnounceMaxMs = 10_000;
export const lanSilentMs = 3 * lanAnnounceMaxMs;
/** How soon a duet answers a query, and the shortest interval between its announcements. */
export const lanAnswerMs = 250;
export const lanAnswerIntervalMs = 1000;
/** How long our own announcement may take to be looped back before the interface counts as not receiving it. */
export const lanEchoMs = 1000;
/**
 * Datagrams of the group that a process handles in a second, and of one source address. Half of them are kept for the
 * first one of each address.
 */
export const lanReceivedPerSecondMax = 1000;
export const lanReceivedPerAddressMax = 20;
/** Addresses of this machine from each of which a UDP listener at every address answers: more would take descriptors. */
export const addressSocketsMax = 64;
/**
 * How long another interface's copy of a group's datagram may take. Remembered are so many different datagrams, and
 * of equal ones of one sender so many.
 */
export const groupCopyMs = 2000;
export const groupCopiesMax = 1024;
/**
 * Socket calls that the tour keeps, and bytes of a payload that it shows: any program of this machine can connect to
 * it.
 */
export const tourRowsMax = 128;
export const tourShownBytesMax = 64;
/** How long a step of the tour waits for its calls to return. */
export const tourStepMaxMs = 3000;

/** The path of a UNIX socket, in bytes: sun_path of sockaddr_un holds 108 with its NUL (unix(7)). */
export const socketPathMaxBytes = 107;

/** How long the handshake of a sealed session may take, and a host that requires sealing waits for an offer. */
export const sealTimeoutMs = 5000;
/** Handshakes that have not ended, of one address (an IPv6 /64 is one) and of all. */
export const halfOpenPerAddressMax = 64;
export const halfOpenMax = 1024;
/** Over UDP: different first messages of one endpoint that are answered, since one may be changed on its way. */
export const firstsAnsweredMax = 8;
/** The type and body of one record of a sealed stream (SEALED.md): what a length of 2 bytes can say. */
export const recordMaxBytes = 65_535;
/** The plain text of one record: without its type and its tag. */
export const recordPlainMaxBytes = recordMaxBytes - 17;
/** The body of a record of a handshake. */
export const handshakeRecordMaxBytes = 1024;
/** The bytes of a sealed datagram beside its plain text: type, index, counter and tag. */
export const sealedDatagramOverhead = 29;
/** Sealed datagrams may arrive in another order within so many counters; older ones are dropped. */
export const replayWindow = 2048;
/** New keys are due after so many records, or so many bytes of plain text, under one key; at twice that a session ends. */
export const rekeyRecords = 2 ** 24;
export const rekeyBytes = 64 * 1024 * MIB;
/** How long the keys of the phase before still open datagrams. */
export const oldKeysMs = 60_000;
/** The age of keys at which new ones are agreed (SEALED.md). */
export const rekeyMs = 3_600_000;
/** A request for new keys is ignored so soon after the last one. */
export const rekeyPauseMs = 30_000;
/** Datagrams that do not authenticate, under one key; then the session ends. */
export const failedAuthenticationsMax = 2 ** 36;

/** A private line is one frame with `sealed` of messageMaxBytes in base64; 121 bytes of it are not text (SEALED.md, Private lines). */
export const privateTextMaxBytes = (messageMaxBytes / 4) * 3 - 121;
/** Ids of received private lines that are remembered of one sender, and the senders. */
export const privateIdsMax = 1024;
export const privateSendersMax = 128;

/** Comparisons of keys (`/verify`) that run in one process. */
export const comparisonsMax = 8;
/** Comparisons that one member may begin at once, and how long it earns another one. */
export const comparisonBurst = 3;
export const comparisonPauseMs = 30_000;
/** How long a comparison waits for a step of the other program, and for the two people. */
export const comparisonStepMs = 15_000;
export const comparisonMs = 600_000;

/** Keys in known_peers, and the names and endpoints of one. */
export const knownPeersMax = 4096;
export const knownNamesMax = 8;
export const knownEndpointsMax = 16;
/** The keys before a renewed one that are kept, since a line with `--key` may name them. */
export const replacedKeysMax = 8;
/** The files of an identity and of its known peers. */
export const identityFileMaxBytes = 4096;
/** A password or pass-phrase, in UTF-8. */
export const secretMaxBytes = 1024;
/** Guesses of a room's password, of one address. */
export const guessesPerMinuteMax = 5;
/** The addresses whose guesses are remembered. */
export const guessAddressesMax = 4096;
/** The rooms whose passwords a person has typed. */
export const typedPasswordsMax = 16;
/** Over UDP a refusal, which anybody on the path can send, ends a handshake that goes no further for so long. */
export const refusalWaitMs = 1000;
export const knownPeersFileMaxBytes = 16 * MIB;

/** A room on several machines: its name, and a URL or another text that names its engine. */
export const roomNameMaxUnits = 64;
export const engineFieldMaxUnits = 1024;
/** An entry of the room's stream: a message of messageMaxBytes whose every byte JSON escapes fits. */
export const roomEntryMaxUnits = 7 * messageMaxBytes;
/** Entries of the stream that the engine keeps, about, and their age. */
export const roomEntriesMax = 100_000;
export const roomEntriesMaxAgeMs = 24 * 3_600_000;
/** Keys of a room that no hub uses any more are deleted after that time. */
export const roomKeysMaxAgeMs = 7 * 24 * 3_600_000;
/** How long a hub is taken for alive without a renewal of its lease, and how often it renews it. */
export const hubLeaseMs = 15_000;
export const hubLeaseRenewMs = 5_000;
/** How long the engine holds a read of the stream without entries, and when a command without an answer has failed. */
export const engineReadMs = 2_000;
export const engineSilentMs = 5_000;
/** How long an exit waits for the engine to take the last entries. */
export const engineCloseMs = 1_000;
/** The pauses between attempts to reach the engine: doubled from the first to the last. */
export const engineRetryMinMs = 100;
export const engineRetryMaxMs = 2_000;
/** Entries of one read of the stream. */
export const engineReadEntriesMax = 1_000;
/** Hubs of one room, and members of one hub, that are known by name. */
export const hubsMax = 256;
export const hubMembersMax = 100_000;
/** Items of the engine under one signature, and signatures that need no second look. */
export const itemsOfProofMax = 1024;
export const verifiedProofsMax = 4096;
/** Hubs that were removed from a room, and the time between two rows on entries that were passed over. */
export const removedHubsMax = 256;
export const passedOverIntervalMs = 60_000;
/** Lines that wait to cross to the other hubs. Those beyond stay here only. */
export const crossingsMax = 10_000;
export const crossingsMaxBytes = 16 * MIB;
/** Entries on their way to the engine above which no more is read: fewer than the replay window of a hub. */
export const crossingsUnderWayMax = 1_000;
/** Receipts for messages of other hubs: of one entry, and the time from the first one to the entry, and between two entries. */
export const hubReceiptsMax = 512;
export const hubReceiptDelayMs = 200;
export const hubReceiptIntervalMs = 1_000;
/** After a failover a hub reads again what is at most so much older than the newest entry that it has read. */
export const engineReadAgainMs = 60_000;
/** In a larger room members of other hubs are named to guests when they write, and counted until then. */
export const namedMembersMax = 1_000;
