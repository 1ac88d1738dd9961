/** Words of many scripts on whose width terminals disagree, and some on which they agree. */

export const words: Readonly<Record<string, string>> = {
  thai: "สวัสดีครับ",
  "Thai with SARA AM": "น้ำทำงาน",
  lao: "ສະບາຍດີ",
  "Lao with SARA AM": "ນ້ຳ",
  hindi: "नमस्ते",
  "Hindi conjuncts": "जनसंख्या",
  "Hindi name": "ज्ञानी",
  "Hindi with ZWNJ": "क्\u200Cषत्रिय",
  "Hindi with ZWJ": "क्\u200Dष",
  nepali: "श्रीमान्",
  tamil: "வணக்கம்",
  "Tamil vowels": "தமிழ்",
  bengali: "স্বাগতম",
  "Bengali vowels": "বাংলা",
  telugu: "నమస్కారం",
  kannada: "ನಮಸ್ಕಾರ",
  gujarati: "નમસ્તે",
  gurmukhi: "ਸਤਿ ਸ੍ਰੀ",
  odia: "ନମସ୍କାର",
  malayalam: "നമസ്കാരം",
  "Malayalam with ZWJ": "അവന്\u200D",
  sinhala: "ආයුබෝවන්",
  "Sinhala with ZWJ": "ශ්\u200Dරී",
  burmese: "မင်္ဂလာပါ",
  shan: "ႁႆႈၶႃႈ",
  khmer: "សួស្តី",
  tibetan: "བཀྲ་ཤིས",
  javanese: "ꦱꦸꦒꦼꦁ",
  arabic: "مُحَمَّد",
  "Persian with ZWNJ": "می\u200Cخواهم",
  hebrew: "שָׁלוֹם",
  "Hangul letters": "\u1112\u1161\u11AB\u1100\u1173\u11AF",
  "ZWJ emoji": "👩\u200D🚀👨\u200D👩\u200D👧",
  "emoji by VS16": "❤\uFE0F☁\uFE0F",
  flags: "🇫🇷🇺🇳",
  keycaps: "1\uFE0F\u20E3#\uFE0F\u20E3",
  "skin tones": "👍🏽",
  "new emoji": "🫨🫩",
  chinese: "你好",
  accents: "e\u0301té",
};

/** With `DUET_TEST_ALL=1` every word is tried at every width, else each at one of them. */
const triesAll = process.env["DUET_TEST_ALL"] !== undefined;

/** The words to try at one of several widths, with their scripts. */
export function selectWords(
  width: number,
  widths: readonly number[],
): readonly (readonly [string, string])[] {
  const part = widths.indexOf(width);
  return Object.entries(words).filter((_, index) => triesAll || index % widths.length === part);
}
