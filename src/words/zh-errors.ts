/** Chinese for what protocol/network-error.ts says: what happened, and the next step. By their English. */

import type { SentencePair } from "./sentences.ts";

export const errorPairs: readonly SentencePair[] = [
  [
    "No host is named {}: the name server knows no address for {}.",
    "没有名为 {1} 的主机：域名服务器查不到 {2} 的地址。",
  ],
  [
    "Check the spelling, or give the address in place of the name; this machine's answer: {}",
    "检查拼写，或直接写地址；本机的查询结果：{1}",
  ],
  [
    "The name in {} could not be looked up: the name server does not answer.",
    "{1} 里的名字查不了：域名服务器没有应答。",
  ],
  ["Check the network, or give the address in place of the name: {}", "检查网络，或直接写地址：{1}"],
  [
    "No way leads from this machine to the network of {}: no route is known.",
    "这台机器到 {1} 所在的网络没有路由。",
  ],
  ["Check the cable, WLAN or VPN; the route taken: {}", "检查网线、WLAN 或 VPN；所走的路由：{1}"],
  [
    "The machine of {} cannot be reached: it is off, or a router or firewall keeps it away.",
    "到不了 {1} 那台机器：它没开机，或被路由器、防火墙挡住。",
  ],
  ["See if it answers at all: {}; or wait longer: {}", "看它有没有应答：{1}；或等久一点：{2}"],
  ["See if it answers at all: {}", "看它有没有应答：{1}"],
  [
    "{} broke the connection off (RST): its program ended, or closed with bytes unread.",
    "{1} 中断了连接（RST）：它的程序已结束，或没读完数据就关闭了。",
  ],
  ["Connect again: /reconnect, or {}", "重新连接：/reconnect，或 {1}"],
  [
    "{} has closed the connection, and takes nothing more: what was sent last is lost.",
    "{1} 关闭了连接，不再接收：最后发送的内容已丢失。",
  ],
  [
    "The message to {} is too large for one datagram, which holds at most {figure} bytes.",
    "发给 {1} 的消息一个数据报放不下，最多 {2} 字节。",
  ],
  ["Send it in parts, or over TCP: Ctrl-T switches.", "分几次发送，或用 TCP：Ctrl-T 切换。"],
  [
    "No socket can be opened for {}: this process has all the descriptors it may have.",
    "无法为 {1} 打开套接字：这个进程的描述符已用完。",
  ],
  [
    "Allow more and start again: ulimit -n 65536; or let fewer join: -m 100",
    "放宽限制后重新启动：ulimit -n 65536；或减少加入的人数：-m 100",
  ],
  ["The system does not take {} as an address to {}.", "系统不接受 {1} 作为 {2} 的地址。"],
  [
    "Check host and port; a link-local address needs its interface, as in [fe80::1%eth0]:8080",
    "检查主机和端口；链路本地地址要带接口，如 [fe80::1%eth0]:8080",
  ],
  ["This machine does not speak the address family of {}.", "这台机器不支持 {1} 的地址族。"],
  ["Choose the other family: -4 for IPv4, -6 for IPv6", "换另一种地址族：-4 是 IPv4，-6 是 IPv6"],
  ["{} failed for {}: {}.", "{2} 的 {1} 失败：{3}。"],
  [
    "See what the sockets did: F2 on the screen, -v without one",
    "看套接字做了什么：屏幕上按 F2，没有屏幕时用 -v",
  ],
  ["{} is in use: a socket or file of that name is there already.", "{1} 已被占用：已有同名的套接字或文件。"],
  ["Choose another name; to see who has it: {}", "换一个名字；看谁占用了它：{1}"],
  ["Choose another path, or remove it if no program uses it: {}", "换一个路径；没有程序用它时可删除：{1}"],
  ["{} is in use: another program has the port.", "{1} 已被占用：另一个程序占着这个端口。"],
  ["{} is in use: {} has the port.", "{1} 已被占用：{2} 占着这个端口。"],
  ["Choose another port: {}; to see who has it: {}", "换一个端口：{1}；看谁占用了它：{2}"],
  [
    "Nothing can listen on {}: this machine does not have that address.",
    "无法在 {1} 上监听：这台机器没有那个地址。",
  ],
  ["Its addresses: {}; all of them: {}", "它的地址：{1}；全部地址：{2}"],
  ["No local address or port is left to reach {} from.", "没有剩余的本地地址或端口可用来连接 {1}。"],
  [
    "Wait a minute, until closed connections have left TIME-WAIT; how many there are: ss -s",
    "等一分钟，让关闭的连接离开 TIME-WAIT；看有多少个：ss -s",
  ],
  [
    "The permissions of {} or its folder do not let you listen there.",
    "{1} 或其目录的权限不允许你在那里监听。",
  ],
  ["The permissions of {} or its folder do not let you connect.", "{1} 或其目录的权限不允许你连接。"],
  ["See who may: {}; or choose a path of your own: {}", "看谁有权限：{1}；或换一个自己的路径：{2}"],
  [
    "{} is not for everyone: ports below {} are the administrator's.",
    "{1} 不是谁都能用：{2} 以下的端口属于管理员。",
  ],
  ["Choose {} or above: {}", "选 {1} 或以上：{2}"],
  [
    "The system does not permit {} for {}: a rule of its firewall, or a broadcast address.",
    "系统不允许对 {2} 调用 {1}：防火墙规则，或那是广播地址。",
  ],
  ["Look at the firewall's rules: {}", "看防火墙的规则：{1}"],
  ["Nobody listens at {}: who made that socket is gone.", "{1} 上无人监听：创建这个套接字的程序已不在。"],
  ["Nobody is bound at {}: a datagram came back as unreachable.", "{1} 上没有人绑定：数据报被退回，不可达。"],
  ["{} refused the connection: nobody listens on that port.", "{1} 拒绝了连接：那个端口上无人监听。"],
  ["Check host and port, or listen there first: {}", "检查主机和端口，或先在那里监听：{1}"],
  [
    "{} did not answer in time: it is off, or a firewall drops what comes.",
    "{1} 没有及时应答：它没开机，或防火墙丢弃了报文。",
  ],
  [
    "{} went silent: nothing that was sent was acknowledged in time.",
    "{1} 没有声息：发出的数据都没有及时得到确认。",
  ],
  ["Check the network, then connect again: /reconnect, or {}", "检查网络，然后重新连接：/reconnect，或 {1}"],
  ["The name in {} is too long to be a host's.", "{1} 里的主机名太长。"],
  ["Check the host: it has at most 253 characters", "检查主机名：最多 253 个字符"],
  [
    "The path {} is too long: a UNIX socket's has at most {figure} bytes.",
    "路径 {1} 太长：UNIX 套接字的路径最多 {2} 字节。",
  ],
  ["Choose a shorter one: {}", "换一个短一点的：{1}"],
  ["The folder of {} is not there.", "{1} 所在的目录不存在。"],
  ["Make it first: {}", "先创建它：{1}"],
  ["There is no socket at {}.", "{1} 处没有套接字。"],
  ["Check the path, or listen there first: {}", "检查路径，或先在那里监听：{1}"],
  ["the runtime gave no reason", "运行时没有说明原因"],
];
