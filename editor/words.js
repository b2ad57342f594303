// How many words a text has. Scripts without spaces between words are divided by the browser.
const WORD = /[\p{L}\p{N}]+(?:[’'.\-][\p{L}\p{N}]+)*/gu;
const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const WORDS_A_MINUTE = 220;

export function countWords(text) {
  if (!WITHOUT_SPACES.test(text) || !globalThis.Intl?.Segmenter) return text.match(WORD)?.length ?? 0;
  return [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)].filter(({ isWordLike }) => isWordLike).length;
}

export function inWords(count) {
  const minutes = Math.max(1, Math.round(count / WORDS_A_MINUTE));
  const words = `${count.toLocaleString("en-GB")} ${count === 1 ? "word" : "words"}`;
  return count < 50 ? words : `${words}, ${minutes} ${minutes === 1 ? "minute" : "minutes"} to read`;
}
