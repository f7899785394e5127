// What the others do is shown one after the other, however fast it comes.

/** Milliseconds a move of somebody else stays before the next thing is shown. */
export const SHOWN = 450;

export class Pace {
  /**
   * Give events to `take(event)` in their order. After one of which `take` has returned true, a move of somebody
   * else, the following wait for a moment; not while nobody looks, nor for who wishes no motion on their screen.
   */
  constructor(take, hidden = () => document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches) {
    this.take = take;
    this.hidden = hidden;
    this.waiting = [];
    this.timer = null;
  }

  put(event) {
    this.waiting.push(event);
    if (this.timer === null) this.go();
    else if (this.hidden()) this.rest();
  }

  go() {
    this.timer = null;
    while (this.waiting.length) {
      const event = this.waiting.shift();
      const moved = this.take(event);
      // What belongs to the move has the same time.
      if (!moved) continue;
      while (this.waiting.length && this.waiting[0]["@ts"] === event["@ts"]) this.take(this.waiting.shift());
      if (!this.hidden()) {
        this.timer = setTimeout(() => this.go(), SHOWN);
        return;
      }
    }
  }

  /** Show everything now. */
  rest() {
    clearTimeout(this.timer);
    this.timer = null;
    while (this.waiting.length) this.take(this.waiting.shift());
  }

  end() {
    clearTimeout(this.timer);
    this.waiting.length = 0;
  }
}
