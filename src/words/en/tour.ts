/** The tour in English. */

import type { TourWords } from "../tables/tour-words.ts";

export const tourEnglish: TourWords = {
  ends: { server: "SERVER", client: "CLIENT" },
  keys: ["Enter goes on · ← back · Esc leaves", "Enter · ← · Esc", "Enter"],
  lastKeys: ["Enter or Esc: to the chat · ← back", "Enter · ← · Esc", "Enter"],
  place: (step, steps) => `tour ${step}/${steps}`,
  more: "↓",
  fin: "FIN: the other side sends no more",
  kernel: (state, unreadBytes) =>
    unreadBytes === 0 ? `kernel: ${state}` : `kernel: ${state}, ${unreadBytes} B unread`,
  nothingCame: "recvfrom keeps waiting: nothing received",
  steps: {
    welcome: {
      title: "A walk through sockets",
      text: () =>
        "The tutorial's server and client talk to each other, here, over 127.0.0.1. With each Enter a step's calls are made for real, and the panes show them as they returned, below the tutorial's own Python lines. Your chat continues meanwhile.",
    },
    "tcp-bind": {
      title: "TCP · socket and bind",
      text: ({ serverPort }) =>
        `A socket is one end of a conversation: AF_INET means IPv4, SOCK_STREAM means TCP. bind gives it its address, IP and port. The tutorial takes port 8080; here port 0 lets the system choose a free one: ${serverPort}. duet's runtime calls listen at once, so that row is here already.`,
    },
    "tcp-listen": {
      title: "TCP · listen",
      text: ({ server }) =>
        `listen makes the socket passive: it waits for connections, in state LISTEN, at ${server}. The 5 is the backlog: how many finished connections may wait for accept. duet's runtime asks for 512.`,
    },
    "tcp-connect": {
      title: "TCP · connect: the three-way handshake",
      text: ({ clientPort }) =>
        `connect asks the server for a connection, and the two kernels shake hands in three packets: SYN →, ← SYN+ACK, ACK →. Then both ends are ESTABLISHED. No program sees these packets; connect returns when the handshake is complete. The client did not bind, so the system chose its port: ${clientPort}.`,
    },
    "tcp-accept": {
      title: "TCP · accept",
      text: ({ client }) =>
        `accept gives the server a new socket for this one client, and tells its address: ${client}, the very port that connect got. The listening socket stays as it is and accepts the next. duet accepts at once, so the row appears together with connect's.`,
    },
    "tcp-send": {
      title: "TCP · send",
      text: () =>
        "send hands 你好 to the kernel: two characters, six bytes in UTF-8. The 6 means that the kernel took them all, not that anybody has read them. It may take fewer; then the rest is to be sent again, as sendall does. They wait at the server's kernel now: nobody has called recv yet.",
    },
    "tcp-recv": {
      title: "TCP · recv",
      text: () =>
        "recv takes what has arrived, at most the 1024 bytes that were asked for: 6 this time, and they are 你好 again. TCP keeps the order but no message boundaries: one recv may return two sends, or two recvs one send. A program that needs lines must look for newlines, as duet does.",
    },
    "tcp-answer": {
      title: "TCP · the answer",
      text: () =>
        "A connection works both ways: the server sends hello, and the client's recv returns it, 5 bytes. The kernels send lost packets again, and no program sees it: what arrives is whole and in order.",
    },
    "tcp-close": {
      title: "TCP · close: FIN",
      text: () =>
        "The server closes first. Its kernel sends FIN: I have nothing more to send. The client's recv returns 0 bytes, which is how a program sees the end. The other direction is still open: half closed, which the kernels call FIN-WAIT-2 and CLOSE-WAIT. (duet sends FIN by shutdown, and keeps reading until the other FIN arrives.)",
    },
    "tcp-time-wait": {
      title: "TCP · close: TIME-WAIT",
      text: ({ server }) =>
        `Now the client closes too: it sends its FIN, and the connection has ended. The side that closed first, the server, keeps it in TIME-WAIT for a while (60 s on Linux), so that a late packet is not taken for one of a new connection. That is why a server that is started again may get "address already in use". Nobody listens at ${server} any more.`,
    },
    "udp-bind": {
      title: "UDP · no connection",
      text: ({ server, client }) =>
        `SOCK_DGRAM makes a UDP socket. There is no listen, no connect, no accept: a bound socket receives from anybody. Server: ${server}. Client: ${client}; the tutorial's client leaves its port to the first sendto, duet's runtime binds at once.`,
    },
    "udp-sendto": {
      title: "UDP · sendto",
      text: ({ server }) =>
        `sendto names the receiver each time: ${server}. One call is one datagram, and it was sent without any handshake. The 6 means that it was sent; whether it arrived, nothing reports.`,
    },
    "udp-recvfrom": {
      title: "UDP · recvfrom",
      text: ({ client }) =>
        `recvfrom returns one datagram, whole, and its sender's address: ${client}. Datagrams keep their boundaries: one sendto is one recvfrom, and what is longer than the buffer is cut off. duet reads at once, so the row appears right after sendto's.`,
    },
    "udp-answer": {
      title: "UDP · the answer",
      text: ({ client }) =>
        `The server has no connection to answer on: it sends to the address that recvfrom returned, ${client}. One socket serves any number of clients that way.`,
    },
    "udp-lost": {
      title: "UDP · a datagram lost on purpose",
      text: ({ dropped }) =>
        `The same sendto once more, but duet's own bad network (as /trouble loss=100%) is behind the client's socket now, and dropped it: ${dropped} lost. sendto returned 6 all the same, the server's recvfrom keeps waiting, and there is no error. Real networks do this too.`,
    },
    "udp-again": {
      title: "UDP · sent again",
      text: () =>
        "The bad network is off, the client sends it again, and it arrives. UDP repeats nothing by itself. A program that needs delivery must number, acknowledge and repeat: two duets do that with each other over UDP.",
    },
    "udp-close": {
      title: "UDP · close",
      text: () =>
        "close frees the port, and that is all: no FIN, no TIME-WAIT, nothing on the wire. The other side is not notified. A program that sends there now gets at best an error from its kernel: port unreachable.",
    },
    "sealed-hello": {
      title: "ENCRYPTED · two hellos",
      text: () =>
        "Between two machines two duets encrypt unasked; on 127.0.0.1 you see it here. First a hello of each, still in the clear: 105 bytes with random tokens and the offer to seal, without a name. A man in the middle reads both. He can even take the offer out: then the screens say PLAIN, and --encrypt require sends nothing.",
    },
    "sealed-handshake": {
      title: "ENCRYPTED · the handshake",
      text: () =>
        "Three records (Noise XX): 35 bytes with the client's fresh key; 99 with the server's fresh one and, sealed, its lasting key; 67 with the client's lasting key, sealed. From the fresh keys both compute one secret that never crosses. Both hellos enter the computation: whoever changed one makes a record fail.",
    },
    "sealed-record": {
      title: "ENCRYPTED · a message",
      text: () =>
        "The same 你好 is 25 bytes now: 2 for the length, 1 for the type, 6 sealed, 16 that prove them. The client's pane has what crosses, the server's what it opened. A man in the middle sees the addresses, the sizes, the times and the two hellos: that two duets talk, when and how much. He sees no word, no name and no lasting key.",
    },
    "sealed-middle": {
      title: "ENCRYPTED · the man in the middle",
      text: () =>
        "Now a record crosses with one bit changed, as he could change it. Its proof does not fit: the server shows nothing of it and resets the connection. He cannot read, change, repeat or reorder what is sealed. He can delay and cut it, and at a first meeting answer in the other's place: against that hand over your key (--key), or compare digits (/verify).",
    },
    end: {
      title: "What to keep in mind",
      text: () =>
        "TCP: connect first; then a stream of bytes, whole and in order, until FIN. UDP: no connection; datagrams, quick, each on its own, and some may be lost. Now try it: bun run start in two terminals, --udp for the other kind, and /trouble loss=20% to make it bad.",
    },
  },
};
