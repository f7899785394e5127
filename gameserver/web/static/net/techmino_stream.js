// What a Techmino client has sent of its player's round: pairs of how many frames have passed and what happened.

/** Frames a second. */
const FRAMES = 60;

/** Seconds of a round that are shown at most, whatever somebody has sent. */
export const LONGEST = 4 * 3600;

/** Below the first number somebody presses a key, below the second they let go of one; everything else are attacks. */
const PRESSED = 32;
const RELEASED = 64;

/** The key with which a piece falls to the ground at once. */
const HARD_DROP = 6;

/** The bytes of all pieces; one that no client has written is passed over. */
function* bytes(pieces) {
  for (const piece of pieces) {
    let text;
    try {
      text = atob(piece);
    } catch {
      continue;
    }
    for (let at = 0; at < text.length; at += 1) yield text.charCodeAt(at);
  }
}

/** Numbers have seven bits a byte, the highest first, and the eighth says that more follow. */
function* numbers(pieces) {
  let value = 0;
  for (const byte of bytes(pieces)) {
    value = value * 128 + (byte & 127);
    if (byte < 128) {
      yield value;
      value = 0;
    }
  }
}

/** Everything that happened, as `[frame, event]` in order, and the last frame. */
export function happened(pieces) {
  const found = [];
  let frame = 0;
  let passed = null;
  for (const number of numbers(pieces)) {
    if (passed === null) passed = number;
    else {
      frame += passed;
      if (number) found.push([frame, number]);
      passed = null;
    }
  }
  return { found, frame };
}

/** How often a player has pressed a key, dropped a piece and attacked until the end of each second. */
export function bySecond(pieces) {
  const { found, frame } = happened(pieces);
  const seconds = [];
  const sum = { keys: 0, drops: 0, attacks: 0 };
  let at = 0;
  const last = Math.min(Math.ceil(frame / FRAMES), LONGEST);
  for (let second = 0; second <= last; second += 1) {
    for (; at < found.length && found[at][0] <= second * FRAMES; at += 1) {
      const event = found[at][1];
      if (event < PRESSED) sum.keys += 1;
      else if (event >= RELEASED) sum.attacks += 1;
      if (event === HARD_DROP) sum.drops += 1;
    }
    seconds.push({ ...sum });
  }
  return seconds;
}
