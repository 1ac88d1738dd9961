/** Chinese for the pages of protocol/error-pages.ts: what was on the wire, the causes, what to try. By their English. */

import { errorPages } from "../protocol/errors/error-pages.ts";
import type { SentencePair } from "./sentences.ts";

const taken: readonly SentencePair[] = [
  ["the address and port are taken", "地址和端口已被占用"],
  [
    "nothing was sent: bind asked this machine's kernel for the port, and it belongs to another socket",
    "什么也没发出：bind 向本机内核要这个端口，而它属于另一个套接字",
  ],
  ["another program listens there, perhaps another duet", "另一个程序在那里监听，也许是另一个 duet"],
  ["of a UNIX path: a file of that name is there", "UNIX 路径：已有同名的文件"],
  [
    "a socket bound to every interface has the port on all of them",
    "绑定到所有接口的套接字占着每个接口上的这个端口",
  ],
  ["/listen HOST PORT with another port", "/listen HOST PORT，换一个端口"],
  ["/connect HOST PORT to join who is there", "/connect HOST PORT，加入那里的人"],
  ["this machine does not have that address", "这台机器没有那个地址"],
  [
    "nothing was sent: bind takes only addresses of this machine's own interfaces",
    "什么也没发出：bind 只接受本机接口的地址",
  ],
  [
    "the address is another machine's, or was this one's before it moved",
    "那是别的机器的地址，或本机换网络之前的地址",
  ],
  ["the interface is down", "接口没有启用"],
  [
    "when connecting: every local port towards that place is taken, most by TIME-WAIT",
    "连接时：通往那里的本地端口都被占用，多数处于 TIME-WAIT",
  ],
  ["/listen 0.0.0.0 PORT for every interface", "/listen 0.0.0.0 PORT，监听所有接口"],
  ["the system does not permit it", "系统不允许"],
  [
    "nothing was sent: the kernel refused the call before it came to that",
    "什么也没发出：还没到那一步，内核就拒绝了调用",
  ],
  ["ports below 1024 are the administrator's", "1024 以下的端口属于管理员"],
  ["of a UNIX path: its permissions, or its folder's", "UNIX 路径：它或其目录的权限"],
  ["the address is a broadcast address, or a firewall rule forbids it", "那是广播地址，或防火墙规则禁止"],
];

const names: readonly SentencePair[] = [
  ["nobody has that name", "没有这个名字"],
  [
    "a name server was asked (UDP port 53) and answered that there is no such host; nothing went to the host itself",
    "问过域名服务器（UDP 53 端口），回答是没有这台主机；没有向主机本身发送任何东西",
  ],
  ["the name is misspelt", "名字拼错了"],
  ["it is known only on another network, or by another name server", "只有别的网络或别的域名服务器知道它"],
  ["/connect ADDRESS PORT with the address in place of the name", "/connect ADDRESS PORT，直接写地址"],
  ["the name could not be looked up now", "现在查不到这个名字"],
  [
    "a name server was asked (UDP port 53), and no answer came in time",
    "问了域名服务器（UDP 53 端口），没有及时得到回答",
  ],
  ["this machine has no network now", "这台机器现在没有网络"],
  ["the name server is down, or a firewall keeps it away", "域名服务器停了，或被防火墙挡住"],
];

