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
  const group = s("g", { class: "tile" }, s("rect", { width: 100, height: 100, class: "meadow" }));
  for (const place of places) if (place.terrain === "city") group.append(...city(place));
  for (const road of roads) group.append(...line(road));
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
  const parts = [s("path", { d: `${path}Z`, class: "city" })];
  if (place.pennants) {
    const [x, y] = anchor(place);
    parts.push(s("path", { d: `M${x + 10},${y - 14} h12 v8 l-6,7 l-6,-7 z`, class: "pennant" }));
  }
  return parts;
}

function line(place) {
  const ends = sidesOf(place).map((side) => MIDDLES[side]);
  const d = ends.length === 2 ? `M${ends[0]} Q50,50 ${ends[1]}` : `M${ends[0]} L50,50`;
  return [s("path", { d, class: "road-bed" }), s("path", { d, class: "road" })];
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
