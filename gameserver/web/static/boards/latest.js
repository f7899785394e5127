// What everybody did in their latest turn, so that it can be marked on the board.

export class Latest {
  constructor() {
    this.of = new Map();
    this.turn = null;
    /** What was put last of all. */
    this.newest = null;
  }

  /** It is somebody's turn now: what they did before is no news any more. */
  begin(player) {
    this.turn = player;
    if (player) this.of.set(player, new Set());
  }

  /** They have put this somewhere. */
  add(object) {
    this.newest = object;
    if (this.turn) this.of.get(this.turn).add(object);
  }

  has(object) {
    for (const objects of this.of.values()) if (objects.has(object)) return true;
    return false;
  }
}
