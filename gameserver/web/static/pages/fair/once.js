// One thing at a time: what is pressed while a bet is under way, or as the second half of a double click, is nothing.

/** Milliseconds in which a second press of the same is taken for the first. */
export const DOUBLE_MS = 450;

/**
 * Return a function that does `work` and resolves to what it does, or to null when something is under way or the same
 * `what` has just been done. `busy(whether)` is told when something begins and ends.
 */
export function oneAtATime(busy, now = () => performance.now()) {
  let running = false;
  let last = { what: null, at: 0 };
  return async (what, work) => {
    const at = now();
    if (running || (what === last.what && at - last.at < DOUBLE_MS)) return null;
    last = { what, at };
    running = true;
    busy(true);
    try {
      return await work();
    } finally {
      running = false;
      busy(false);
    }
  };
}
