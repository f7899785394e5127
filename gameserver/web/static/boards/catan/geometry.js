// Where everything of a Catan board lies, found from who is whose neighbour. Hexagons are flat on top.

import { many } from "../../net/model.js";

export const SIZE = 60;
const STEPS = {
  north: [0, -1],
  northEast: [1, -1],
  southEast: [1, 0],
  south: [0, 1],
  southWest: [-1, 1],
  northWest: [-1, 0],
};

/** The corners of a hexagon around its middle; the first lies between the sides N and NE, clockwise. */
export const CORNERS = [-60, 0, 60, 120, 180, 240].map((degrees) => {
  const angle = (degrees * Math.PI) / 180;
  return [SIZE * Math.cos(angle), SIZE * Math.sin(angle)];
});

/** {fields, intersections, borders}: maps from objects to points. */
export function layout(map) {
  const fields = new Map();
  const intersections = new Map();
  const borders = new Map();
  const [first] = many(map, "fields");
  if (!first) return { fields, intersections, borders };
  const cells = new Map([[first, [0, 0]]]);
  const waiting = [first];
  while (waiting.length) {
    const field = waiting.shift();
    const [q, r] = cells.get(field);
    for (const [link, [dq, dr]] of Object.entries(STEPS)) {
      const next = field[link];
      if (next && !cells.has(next)) {
        cells.set(next, [q + dq, r + dr]);
        waiting.push(next);
      }
    }
  }
  for (const [field, [q, r]] of cells) {
    const middle = [SIZE * 1.5 * q, SIZE * Math.sqrt(3) * (r + q / 2)];
    fields.set(field, middle);
    const corners = many(field, "intersections");
    if (corners.length !== 6) continue;
    corners.forEach((corner, index) => {
      if (!intersections.has(corner)) {
        intersections.set(corner, [middle[0] + CORNERS[index][0], middle[1] + CORNERS[index][1]]);
      }
    });
  }
  for (const field of fields.keys()) {
    for (const border of many(field, "borders")) {
      const ends = many(border, "intersections").map((corner) => intersections.get(corner));
      if (ends.length === 2 && ends[0] && ends[1]) borders.set(border, ends);
    }
  }
  return { fields, intersections, borders };
}
