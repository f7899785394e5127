// Looking again and again while a page is open, but not while nobody looks at it.

/** Run `work` now and every `seconds`; returns a function that ends it. A failure is not the end. */
export function poll(work, seconds) {
  let timer = null;
  let ended = false;
  async function once() {
    if (!document.hidden) await Promise.resolve(work()).catch(() => {});
    if (!ended) timer = setTimeout(once, 1000 * seconds);
  }
  once();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
