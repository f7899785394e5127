// What a player of Carcassonne may do, worked out from the events alone, so that it can be shown before it is tried.

import { many } from "../../net/model.js";
import { TILES } from "./tiles.js";

export const SIDES = ["NORTH", "EAST", "SOUTH", "WEST"];
const LINKS = ["north", "east", "south", "west"];
const HALVES = ["NL", "NR", "EL", "ER", "SL", "SR", "WL", "WR"];
const STEPS = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
];

/** Quarter turns of a tile. */
export function turns(field) {
  return Number((field.rotation || "R0").slice(1)) / 90;
}

/** What lies on each side of a tile after `rotation` quarter turns: the terrain, clockwise from north. */
export function terrains(letter, rotation) {
  const sides = ["meadow", "meadow", "meadow", "meadow"];
  for (const place of TILES[letter] || []) {
    for (const side of place.sides || "") sides[("NESW".indexOf(side) + rotation) % 4] = place.terrain;
  }
  return sides;
}

/** Where every laid tile lies: a map from "x,y" to its field, the start tile at 0,0 and y growing to the south. */
export function layout(model) {
  const cells = new Map();
  const start = many(model.root, "fields")[0];
  if (!start) return cells;
  const seen = new Set([start]);
  const waiting = [[start, 0, 0]];
  while (waiting.length) {
    const [field, x, y] = waiting.shift();
    cells.set(`${x},${y}`, { field, x, y });
    LINKS.forEach((link, side) => {
      const next = field[link];
      if (next && !seen.has(next)) {
        seen.add(next);
        waiting.push([next, x + STEPS[side][0], y + STEPS[side][1]]);
      }
    });
  }
  return cells;
}

/** Every free cell where a tile fits in some rotation: {x, y, rotations, neighbor, orientation}. */
export function spots(cells, letter) {
  const free = new Map();
  for (const { field, x, y } of cells.values()) {
    STEPS.forEach(([dx, dy], side) => {
      const key = `${x + dx},${y + dy}`;
      if (!cells.has(key) && !free.has(key)) {
        free.set(key, { x: x + dx, y: y + dy, neighbor: field.id, orientation: SIDES[side] });
      }
    });
  }
  const found = [];
  for (const spot of free.values()) {
    const rotations = [0, 1, 2, 3].filter((rotation) => fits(cells, letter, rotation, spot));
    if (rotations.length) found.push({ ...spot, rotations });
  }
  return found;
}

function fits(cells, letter, rotation, { x, y }) {
  const own = terrains(letter, rotation);
  return STEPS.every(([dx, dy], side) => {
    const beside = cells.get(`${x + dx},${y + dy}`)?.field;
    return !beside || terrains(beside.name, turns(beside))[(side + 2) % 4] === own[side];
  });
}

/** The positions of the tile just laid that no follower holds yet, by the whole feature and not only by this tile. */
export function freePositions(cells, field) {
  const { find, held } = features(cells);
  return many(field, "meeplePositions").filter(
    (position) => !held.has(find(`${field.id}/${Number(position.name) - 1}`)),
  );
}

/**
 * The features that followers stand on: [{terrain, tiles, owners, points}], how many tiles they have, who gets what they
 * are worth when the game ends with them still open, and how much that is. What a meadow is worth is for the server to say: null.
 */
export function claims(cells) {
  const { find, held } = features(cells);
  const found = new Map(
    [...held].map((key) => [key, { terrain: "", lying: new Set(), pennants: 0, followers: new Map() }]),
  );
  for (const { field, x, y } of cells.values()) {
    (TILES[field.name] ?? []).forEach(({ terrain, pennants = 0 }, index) => {
      const claim = found.get(find(`${field.id}/${index}`));
      if (!claim) return;
      claim.terrain = terrain;
      claim.pennants += pennants;
      for (const one of terrain === "abbey" ? around(cells, x, y) : [field]) claim.lying.add(one);
    });
    for (const { name, meeple } of many(field, "meeplePositions")) {
      if (!meeple) continue;
      const { followers } = found.get(find(`${field.id}/${Number(name) - 1}`));
      followers.set(meeple.userAssets, (followers.get(meeple.userAssets) ?? 0) + 1);
    }
  }
  return [...found.values()].map(({ terrain, lying, pennants, followers }) => {
    const most = Math.max(...followers.values());
    const owners = [...followers].filter(([, count]) => count === most).map(([player]) => player);
    const points = terrain === "meadow" ? null : lying.size + pennants;
    return { terrain, tiles: lying.size, owners, points };
  });
}

/** The tiles on a cell and the eight around it. */
function around(cells, x, y) {
  return [...cells.values()]
    .filter((one) => Math.abs(one.x - x) < 2 && Math.abs(one.y - y) < 2)
    .map(({ field }) => field);
}

/** Joins the places of all tiles into features; `held` are those with a follower. */
function features(cells) {
  const parent = new Map();
  const find = (key) => {
    let root = key;
    while (parent.has(root) && parent.get(root) !== root) root = parent.get(root);
    parent.set(key, root);
    return root;
  };
  for (const { field, x, y } of cells.values()) {
    for (const side of [1, 2]) {
      const beside = cells.get(`${x + STEPS[side][0]},${y + STEPS[side][1]}`)?.field;
      if (!beside) continue;
      for (const [here, there] of edges(side)) {
        const a = placeAt(field, here);
        const b = placeAt(beside, there);
        if (a !== null && b !== null) parent.set(find(`${field.id}/${a}`), find(`${beside.id}/${b}`));
      }
    }
  }
  const held = new Set();
  for (const { field } of cells.values()) {
    for (const position of many(field, "meeplePositions")) {
      if (position.meeple) held.add(find(`${field.id}/${Number(position.name) - 1}`));
    }
  }
  return { find, held };
}

/** The pairs of edges that touch across a side: the side itself, and its two halves crosswise. */
function edges(side) {
  const other = (side + 2) % 4;
  return [
    [{ side }, { side: other }],
    [{ half: 2 * side }, { half: 2 * other + 1 }],
    [{ half: 2 * side + 1 }, { half: 2 * other }],
  ];
}

/** The number of the place of a tile at an edge of the board's axes, or null. */
function placeAt(field, { side, half }) {
  const rotation = turns(field);
  const places = TILES[field.name] || [];
  const found = places.findIndex((place) =>
    side !== undefined
      ? (place.sides || "").includes("NESW"[(side - rotation + 4) % 4])
      : (place.halves || "").split(" ").includes(HALVES[(half - 2 * rotation + 8) % 8]),
  );
  return found < 0 ? null : found;
}