const ways: readonly SentencePair[] = [
  ["the machine answers, and nobody listens there", "机器有应答，但那里无人监听"],
  [
    "TCP: our SYN was answered with RST. UDP: our datagram came back as ICMP port unreachable",
    "TCP：我们的 SYN 得到的回答是 RST。UDP：我们的数据报换来 ICMP 端口不可达",
  ],
  ["the program there is not running, or ended", "那里的程序没有运行，或已结束"],
  [
    "it listens on another port, or only on another address, as 127.0.0.1",
    "它监听的是别的端口，或只监听别的地址，如 127.0.0.1",
  ],
  ["a firewall refuses on its behalf", "防火墙替它拒绝了"],
  ["ss -ltun on that machine", "在那台机器上运行 ss -ltun"],
  [
    "bun run start -l HOST PORT there (over UDP -u -l), then /reconnect",
    "在那里运行 bun run start -l HOST PORT（UDP 用 -u -l），再 /reconnect",
  ],
  ["/connect HOST PORT with another port", "/connect HOST PORT，换一个端口"],
  ["no way leads to that network", "没有通往那个网络的路"],
  [
    "nothing was sent: the routing table has no line for the address, and no default route",
    "什么也没发出：路由表里没有这个地址，也没有默认路由",
  ],
  ["the cable, WLAN or VPN is down", "网线、WLAN 或 VPN 断了"],
  ["an IPv6 address, and this network has only IPv4", "那是 IPv6 地址，而这个网络只有 IPv4"],
  ["the machine cannot be reached", "到不了那台机器"],
  [
    "nobody answered for its link address (ARP, or neighbour discovery), or a router answered with ICMP host unreachable",
    "没有人应答它的链路地址（ARP 或邻居发现），或路由器回答 ICMP 主机不可达",
  ],
  ["the machine is off, or sleeps", "机器关了，或在休眠"],
  ["the address is wrong by a digit", "地址写错了一位"],
  ["a router or firewall keeps it away", "被路由器或防火墙挡住"],
  ["/connect HOST PORT with another address", "/connect HOST PORT，换一个地址"],
  ["nothing came back in time", "没有及时收到任何回应"],
  [
    "connecting: our SYN was sent again and again without an answer. Later: segments, or keep-alive probes, were never acknowledged",
    "连接时：我们的 SYN 一再重发，没有应答。连接后：报文段或保活探测始终没有得到确认",
  ],
  ["a firewall drops what comes, without a word", "防火墙不声不响地丢弃报文"],
  ["the machine is off, or its network was cut", "机器关了，或它的网络断了"],
  ["the listener's backlog is full: it accepts nobody now", "监听方的 backlog 满了：现在谁也不接受"],
  ["bun run start -w 30 HOST PORT to wait longer", "bun run start -w 30 HOST PORT，等久一点"],
];

const broken: readonly SentencePair[] = [
  ["the peer broke the connection off", "对方中断了连接"],
  [
    "a segment with RST came: both directions ended at once, and what was on its way is lost",
    "收到带 RST 的报文段：两个方向同时结束，途中的数据丢失",
  ],
  ["its program ended, or crashed, with bytes unread", "它的程序没读完数据就结束或崩溃了"],
  ["it closed both ways, and then we wrote", "它两个方向都关了，而我们还在写"],
  ["it wanted to: /rst does the same", "它有意这样做：/rst 也是如此"],
  ["a firewall or NAT has forgotten the connection", "防火墙或 NAT 忘了这个连接"],
  ["F2 to see which call came before it", "F2 看它之前是哪个调用"],
  ["we wrote into a connection that is over", "我们往已结束的连接里写"],
  [
    "the peer had closed; our bytes were answered with RST, and the kernel takes no more",
    "对方已关闭；我们的字节得到的回答是 RST，内核不再接收",
  ],
  [
    "the peer read what it wanted, closed, and does not wait: the tutorial's server does",
    "对方读完想要的就关闭，不再等待：教程里的服务器就是这样",
  ],
  ["we sent FIN ourselves before", "之前我们自己发了 FIN"],
  ["F2 shows the FIN that came before", "F2 显示之前的 FIN"],
];

