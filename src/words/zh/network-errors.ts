/** Network errors in Chinese (Simplified): event and cause, and the next step. */

import {
  cleanWords,
  isBindOrListen,
  privilegedPortsEnd,
  readDetail,
} from "../../protocol/errors/error-place.ts";
import { datagramMaxBytes, socketPathMaxBytes } from "../../protocol/limits.ts";
import {
  againCommand,
  chatProgram,
  listenCommand,
  listPortCommand,
  nextPortCommand,
  pathCommand,
  routeCommand,
  startCommand,
} from "../parts/error-commands.ts";
import type { ErrorTable } from "../parts/error-table.ts";

export const networkErrorsChinese: ErrorTable = {
  "name-in-use": (_error, _place, subject) => ({
    message: `${subject}已被占用：另一个程序有同名的套接字。`,
    hint: "换一个名字；查看是谁在用：ss -xap",
  }),
  "path-in-use": (_error, { host }, subject) => ({
    message: `${subject}已被占用：已有同名的套接字或文件。`,
    hint: `换一个路径；看看是否有程序在用：ss -xap；没有的话可以删除：rm ${host}`,
  }),
  "path-has-owner": (error, _place, subject, program) => ({
    message: `${subject}已被占用：另一个程序正在使用这个套接字。`,
    hint: `换一个路径：${pathCommand(program, error)}；查看是谁在用：ss -xap`,
  }),
  "path-no-socket": (error, { text, host }, _subject, program) => ({
    message: `${text} 不是套接字。`,
    hint: `换一个路径：${pathCommand(program, error)}；查看它是什么：ls -ld ${host}`,
  }),
  "path-is-datagram": (_error, { text, host }) => ({
    message: `${text} 是数据报套接字，不接受连接；duet 在这里只用流。`,
    hint: `给它发一个数据报：nc -uU ${host}`,
  }),
  "path-not-accepting": (error, place, _subject, program) => ({
    message: `有程序占着套接字 ${place.text}，但不接受连接：队列已满，或没有在监听。`,
    hint: `再试一次：${againCommand(program, error, place)}；查看是谁在用：ss -xap`,
  }),
  "port-in-use": (error, place, subject, program) => {
    const holder = cleanWords(error.holder ?? "");
    return {
      message: `${subject}已被占用：${holder === "" ? "另一个程序" : `${holder} `}正在使用这个端口。`,
      hint: `换一个端口：${nextPortCommand(program, error, place)}；查看谁占用了它：${listPortCommand(error, place)}`,
    };
  },
  "port-kept": (error, place, subject, program) => ({
    message: `${subject}已被占用：内核还为一个已结束的连接保留着这个端口（${error.kept?.state ?? "TIME-WAIT"}）。`,
    hint: `等一分钟，或换一个端口：${nextPortCommand(program, error, place)}；查看它：${listPortCommand(error, place)}`,
  }),
  "address-not-ours": (error, { text, port }, _subject, program) => ({
    message: `无法在 ${text} 上监听：这台机器没有那个地址。`,
    hint: `查看本机地址：ip -brief address；监听所有地址：${startCommand(program, error, "-l", "0.0.0.0", port)}`,
  }),
  "no-local-port": (_error, { text }) => ({
    message: `这台机器没有可用来到达 ${text} 的本机地址，或没有空闲的端口。`,
    hint: "查看本机地址：ip -brief address；查看有多少端口处于 TIME-WAIT（每个一分钟）：ss -s",
  }),
  "path-forbidden": (error, { text, host }, _subject, program) => ({
    message: `${text} 或其目录的权限不允许你${isBindOrListen(error) ? "在那里监听" : "连接"}。`,
    hint: `查看谁有权限：ls -ld ${isBindOrListen(error) ? `"$(dirname ${host})"` : host}；或换一个自己的路径：${pathCommand(program, error)}`,
  }),
  "port-forbidden": (error, { host }, subject, program) => ({
    message: `${subject}需要管理员权限：${privilegedPortsEnd} 以下的端口归管理员使用。`,
    hint: `选 ${privilegedPortsEnd} 或以上的端口：${startCommand(program, error, "-l", host, undefined)}`,
  }),
  "listen-forbidden": (_error, { text }) => ({
    message: `系统不允许你在 ${text} 上监听。`,
    hint: "查看从哪个端口起人人可用：cat /proc/sys/net/ipv4/ip_unprivileged_port_start",
  }),
  "broadcast-forbidden": ({ transport }, { text, host }) => ({
    message: `${text} 是广播地址：${transport === "tcp" ? "TCP 只能连接一台机器" : "普通数据报不能发往那里"}。`,
    hint: `请写一台机器的地址；用 UDP 在全屏界面里发给整个子网：/broadcast TEXT ${host}`,
  }),
  "call-forbidden": ({ call }, place) => ({
    message: `系统不允许对 ${place.text} 调用 ${call}：防火墙的规则或路由禁止。`,
    hint: `查看路由：${routeCommand(place)}；以管理员身份查看防火墙规则：nft list ruleset`,
  }),
  ENOTFOUND: (_error, { text, host }) => ({
    message: `查不到 ${text} 里的名字的地址。`,
    hint: `检查拼写，或直接写地址；本机的查询结果：getent ahosts ${host}`,
  }),
  EAI_AGAIN: (error, { text, port }, _subject, program) => ({
    message: `现在无法查询 ${text} 里的主机名：没有域名服务器给出答案。`,
    hint: `检查网络，或直接写地址：${startCommand(program, error, "", "ADDRESS", port)}`,
  }),
  "resolve-timed-out": (error, { text, port }, _subject, program) => ({
    message: `没有及时查到 ${text} 里的主机名：还没有域名服务器应答。`,
    hint: `检查网络，或直接写地址：${startCommand(program, error, "", "ADDRESS", port)}`,
  }),
  "path-refused": (error, place, _subject, program) => ({
    message: `${place.text} 上无人监听：创建这个套接字的程序已经退出。`,
    hint: `检查路径，或先在那里监听：${listenCommand(program, error, place)}`,
  }),
  "path-silent": (error, place, _subject, program) => ({
    message: `UNIX 套接字 ${place.text} 上无人监听。`,
    hint: `检查名字，或先在那里监听：${listenCommand(program, error, place)}`,
  }),
  "datagram-refused": (error, place, subject, program) => ({
    message: `${subject}拒收数据报（ICMP 端口不可达）：那里没有程序接收，或防火墙代为拒绝。`,
    hint: `检查主机和端口，或先在那里监听：${listenCommand(program, error, place)}`,
  }),
  "connection-refused": (error, place, subject, program) => ({
    message: `${subject}拒绝了连接：那个端口上无人监听，或防火墙代为拒绝。`,
    hint: `检查主机和端口，或先在那里监听：${listenCommand(program, error, place)}`,
  }),
  ENETUNREACH: (_error, place) => ({
    message: `没有通往 ${place.text} 所在网络的路由：这台机器没有，或途中的路由器没有。`,
    hint: `检查网线、WLAN 或 VPN；查看路由：${routeCommand(place)}`,
  }),
  EHOSTUNREACH: (_error, { text, host }) => ({
    message: `无法到达 ${text}：那个地址没有应答，或被路由、路由器、防火墙挡住。`,
    hint: `看它有没有应答：ping ${host}`,
  }),
  "connect-timed-out": (_error, { host }, subject, program) => ({
    message: `${subject}没有及时应答：对方没开机，防火墙丢弃了报文，或监听队列已满。`,
    hint: `看它有没有应答：ping ${host}；${program === chatProgram ? "然后 /reconnect" : "或多等几秒：-w SECONDS"}`,
  }),
  "went-silent": (error, place, subject, program) => ({
    message: `${subject}长时间无响应：最后发送的数据没有及时得到确认。`,
    hint: `检查网络，然后重新连接：${againCommand(program, error, place)}`,
  }),
  ECONNRESET: (error, place, subject, program) => ({
    message: `${subject}中断了连接（RST）：对方的程序已结束、没读完数据就关闭了，或有意如此。`,
    hint: `重新连接：${againCommand(program, error, place)}`,
  }),
  EPIPE: (error, place, subject, program) => ({
    message: `${subject}关闭了连接，不再接收。`,
    hint: `重新连接：${againCommand(program, error, place)}`,
  }),
  EMSGSIZE: (_error, { text }) => ({
    message: `发给 ${text} 的消息太长，一个数据报最多 ${datagramMaxBytes.toLocaleString("en-US")} 字节。`,
    hint: "分几次发送，或改用 TCP（全屏界面按 Ctrl-T）",
  }),
  "host-too-long": (_error, { text }) => ({
    message: `${text} 里的主机名太长。`,
    hint: "检查主机名：最多 253 个字符",
  }),
  "path-too-long": (error, { text }, _subject, program) => ({
    message: `路径 ${text} 太长：UNIX 套接字的路径最多 ${socketPathMaxBytes} 字节。`,
    hint: `换一个短一点的：${pathCommand(program, error)}`,
  }),
  "path-through-file": (_error, { text, host }) => ({
    message: `路径 ${text} 的中间有一段不是目录。`,
    hint: `查看是哪一段：namei -l ${host}`,
  }),
  "folder-missing": (_error, { text, host }) => ({
    message: `${text} 所在的目录不存在。`,
    hint: `先创建目录：mkdir -p "$(dirname ${host})"`,
  }),
  "socket-missing": (error, place, _subject, program) => ({
    message: `${place.text} 处没有套接字。`,
    hint: `检查路径，或先在那里监听：${listenCommand(program, error, place)}`,
  }),
  EMFILE: (_error, { text }) => ({
    message: `无法为 ${text} 打开套接字：本进程或系统的文件描述符已用完。`,
    hint: '放宽限制后重新启动：ulimit -n "$(ulimit -Hn)"；或减少加入的人数：-m 100',
  }),
  EINVAL: ({ call }, { text }) => ({
    message: `系统不接受 ${text} 作为 ${call} 的地址。`,
    hint: "检查主机和端口；链路本地地址要带接口，如 [fe80::1%eth0]:8080",
  }),
  EAFNOSUPPORT: (_error, { text }) => ({
    message: `${text} 的地址族，这个套接字或这台机器没有。`,
    hint: "写另一种地址族的地址，或写名字并加 -4（IPv4）或 -6（IPv6）",
  }),
  ENODEV: (_error, { text }) => ({
    message: `这台机器没有 ${text} 所要的网络接口。`,
    hint: "查看接口：ip -brief link；地址和接口这样写：[fe80::1%eth0]:8080",
  }),
  EUNKNOWN: ({ call, detail }, { text }) => ({
    message: `对 ${text} 的 ${call} 失败：${readDetail(detail) || "运行时没有说明原因"}。`,
    hint: "查看套接字的调用：全屏界面按 F2，不用全屏界面时加 -v",
  }),
};
