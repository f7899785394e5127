// Coming back after a lost connection: by itself, with growing pauses, unless the server has said to stay out.

/** Milliseconds before the first try, and the longest pause; each is twice the one before. */
export const FIRST = 500;
export const LONGEST = 15000;

/** Why a connection may have ended, by the codes of docs/kassel.md; everything else is a lost connection. */
const WHY = {
  1001: "stopping",
  1008: "policy",
  1012: "moved",
  4000: "replaced",
  4001: "kicked",
  4002: "banned",
  4004: "closed",
};

/** How a connection has ended: a word that is part of a text's key. */
export function why(code) {
  return WHY[code] ?? "lost";
}

/** Whether a page may come back by itself. Somebody's other window has the seat; a kick, a ban or an end holds. */
export function mayReturn(reason) {
  return !["replaced", "kicked", "banned", "closed"].includes(reason);
}

/** Milliseconds until a try, by how many have failed. Chance keeps a thousand pages from coming in one moment. */
export function pause(failed, chance = Math.random()) {
  return Math.min(FIRST * 2 ** failed, LONGEST) * (0.75 + chance / 2);
}

export class Returning {
  /**
   * Try `work()` until it succeeds. An error that is `unreachable` is tried again; any other is given to `refused`.
   * `waiting(seconds)` is told before each pause.
   */
  constructor(work, { waiting, refused }) {
    this.work = work;
    this.waiting = waiting;
    this.refused = refused;
    this.failed = 0;
    this.timer = null;
    this.busy = false;
    this.ended = false;
    // The network is back, or somebody looks at the page again: now is the time.
    this.now = () => document.hidden || this.hurry();
    addEventListener("online", this.now);
    document.addEventListener("visibilitychange", this.now);
    this.later();
  }

  later() {
    const wait = pause(this.failed);
    this.failed += 1;
    this.waiting(Math.ceil(wait / 1000));
    this.timer = setTimeout(() => this.attempt(), wait);
  }

  /** Try at once instead of waiting. */
  hurry() {
    if (this.ended || this.busy) return;
    clearTimeout(this.timer);
    this.attempt();
  }

  async attempt() {
    this.busy = true;
    try {
      await this.work();
      this.end();
    } catch (error) {
      this.busy = false;
      if (this.ended) return;
      if (error.unreachable) this.later();
      else {
        this.end();
        this.refused(error);
      }
    }
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
    removeEventListener("online", this.now);
    document.removeEventListener("visibilitychange", this.now);
  }
}
