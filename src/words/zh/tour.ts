/** The tour in Chinese (Simplified), in the terms of the tutorial. */

import type { TourWords } from "../tables/tour-words.ts";

export const tourChinese: TourWords = {
  ends: { server: "服务器", client: "客户端" },
  keys: ["回车继续 · ← 后退 · Esc 离开", "回车 · ← · Esc", "回车"],
  lastKeys: ["回车或 Esc 回到聊天 · ← 后退", "回车 · ← · Esc", "回车"],
  place: (step, steps) => `演示 ${step}/${steps}`,
  more: "↓",
  fin: "FIN：对方不再发送",
  kernel: (state, unreadBytes) =>
    unreadBytes === 0 ? `内核：${state}` : `内核：${state}，${unreadBytes} 字节未读`,
  nothingCame: "recvfrom 仍在等待：什么也没收到",
  steps: {
    welcome: {
      title: "套接字逐步演示",
      text: () =>
        "教程里的服务器和客户端，就在这里通过 127.0.0.1 通信。每按一次回车，就真正执行一步调用；两个窗格里是调用返回的真实结果，上面是教程中对应的 Python 代码。其间聊天照常进行。",
    },
    "tcp-bind": {
      title: "TCP · 创建套接字，bind 绑定地址",
      text: ({ serverPort }) =>
        `套接字是通信的一端：AF_INET 表示 IPv4，SOCK_STREAM 表示 TCP。bind 把 ip 地址和端口绑定到套接字上。教程用的是 8080 端口；这里端口写 0，由系统挑一个空闲的：${serverPort}。duet 的运行时会紧接着调用 listen，所以那一行也已经出现了。`,
    },
    "tcp-listen": {
      title: "TCP · listen 监听",
      text: ({ server }) =>
        `listen 让套接字变为被动：在 ${server} 等待别人来连接，状态是 LISTEN。参数 5 是 backlog，即已建立、还没被 accept 取走的连接最多排多少个。duet 的运行时用的是 512。`,
    },
    "tcp-connect": {
      title: "TCP · connect 连接：三次握手",
      text: ({ clientPort }) =>
        `connect 向服务器发起连接，双方内核用三个报文完成三次握手：SYN →，← SYN+ACK，ACK →，此后两端都是 ESTABLISHED。程序看不到这些报文，握手完成后 connect 才返回。客户端没有 bind，端口由系统分配：${clientPort}。`,
    },
    "tcp-accept": {
      title: "TCP · accept 接受连接",
      text: ({ client }) =>
        `accept 为这个客户端返回一个新的套接字，并告知对方的地址：${client}，正是 connect 得到的那个端口。监听套接字保持不变，继续等下一个客户端。duet 会立刻 accept，所以这一行和 connect 同时出现。`,
    },
    "tcp-send": {
      title: "TCP · send 发送",
      text: () =>
        "send 把“你好”交给内核：两个汉字，UTF-8 编码后是 6 个字节。返回值 6 表示内核全部收下了，并不表示对方已经读到。内核也可能只收下一部分，剩下的要再发，sendall 就是这样做的。现在数据停在服务器一侧的内核里：还没有人调用 recv。",
    },
    "tcp-recv": {
      title: "TCP · recv 接收",
      text: () =>
        "recv 取走已经到达的数据，最多 1024 字节：这次收到 6 个，还原成“你好”。TCP 保证顺序，但没有消息边界：两次 send 可能一次 recv 收完，一次 send 也可能分两次收到。需要按行收发的程序要自己找换行符，duet 就是这样做的。",
    },
    "tcp-answer": {
      title: "TCP · 服务器应答",
      text: () =>
        "一个连接可以双向传输：服务器 send 了 hello，客户端 recv 收到 5 个字节。报文若在途中丢失，由内核重传，程序看不到；收到的数据总是完整而有序的。",
    },
    "tcp-close": {
      title: "TCP · close 关闭：FIN",
      text: () =>
        "服务器先关闭，它的内核发出 FIN：我没有数据要发了。客户端的 recv 返回 0 字节，程序就是这样知道对方已经发完的。另一个方向仍然开着，这叫半关闭；内核里分别是 FIN-WAIT-2 和 CLOSE-WAIT。（duet 用 shutdown 发出 FIN，并继续读，直到对方的 FIN 到来。）",
    },
    "tcp-time-wait": {
      title: "TCP · close 关闭：TIME-WAIT",
      text: ({ server }) =>
        `客户端也关闭，发出自己的 FIN，连接结束。先关闭的一方（这里是服务器）会停留在 TIME-WAIT 一段时间（Linux 上 60 秒），以免迟到的报文被当成新连接的数据。所以服务器马上重启时，可能会遇到“地址已被占用”。现在 ${server} 上已无人监听。`,
    },
    "udp-bind": {
      title: "UDP · 面向无连接",
      text: ({ server, client }) =>
        `SOCK_DGRAM 创建 UDP 套接字。不需要 listen、connect、accept：绑定之后，谁发来都能收到。服务器：${server}。客户端：${client}；教程里的客户端到第一次 sendto 才由系统分配端口，duet 的运行时则一开始就绑定。`,
    },
    "udp-sendto": {
      title: "UDP · sendto 发送",
      text: ({ server }) =>
        `sendto 每次都要指明对方的地址：${server}。一次调用就是一个数据报，不用握手，直接发出。返回值 6 只表示已经发出；是否到达，无从得知。`,
    },
    "udp-recvfrom": {
      title: "UDP · recvfrom 接收",
      text: ({ client }) =>
        `recvfrom 一次取走一个完整的数据报，并告知发送方的地址：${client}。数据报有边界：一次 sendto 对应一次 recvfrom，超出缓冲区的部分会被截掉。duet 会立刻读取，所以这一行紧跟着 sendto 出现。`,
    },
    "udp-answer": {
      title: "UDP · 服务器应答",
      text: ({ client }) =>
        `服务器没有连接可用，应答就发往 recvfrom 告知的地址 ${client}。这样，一个套接字可以为任意多个客户端服务。`,
    },
    "udp-lost": {
      title: "UDP · 故意丢掉一个数据报",
      text: ({ dropped }) =>
        `同样的 sendto 再来一次，但这回 duet 在客户端的套接字上打开了弱网模拟（相当于 /trouble loss=100%），数据报被丢掉了：丢失 ${dropped} 个。sendto 照样返回 6，服务器的 recvfrom 仍在等待，也没有任何报错。真实的网络也会这样。`,
    },
    "udp-again": {
      title: "UDP · 再发一次",
      text: () =>
        "弱网模拟已经关闭，客户端再发一次，这回收到了。UDP 自己不会重传：需要可靠到达的程序，要自己编号、确认、重发。两个 duet 之间用 UDP 聊天时就是这样做的。",
    },
    "udp-close": {
      title: "UDP · close 关闭",
      text: () =>
        "close 只是释放端口：没有 FIN，没有 TIME-WAIT，网络上什么也不发，对方也不会知道。此后再往这里发数据，最多从内核得到一个“端口不可达”。",
    },
    "sealed-hello": {
      title: "加密 · 两个问候",
      text: () =>
        "两台机器之间的 duet 会自动加密；这里在 127.0.0.1 上演示。先各发一个问候，还是明文：105 字节，只有随机数和加密的提议，没有名字。中间人能读到这两个问候，甚至能去掉提议：那时屏幕显示 PLAIN，而 --encrypt require 什么也不发送。",
    },
    "sealed-handshake": {
      title: "加密 · 握手",
      text: () =>
        "三条记录（Noise XX）：35 字节，客户端的临时密钥；99 字节，服务器的临时密钥，以及加密的长期密钥；67 字节，客户端加密的长期密钥。双方用临时密钥算出同一个秘密，它从不在网络上出现。两个问候也参与计算：改动过其中一个，就会有一条记录通不过验证。",
    },
    "sealed-record": {
      title: "加密 · 一条消息",
      text: () =>
        "同样的“你好”现在是 25 字节：2 字节长度，1 字节类型，6 字节密文，16 字节用来验证。客户端窗格里是网络上传输的内容，服务器窗格里是解开的内容。中间人看到地址、大小、时间和那两个问候：两个 duet 在通信，什么时候，多少数据。他看不到文字、名字和长期密钥。",
    },
    "sealed-middle": {
      title: "加密 · 中间人",
      text: () =>
        "现在传输的一条记录改了一位，中间人做得到。它通不过验证：服务器不显示它的任何内容，并重置连接。加密的内容他不能读、不能改、不能重放、不能打乱顺序。他能拖延和切断，也能在初次见面时冒充对方应答：所以要把密钥交给朋友（--key），或者核对数字（/verify）。",
    },
    end: {
      title: "小结",
      text: () =>
        "TCP：先建立连接，然后是字节流，完整、有序，直到 FIN。UDP：无连接，一个个独立的数据报，速度快，但可能丢失。现在自己试试：在两个终端里运行 bun run start，加 --udp 就是 UDP，再用 /trouble loss=20% 模拟弱网。",
    },
  },
};
