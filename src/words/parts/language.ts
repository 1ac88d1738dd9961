/** Which language duet speaks to its person. It reads no environment: whoever does tells what it says. */

export type Language = "en" | "zh";

export const languages: readonly Language[] = ["en", "zh"];

/** `zh_CN.UTF-8` and its like is Chinese, everything else English: the first of POSIX's variables (XBD §8.2) that is set decides. */
export function localeLanguage({
  LC_ALL,
  LC_MESSAGES,
  LANG,
}: Readonly<Record<string, string | undefined>>): Language {
  const locale = [LC_ALL, LC_MESSAGES, LANG].find((value) => value !== undefined && value !== "") ?? "";
  return /^zh(?![a-z])/i.test(locale) ? "zh" : "en";
}
