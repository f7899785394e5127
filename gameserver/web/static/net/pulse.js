// Whether a connection is alive: what is silent for too long is dead, whatever the browser says.

/** Seconds of silence after which somebody should be told, and after which a connection counts as dead. */
export const QUIET = 6;
export const DEAD = 10;

export class Pulse {
  /**
   * Watch a connection on which something comes every few seconds. `onquiet(seconds)` is told every second while
   * nothing comes, and 0 once something does again; `ondead()` once. `clock` returns milliseconds.
   */
  constructor({ onquiet, ondead, clock = () => Date.now() }) {
    this.onquiet = onquiet;
    this.ondead = ondead;
    this.clock = clock;
    this.last = clock();
    this.quiet = false;
    this.timer = setInterval(() => this.look(), 1000);
  }

  /** Something has come. */
  heard() {
    this.last = this.clock();
    if (!this.quiet) return;
    this.quiet = false;
    this.onquiet(0);
  }

  look() {
    const silence = (this.clock() - this.last) / 1000;
    if (silence >= DEAD) {
      this.stop();
      this.ondead();
    } else if (silence >= QUIET) {
      this.quiet = true;
      this.onquiet(Math.floor(silence));
    }
  }

  stop() {
    clearInterval(this.timer);
  }
}
