// Tiles drawn from what they are: no pictures, so they are sharp at any size and in any colour.

import { s } from "../../dom.js";
import { TILES } from "./tiles.js";

/** How far a city of one side bulges; at 1 two cities on neighbouring sides would touch. */
const CAP = 0.95;
const CORNERS = [
  [0, 0],
  [100, 0],
  [100, 100],
  [0, 100],
];
const MIDDLES = [
  [50, 0],
  [100, 50],
  [50, 100],
  [0, 50],
];
const HALF_POINTS = {
  NL: [25, 0],
  NR: [75, 0],
  EL: [100, 25],
  ER: [100, 75],
  SL: [75, 100],
  SR: [25, 100],
  WL: [0, 75],
  WR: [0, 25],
};

/** An unturned tile of 100 by 100 as an SVG group. */
export function picture(letter) {
  const places = TILES[letter] || [];
  const roads = places.filter((place) => place.terrain === "road");
  const group = s("g", { class: "tile" }, s("rect", { width: 100, height: 100, class: "meadow" }), grass(letter));
  for (const place of places) if (place.terrain === "city") group.append(...city(place));
  for (const road of roads) group.append(...line(road));
  for (const place of places) if (place.terrain === "meadow") group.append(...trees(place, places));
  if (roads.length > 2) group.append(s("rect", { x: 42, y: 42, width: 16, height: 16, rx: 3, class: "village" }));
  if (places.some((place) => place.terrain === "abbey")) group.append(abbey());
  group.append(s("rect", { width: 100, height: 100, class: "edge" }));
  return group;
}

function sidesOf(place) {
  return [...(place.sides || "")].map((side) => "NESW".indexOf(side)).sort();
}

function city(place) {
  const sides = sidesOf(place);
  let path = "";
  sides.forEach((side, index) => {
    const from = CORNERS[side];
    const to = CORNERS[(side + 1) % 4];
    path += `${path ? "L" : "M"}${from} L${to} `;
    const next = sides[(index + 1) % sides.length];
    if (sides.length === 1 || (side + 1) % 4 !== next) {
      const control = sides.length === 1 ? toward(MIDDLES[side], [50, 50], CAP) : [50, 50];
      path += `Q${control} ${CORNERS[next]} `;
    }
  });
  const parts = [s("path", { d: `${path}Z`, class: "city" }), s("path", { d: `${path}Z`, class: "wall" })];
  for (const [x, y] of houses(place, sides)) parts.push(house(x, y));
  if (place.pennants) {
    const [x, y] = anchor(place);
    parts.push(s("path", { d: `M${x + 10},${y - 14} h12 v8 l-6,7 l-6,-7 z`, class: "pennant" }));
  }
  return parts;
}

/** Where houses stand in a city: between its sides and the middle of the tile, two for each side. */
function houses(place, sides) {
  const [x, y] = anchor(place);
  const spread = sides.length === 1 ? 0.12 : 0.3;
  return sides
    .flatMap((side) => {
      const [mx, my] = toward(MIDDLES[side], [50, 50], spread);
      const along = side % 2 ? [0, 1] : [1, 0];
      return [-1, 1].map((sign) => [mx + 16 * sign * along[0], my + 16 * sign * along[1]]);
    })
    .filter(([hx, hy]) => Math.hypot(hx - x, hy - y) > 13);
}

function house(x, y) {
  return s(
    "g",
    { class: "house", transform: `translate(${x} ${y})` },
    s("rect", { x: -4.5, y: -2, width: 9, height: 6 }),
    s("path", { d: "M-6,-2 L0,-7 L6,-2 Z" }),
  );
}

/** Tufts of grass: other ones on every kind of tile, the same ones on all of a kind. */
function grass(letter) {
  let chance = letter.charCodeAt(0) * 7919;
  const next = () => (chance = (chance * 16807) % 2147483647) % 92;
  let d = "";
  for (let tuft = 0; tuft < 14; tuft += 1) d += `M${4 + next()},${5 + next()} q1.5,-4 3,0 q1.5,-5 3,0 `;
  return s("path", { d, class: "grass" });
}

/** A tree beside the place of a follower on a meadow, where the meadow is wide enough. */
function trees(place, places) {
  const halves = place.halves.split(" ");
  if (halves.length < 3 || halves.length === 8) return [];
  const [x, y] = anchor(place);
  const at = toward([x, y], [x > 50 ? 96 : 4, y > 50 ? 96 : 4], 0.55);
  const built = places.some(
    (other) =>
      other !== place &&
      other.terrain !== "meadow" &&
      Math.hypot(anchor(other)[0] - at[0], anchor(other)[1] - at[1]) < 22,
  );
  if (built) return [];
  return [
    s(
      "g",
      { class: "tree", transform: `translate(${at})` },
      s("path", { d: "M-1,2h2v5h-2z" }),
      s("circle", { r: 5 }),
      s("circle", { r: 2, cx: -1.5, cy: -1.5 }),
    ),
  ];
}

function line(place) {
  const ends = sidesOf(place).map((side) => MIDDLES[side]);
  const d = ends.length === 2 ? `M${ends[0]} Q50,50 ${ends[1]}` : `M${ends[0]} L50,50`;
  return [s("path", { d, class: "road-bed" }), s("path", { d, class: "road" }), s("path", { d, class: "tracks" })];
}

function abbey() {
  return s(
    "g",
    { class: "abbey" },
    s("rect", { x: 36, y: 46, width: 28, height: 20 }),
    s("path", { d: "M32,47 L50,30 L68,47 Z" }),
    s("path", { d: "M50,30 V20 M46,24 H54" }),
  );
}

/** Where a follower stands on a place of an unturned tile. */
export function anchor(place) {
  if (place.terrain === "abbey") return [50, 56];
  if (place.terrain === "meadow") {
    const points = place.halves.split(" ").map((half) => HALF_POINTS[half]);
    return toward(mean(points), [50, 50], points.length > 5 ? -0.45 : 0.12);
  }
  const middles = sidesOf(place).map((side) => MIDDLES[side]);
  if (middles.length === 1) return toward(middles[0], [50, 50], place.terrain === "road" ? 0.45 : 0.3);
  return toward(mean(middles), [50, 50], 0.35);
}

/** A meadow around everything would put its follower in the middle of what it surrounds: a corner is clearer. */
export function anchors(letter) {
  const places = TILES[letter] || [];
  return apart(
    places.map((place) =>
      place.terrain === "meadow" && place.halves.split(" ").length === 8 ? [18, 18] : anchor(place),
    ),
  );
}

/** Push points away from each other until each can be clicked for itself. */
function apart(points) {
  for (let round = 0; round < 20; round += 1) {
    points.forEach((one, index) =>
      points.slice(index + 1).forEach((other) => {
        const [dx, dy] = [other[0] - one[0] || 0.1, other[1] - one[1] || 0.1];
        const missing = (24 - Math.hypot(dx, dy)) / 2;
        if (missing <= 0) return;
        const step = missing / Math.hypot(dx, dy);
        [one[0], one[1], other[0], other[1]] = [
          one[0] - dx * step,
          one[1] - dy * step,
          other[0] + dx * step,
          other[1] + dy * step,
        ];
      }),
    );
  }
  return points.map((point) => point.map((value) => Math.min(Math.max(value, 10), 90)));
}

function mean(points) {
  return [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
}

function toward(from, to, part) {
  return [0, 1].map((axis) => from[axis] + (to[axis] - from[axis]) * part);
}
