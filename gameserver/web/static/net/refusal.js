// What is refused, in the reader's language where it has a text for the reason.

/** What to say of a reason; the pages have texts, whoever uses these modules without them has the server's sentence. */
let words = (code, sentence) => sentence;

/** Let `find(code, sentence)` say what is refused from now on. */
export function speak(find) {
  words = find;
}

/** An error with the server's word for its reason in `code`; `sentence` is what the server says itself. */
export function refusal(code, sentence) {
  return Object.assign(new Error(words(code, sentence)), { code });
}

/** What a server that does not answer is told by, so that it can be told from a refusal. */
export function unreachable() {
  return Object.assign(refusal("unreachable", "The server cannot be reached."), { unreachable: true });
}