const sizes: readonly SentencePair[] = [
  ["one datagram cannot hold that much", "一个数据报放不下这么多"],
  [
    "nothing was sent: UDP has 16 bits for the length, so that 65,507 bytes are the most over IPv4",
    "什么也没发出：UDP 的长度字段是 16 位，IPv4 上最多 65,507 字节",
  ],
  ["the message is too long for UDP", "消息对 UDP 来说太长"],
  [
    "it must not be cut on its way, and some link takes less (IPv6)",
    "途中不能分片，而某段链路容量更小（IPv6）",
  ],
  ["/tcp to send it as a stream", "/tcp，以流的方式发送"],
  ["send it in several lines", "分几行发送"],
  ["the name does not fit", "名字放不下"],
  [
    "nothing was sent: a UNIX socket's path has room for 107 bytes, a host's name for 253",
    "什么也没发出：UNIX 套接字的路径最多 107 字节，主机名最多 253",
  ],
  ["the path is long; what counts is bytes, not characters", "路径太长；算的是字节，不是字符"],
  ["/connect -U PATH by a shorter way to the same place", "/connect -U PATH，用更短的路径指向同一处"],
  ["there is nothing of that name", "没有这个名字的东西"],
  [
    "nothing was sent: a UNIX socket is a file, and there is none at that path, or no such folder",
    "什么也没发出：UNIX 套接字是文件，而那个路径上没有，或没有那个目录",
  ],
  ["nobody listens there yet", "那里还没有人监听"],
  ["the path is misspelt, or relative to another folder", "路径拼错了，或相对于别的目录"],
  ["/listen -U PATH to be the one who listens", "/listen -U PATH，由你来监听"],
  ["no descriptor is left", "描述符用完了"],
  [
    "nothing was sent: each connection needs a descriptor, and this process has all that it may have",
    "什么也没发出：每个连接要一个描述符，而这个进程已用完",
  ],
  ["more peers than the limit allows", "人数超过了限制"],
  ["the limit of the shell is low: often 1024", "shell 的限制太低：常常是 1024"],
  ["ulimit -n 65536, then start again", "ulimit -n 65536，然后重新启动"],
  ["bun run start -l -m 100 to let fewer join", "bun run start -l -m 100，减少加入的人数"],
];

const kinds: readonly SentencePair[] = [
  ["that is no address the call can use", "那不是这个调用能用的地址"],
  ["nothing was sent: the kernel does not take the arguments", "什么也没发出：内核不接受这些参数"],
  ["a link-local address needs its interface, as in fe80::1%eth0", "链路本地地址要带接口，如 fe80::1%eth0"],
  ["the port is 0 or above 65,535", "端口是 0 或大于 65,535"],
  ["/connect HOST PORT once more, digit by digit", "/connect HOST PORT 再试一次，逐位核对"],
  ["the address is of another family than the socket", "地址和套接字不是同一个地址族"],
  [
    "nothing was sent: a socket speaks IPv4 or IPv6, and the address is of the other",
    "什么也没发出：套接字用的是 IPv4 或 IPv6，而地址是另一种",
  ],
  ["IPv6 is switched off on this machine", "这台机器关闭了 IPv6"],
  ["an IPv4 socket was to send to an IPv6 address", "IPv4 套接字要发往 IPv6 地址"],
  ["bun run start -4 HOST PORT, or -6", "bun run start -4 HOST PORT，或 -6"],
  ["it is not known how far it came", "不知道进行到了哪一步"],
  ["a limit or a fault of the system that has no name here", "系统的某个限制或故障，这里没有名字"],
  ["F2 shows the call that failed", "F2 显示失败的调用"],
  ["bun run start -v tells every call on standard error", "bun run start -v 在标准错误上说明每个调用"],
];

/** The page's first line, of an error that did happen and of one that was asked for. */
const heads: readonly SentencePair[] = Object.keys(errorPages).flatMap((code): readonly SentencePair[] => [
  [`${code} ({} {}): {}`, `${code}（{1} {2}）：{3}`],
  [`${code}: {}`, `${code}：{1}`],
]);

export const whyPairs: readonly SentencePair[] = [
  ...taken,
  ...names,
  ...ways,
  ...broken,
  ...sizes,
  ...kinds,
  ...heads,
];
