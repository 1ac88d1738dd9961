/** A room on several machines, in Chinese. */

import type { EngineTrouble, HubSentences } from "../sentences/hubs.ts";
import type { SentenceTable } from "../sentences/sentence.ts";
import { formatNumber } from "./numbers.ts";

const troubles: Readonly<Record<EngineTrouble, string>> = {
  unreachable: "连不上",
  silent: "没有应答",
  denied: "拒绝了用户名、密码，或枢纽所需的权限",
  full: "已满，不再接受内容",
  "read-only": "是只读副本，不接受内容",
  loading: "正在启动",
  certificate: "的证书无法验证",
  "wrong-password": "上的房间用的是另一个密码",
  "needs-password": "上的房间有密码，而本枢纽没有",
  "no-seal": "上的房间没有密码",
  "later-seal": "上的房间由更新版本的 duet 加密",
  other: "出错了",
};

const remedies: Readonly<Record<EngineTrouble, string>> = {
  unreachable: "请启动它，或核对主机和端口；在此之前本枢纽会不断重试",
  silent: "它可能已停住或过载；在它应答之前本枢纽会不断重试",
  denied: "请核对 URL 中的用户名和密码，并对照 README 检查 ACL",
  full: "请调大 maxmemory，或释放内存；本枢纽会重试",
  "read-only": "请改用主节点的地址",
  loading: "请稍候；本枢纽会重试",
  certificate: "请安装签发它的机构证书，或使用证书上的主机名",
  "wrong-password": "请让房间的所有枢纽用同一个 --password 启动，或换一个房间",
  "needs-password": "请用其他枢纽的 --password 启动本枢纽",
  "no-seal": "请让所有枢纽都用 --password 启动，或本枢纽不用密码，或换一个房间",
  "later-seal": "请更新本 duet",
  other: "本枢纽会重试",
};

export const hubsChinese: SentenceTable<HubSentences> = {
  "here-only": "仅在本机",
  "room-shared": ({ room, hubs, members, epoch }) => {
    const size = `${formatNumber(hubs)} 个枢纽，其他枢纽上有 ${formatNumber(members)} 人`;
    switch (epoch) {
      case "first":
        return `房间 ${room} 已共享：${size}`;
      case "same":
        return `房间 ${room} 恢复共享：${size}`;
      case "emptied":
        return `引擎被清空，房间 ${room} 重新开始：${size}`;
      case "failed-over":
        return `房间 ${room} 在故障切换后继续，引擎丢失了最新的内容：这里显示过的，别处可能没有，反之亦然。现在 ${size}`;
    }
  },
  "entries-missed": ({ entries }) =>
    `本枢纽离开期间，引擎删去了其他枢纽的 ${formatNumber(entries)} 条内容，这里看不到了`,
  "entries-passed-over": ({ entries, why }) => {
    switch (why) {
      case "skipped":
        return `房间的流中有 ${formatNumber(entries)} 条无法读取，已略过：格式有误，或来自更新版本的 duet`;
      case "unproven":
        return `房间的流中有 ${formatNumber(entries)} 条没有本房间枢纽的签名，已略过：有别人在向引擎写入`;
      case "removed":
        return `已略过被移出的枢纽的 ${formatNumber(entries)} 条内容`;
    }
  },
  "room-readable": ({ place }) =>
    `管理 ${place} 的人能读到本房间的内容：请让所有枢纽用同一个 --password 启动以加密`,
  "hub-joined": ({ hub, fingerprint }) => `${hub} 的枢纽共享本房间，其密钥为 ${fingerprint}`,
  "hub-removed-by": ({ by, hub, isObeyed }) =>
    isObeyed
      ? `${by} 的枢纽把 ${hub} 的枢纽移出了房间`
      : `${by} 的枢纽对自己的成员略过 ${hub} 的枢纽；房间没有密码，这里不变`,
  "our-hub-passed-over": ({ by }) => `${by} 的枢纽略过本枢纽的内容：那里的成员看不到`,
  "our-hub-removed": ({ room, by }) =>
    `${by === "" ? "另一个枢纽" : `${by} 的枢纽`}把本枢纽移出了房间 ${room}：房间只在本机继续`,
  "room-not-shared": "本房间只在这台机器上：--room 可让多个枢纽共享一个房间",
  "hub-takes": "/hub 列出枢纽；/hub remove 名字 移出一个",
  "this-hub": "本枢纽",
  "hub-size": ({ members }) => `${formatNumber(members)} 人`,
  "hub-is-ours": "那就是本枢纽：/quit 可离开房间",
  "hub-missing": ({ name }) => `没有名为 ${name} 的枢纽，也没有这样开头的密钥：/hub 会列出它们`,
  "hubs-of-one-name": ({ name, fingerprints }) =>
    `有 ${formatNumber(fingerprints.length)} 个枢纽名为 ${name}；请改写密钥：${fingerprints.join("、")}`,
  "hubs-removed-full": ({ most }) => `已移出 ${formatNumber(most)} 个枢纽：请换一个有密码的房间`,
  "hub-removed-here": "只在本枢纽略过它：没有密码的房间谁都能移出别人，所以每个枢纽只为自己的成员决定",
  "our-hub-removed-hint": "请询问那个枢纽的主人；这里写的内容不会到达其他枢纽",
  "lines-stayed-here": ({ lines }) => `${formatNumber(lines)} 行只留在本机：等待的行超过了本枢纽的上限`,
  "engine-problem": ({ place, problem, detail }) =>
    `${place} ${troubles[problem]}${detail === "" ? "" : `（${detail}）`}：房间只在本机继续`,
  "engine-problem-hint": ({ problem }) => remedies[problem],
  "engine-takes-again": "房间的引擎又接受内容了：带标记的行现在发往各枢纽",
  "hub-row": ({ hub, members }) => `${hub} 的枢纽：${formatNumber(members)} 人`,
  "told-in-numbers": ({ members }) =>
    `房间已超过 ${formatNumber(members)} 人：其他枢纽的人进出不再逐个显示，人数见上方`,
  "hub-member-joined": ({ name, hub }) =>
    name === hub ? `${name} 的枢纽加入了` : `${name} 加入了 ${hub} 的枢纽`,
  "hub-left": ({ hub, members, why }) => {
    const left = `${hub} 的枢纽（${formatNumber(members)} 人）`;
    switch (why) {
      case "ended":
        return `${left}离开了房间`;
      case "lease":
        return `${left}不见了：15 秒没有收到它的消息`;
      case "removed":
        return `${left}已被移出：之后的内容会被略过`;
    }
  },
  "left-while-away": "在本枢纽离开期间",
  "member-of-other-hub": ({ name }) => `${name} 在另一个枢纽上：本机与其没有直接连接`,
  "verify-not-across": ({ name }) => `${name} 在另一个枢纽上，密钥核对不能跨枢纽进行：请在你们直接连接时核对`,
  "engine-reads": "没有端到端加密：运营枢纽或引擎的人可以读到",
  "too-much-waits": "房间的引擎不在，等待发往它的行已达本枢纽的上限",
  "hub-gone": ({ hub }) => `${hub} 的枢纽不见了，且没有确认收到`,
};
