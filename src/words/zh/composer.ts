/** Short answers to the last key, and descriptions of completions, in Chinese (Simplified). */

import type { SentenceTable } from "../sentences/sentence.ts";
import type { ComposerSentences } from "../sentences/composer.ts";
import { formatNumber } from "./numbers.ts";

export const composerChinese: SentenceTable<ComposerSentences> = {
  "nobody-spoke-yet": "还没有人说过话",
  "ctrl-c-quits": "再按 Ctrl-C 退出",
  "quit-or-shutdown": "/quit 离开，/shutdown 发出 FIN",
  "esc-shows-answer": "按 Esc 看回答",
  "peers-hidden": "再按 F4 显示成员栏",
  "peers-need-columns": ({ columns }) => `成员栏需要 ${columns} 列宽：可用 /who`,
  "mouse-on": "鼠标已打开：拖动即复制，按住 Shift 由终端选择",
  "mouse-off": "鼠标已关闭：由终端选择文本",
  copied: ({ characters, within, isMouseOn }) => {
    const copied = `已复制 ${characters.toLocaleString("zh")} 个字符（OSC 52）`;
    if (within === "tmux") return `${copied}；没有？tmux set -s set-clipboard on`;
    const select = isMouseOn ? "按住 Shift 用鼠标选择" : "用鼠标选择";
    return within === "screen" ? `${copied}，但 GNU screen 会丢弃：${select}` : `${copied}；没有？${select}`;
  },
  "copy-too-long": ({ bytes, max }) =>
    `太长，无法放入剪贴板：${bytes.toLocaleString("zh")} 字节，最多 ${max.toLocaleString("zh")}`,
  "composer-full": ({ characters }) => `输入行最多 ${formatNumber(characters)} 个字符：其余已舍弃。`,
  "two-pastes": "两次粘贴合起来太多：请先处理第一次，再粘贴。",
  "paste-unanswered": "请先用 y 或 n 回答粘贴：在此之前什么也不发送",
  "paste-dropped": ({ lines }) => `粘贴的 ${formatNumber(lines)} 行已放弃：什么也没发送。`,
  "offer-this-machine": "本机",
  "offer-every-interface": "所有接口：对网络开放",
  "offer-unix": "UNIX 套接字：后面是路径",
  "offer-port": "duet 的端口",
  "offer-loss": "丢失的数据报",
  "offer-dup": "重复到达的数据报",
  "offer-reorder": "晚于后发者到达的数据报",
  "offer-delay": "每个数据报在途的时间",
  "offer-seed": "相同的数字产生相同的弱网",
  "offer-trouble-off": "关闭弱网模拟",
  "offer-peer-calls": "某个人的调用",
  "offer-call-kind": "某一种调用：send、recv、close",
  "offer-call-text": "带有这段内容的调用",
  "offer-pause": "暂停记录调用；再次：继续",
  "offer-all-calls": "所有人的所有调用",
  "offer-panel-off": "关闭面板",
  "offer-read-again": "恢复读取",
};
