// What somebody has reached by their standings.

import assert from "node:assert/strict";
import { test } from "node:test";
import { milestones } from "../../gameserver/web/static/pages/player/milestones.js";

const standing = (played, won) => ({ played, won });

test("of each kind the greatest step that has been reached, and none before the first", () => {
  assert.deepEqual(milestones([]), []);
  assert.deepEqual(milestones([standing(1, 0)]), [{ key: "played", count: 1 }]);
  assert.deepEqual(milestones([standing(6, 1), standing(4, 9), standing(1, 0)]), [
    { key: "played", count: 10 },
    { key: "won", count: 10 },
    { key: "tried", count: 3 },
  ]);
});
