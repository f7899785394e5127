// What the server remarks, in the reader's language where there is a text for its first word.

import { known, t } from "../i18n.js";

/** `steal - choose from whom …, or END_PLAY`: the word for what it is about, the sentence, whether one may decline. */
const REMARK = /^(\w+) - (.*?)(, or END_PLAY)?$/;

/** A remark in words; the server's own sentence where nobody has foreseen its first word. */
export function remarked(text) {
  const found = REMARK.exec(text);
  if (!found) return text;
  const [, word, sentence, optional] = found;
  const numbers = sentence.match(/\d+/g) ?? [];
  const said = known(`remark.${word}`, sentence, { first: numbers[0], number: numbers.at(-1) });
  return optional ? `${said} ${t("remark.optional")}` : said;
}
