// What was said before a page could hear it, beside what it has heard.

/** Milliseconds between the clocks of two machines at most. */
const APART = 120000;

/** Those of the server's `messages` ({from, text, at_ms}) that are not among `lines` ({from, text, at}) yet. */
export function unheard(lines, messages) {
  // Clocks differ: the same words of the same person at about the same time are the same line.
  const same = ({ from, text, at_ms: at }) =>
    lines.some((line) => line.from === from && line.text === text && Math.abs(line.at - at) < APART);
  return messages.filter((message) => !same(message));
}
