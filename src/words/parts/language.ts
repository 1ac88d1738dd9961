/** The languages of duet, and the one of a locale. The caller reads the environment. */

export type Language = "en" | "zh";

export const languages: readonly Language[] = ["en", "zh"];

/** The language of the first POSIX variable (XBD §8.2) that is set: Chinese for `zh…`, else English. */
export function localeLanguage({
  LC_ALL,
  LC_MESSAGES,
  LANG,
}: Readonly<Record<string, string | undefined>>): Language {
  const locale = [LC_ALL, LC_MESSAGES, LANG].find((value) => value !== undefined && value !== "") ?? "";
  return /^zh(?![a-z])/i.test(locale) ? "zh" : "en";
}
