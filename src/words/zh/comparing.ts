/** Comparisons of keys, in Chinese. */

import { quoteName } from "../../protocol/text/nicknames.ts";
import type { ComparingSentences } from "../sentences/comparing.ts";
import type { ParamsOf, SentenceTable } from "../sentences/sentence.ts";

export const comparingChinese: SentenceTable<ComparingSentences> = {
  "comparison-begun": ({ name }) => `正在和 ${name} 核对密钥：等待 ${name} 的 duet`,
  "comparison-begun-hint": ({ name }, _word, _program, place) =>
    place === "shell"
      ? "数字会出现在两边的屏幕上"
      : `数字会出现在两边的屏幕上；/verify ${quoteName(name)} cancel 取消`,
  "comparison-digits": ({ name, digits }) => `${digits}  是你和 ${name} 的数字`,
  "comparison-asked": ({ name, digits }) => `${digits}  是你和 ${name} 的数字，${name} 想核对密钥`,
  "comparison-digits-hint": ({ name }, _word, _program, place) => {
    const read = "打电话或当面互相念出来，不要在这里写";
    if (place === "shell") return read;
    const command = `/verify ${quoteName(name)}`;
    return `${read}：12 位全部相同就用 ${command} same，不同就用 ${command} different`;
  },
  "comparison-agreed": ({ name }) => `你已确认；${name} 也确认之后就是 VERIFIED`,
  "comparison-other-agreed": ({ name }) => `${name} 说数字相同`,
  "comparison-answer-hint": ({ name }, _word, _program, place) => {
    if (place === "shell") return "和你的比较";
    const command = `/verify ${quoteName(name)}`;
    return `你看到的相同就用 ${command} same，不同就用 ${command} different`;
  },
  "comparison-verified": ({ name }) => `${name} 是 VERIFIED：你们各自有对方的密钥`,
  "comparison-ended": (params) => `没有验证 ${params.name}：${wordEnd(params)}`,
  "comparison-alarm-hint": ({ name }, _word, _program, place) =>
    `你和 ${name} 之间可能有人换了密钥，也可能有一方念错了数字：不要写秘密` +
    (place === "shell" ? "" : `，用 /verify ${quoteName(name)} 再核对一次`),
  "comparison-missing": ({ name }) => `没有和 ${name} 核对密钥：/verify ${quoteName(name)} 开始`,
  "comparison-without-digits": ({ name }) => `还不知道和 ${name} 的数字`,
  "comparisons-full": ({ most }) => `已经有 ${most} 个核对在进行：先确认或取消一个`,
  "no-key-to-compare": ({ name, why }) => {
    switch (why) {
      case "raw":
        return `${name} 没有可核对的密钥：它不是 duet`;
      case "plain":
        return `${name} 没有可核对的密钥：连接是 PLAIN`;
      case "unnamed":
        return `${name} 没有可核对的密钥：它和主机之间没有加密，或主机的 duet 太旧，不提供密钥`;
    }
  },
};

function wordEnd({ name, why, isTheirs, hadDigits }: ParamsOf<"comparison-ended">): string {
  switch (why) {
    case "different":
      return isTheirs ? `${name} 说数字不同` : "数字不同";
    case "cancelled":
      return isTheirs ? `${name} 结束了核对` : "你结束了核对";
    case "late":
      if (hadDigits) return "过了十分钟，你们没有都确认";
      return `${name} 的 duet 没有应答：它可能太旧，不会核对密钥`;
    case "busy":
      return `和 ${name} 的 duet 核对得太多：半分钟后再试`;
    case "absent":
      return `${name} 不在这里了，或没有可核对的密钥`;
    case "unattended":
      return `${name} 的 duet 不接受命令，因为它的输入原样发送`;
    case "mismatch":
      return "收到的数互相不符";
  }
}
