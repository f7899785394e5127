// The island of a game of Catan, and everything its player may do.

import { choosable, fill, h, s } from "../../dom.js";
import { t } from "../../i18n.js";
import { isTrue, many } from "../../net/model.js";
import { shapeOf } from "../marks.js";
import { panZoom } from "../pan_zoom.js";
import { walk } from "../walk.js";
import { actions as buttons } from "./actions.js";
import { CORNERS, layout, SIZE } from "./geometry.js";
import { places, rides } from "./rules.js";
import { teller } from "./tell.js";

/** Make the board of a match view (see pages/view.js). */
export function create(view) {
  const svg = s("svg", { role: "group", "aria-label": t("catan.board") });
  const ship = h("p", { class: "soft" });
  const camera = panZoom(svg);
  const steps = walk(svg);
  const node = h("div", { class: "board catan" }, svg, camera.buttons, ship);
  const { latest, tell } = teller(view);
  /** What is being placed: {piece} or {knight}; null when nothing is. */
  const tool = { piece: null, knight: null };
  let place = { fields: new Map(), intersections: new Map(), borders: new Map() };
  camera.latest(newest);
  svg.addEventListener("keydown", ({ key }) => key === "Escape" && putAway());

  function draw() {
    const map = view.model.root?.map;
    if (!map) return;
    place = layout(map);
    fill(
      svg,
      [...place.fields].map(([field, at]) => hexagon(field, at)),
      [...place.borders].filter(([border]) => border.road).map(([border, ends]) => road(border.road, ends)),
      [...place.intersections].map(([spot, at]) => pieces(spot, at)),
      news(),
      highlights(),
    );
    steps.renew();
    camera.frame(bounds(place.fields));
    const barbarian = view.model.root.barbarian;
    fill(
      ship,
      barbarian ? t("catan.barbarians", { position: barbarian.position ?? 0, attacks: barbarian.attacks ?? 0 }) : "",
    );
  }

  /** What was to be placed is not: nothing has been sent yet. */
  function putAway() {
    tool.piece = null;
    tool.knight = null;
    draw();
    view.refreshActions();
  }

  /** Where the latest move was. */
  function newest() {
    const object = latest.newest;
    const ends = place.borders.get(object);
    if (ends) return [(ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2];
    return place.intersections.get(object) ?? place.fields.get(object) ?? null;
  }

  function hexagon(field, [x, y]) {
    const group = s(
      "g",
      { transform: `translate(${x} ${y})`, class: `land-${String(field.type).toLowerCase()}` },
      s("polygon", { points: CORNERS.map((corner) => corner.join(",")).join(" ") }),
      s("title", {}, field.type),
    );
    if (field.number) {
      const red = field.number === "6" || field.number === "8";
      group.append(
        s("circle", { r: 17, class: "token" }),
        s("text", { class: red ? "number red" : "number", y: 6 }, field.number),
      );
    }
    if (String(field.type).startsWith("PORT_")) {
      group.append(
        s(
          "text",
          { class: "port", y: 5 },
          field.type === "PORT_3TO1" ? "3:1" : `2:1 ${t(`good.${field.type.slice(5)}`)}`,
        ),
      );
    }
    if (field.robber) {
      group.append(
        s("path", { class: "robber", d: "M46,16 h-20 a10,12 0 0 1 5,-18 a6,6 0 1 1 10,0 a10,12 0 0 1 5,18 z" }),
      );
    }
    if (field.merchant) {
      group.append(
        s("path", { class: "merchant", fill: color(field.merchant.userAssets), d: "M-30,20 h20 l-10,-24 z" }),
      );
    }
    return group;
  }

  function road(piece, [[x1, y1], [x2, y2]]) {
    const cut = 0.18;
    const along = (from, to, part) => from + (to - from) * part;
    const ends = {
      x1: along(x1, x2, cut),
      y1: along(y1, y2, cut),
      x2: along(x1, x2, 1 - cut),
      y2: along(y1, y2, 1 - cut),
    };
    return [
      s("line", { class: "road-edge", ...ends }),
      s("line", { class: "road", stroke: color(piece.userAssets), ...ends }),
      s(
        "text",
        { class: "shape", x: (x1 + x2) / 2, y: (y1 + y2) / 2 + 4 },
        shapeOf(piece.userAssets, view.players()),
      ),
    ];
  }

  function pieces(spot, [x, y]) {
    const group = s("g", { transform: `translate(${x} ${y})` });
    const { building, knight } = spot;
    if (building) {
      const fillColor = color(building.userAssets);
      if (building.cityWall) {
        group.append(s("rect", { class: "wall", x: -17, y: 6, width: 34, height: 9, fill: fillColor }));
      }
      const lying = isTrue(building.onItsSide);
      const city = building.kind === "City" || lying;
      const shape = city ? "M-14,10 v-12 h12 v-8 l7,-7 7,7 v20 z" : "M-10,10 v-11 l10,-10 10,10 v11 z";
      const turned = lying ? "rotate(90)" : null;
      group.append(
        s("path", { class: "piece", d: shape, fill: fillColor, transform: turned }),
        s("text", { class: "shape", x: city && !lying ? 4 : 0, y: 8 }, shapeOf(building.userAssets, view.players())),
      );
      if (building.metropolis) {
        group.append(
          s("path", {
            class: `metropolis ${String(building.metropolis.type).toLowerCase()}`,
            d: "M-8,-12 a8,8 0 0 1 16,0 z",
          }),
        );
      }
    }
    if (knight) {
      group.append(
        s("circle", {
          class: isTrue(knight.active) ? "knight active" : "knight",
          r: 12,
          fill: color(knight.userAssets),
        }),
        s("text", { class: "level", y: 1 }, knight.level),
        s("text", { class: "shape", y: 11 }, shapeOf(knight.userAssets, view.players())),
      );
    }
    return group;
  }

  /** Rings around what everybody did in their latest turn. */
  function news() {
    const rings = [...place.intersections].filter(([spot]) => latest.has(spot)).map(([, at]) => [at, 19]);
    for (const [border, [[x1, y1], [x2, y2]]] of place.borders) {
      if (latest.has(border)) rings.push([[(x1 + x2) / 2, (y1 + y2) / 2], 17]);
    }
    for (const [field, at] of place.fields) if (latest.has(field)) rings.push([at, SIZE * 0.7]);
    return rings.map(([[x, y], r]) => s("circle", { cx: x, cy: y, r, class: "latest", "data-latest": "" }));
  }

  /** Everything that can be clicked now. */
  function highlights() {
    if (!view.myTurn()) return [];
    if (view.choice) {
      return view.choice.options.map((id) => mark(id, () => view.act("CHOOSE", { id }))).filter(Boolean);
    }
    if (tool.piece) {
      return places(place, view.me(), tool.piece).map((spot) =>
        mark(spot.id, () => {
          view.act("BUILD", { type: tool.piece, destination: spot.id });
          tool.piece = null;
        }),
      );
    }
    if (tool.knight) {
      const robbed = view.model.root.robber;
      const beside = robbed?.field && many(tool.knight.intersection, "fields").includes(robbed.field);
      const ride = (target) => () => {
        view.act("USE_KNIGHT", { id: tool.knight.id, target });
        tool.knight = null;
      };
      const marks = rides(tool.knight).map((spot) => mark(spot.id, ride(spot.id)));
      if (beside) marks.push(mark(robbed.field.id, ride(robbed.id)));
      return marks;
    }
    return [];
  }

  /** A mark over an object of the board, or null for what has no place there. */
  function mark(id, act) {
    const object = view.model.get(id);
    const spot = object.intersection || object;
    let shape = null;
    let at = null;
    if (place.intersections.has(spot)) {
      at = place.intersections.get(spot);
      shape = s("circle", { r: 15, class: "free" });
    } else if (place.borders.has(object) || place.borders.has(object.border)) {
      const [[x1, y1], [x2, y2]] = place.borders.get(object) || place.borders.get(object.border);
      at = [(x1 + x2) / 2, (y1 + y2) / 2];
      shape = s("circle", { r: 13, class: "free" });
    } else if (place.fields.has(object)) {
      at = place.fields.get(object);
      shape = s("circle", { r: SIZE * 0.6, class: "free" });
    }
    if (!shape) return null;
    const group = s("g", { transform: `translate(${at[0]} ${at[1]})`, "data-option": id }, shape);
    return choosable(group, t("catan.choose.here", { what: object.kind }), act);
  }

  function standing(player) {
    const extra = [
      isTrue(player.longestRoad) && t("catan.longest"),
      Number(player.defenderPoints) > 0 && t("catan.defender", { count: player.defenderPoints }),
    ];
    return [
      t("catan.standing", {
        points: player.victoryPoints ?? 0,
        cards: player.cardCount ?? 0,
        progress: player.progressCardCount ?? 0,
      }),
      ...extra,
    ]
      .filter(Boolean)
      .join(" · ");
  }

  function state() {
    const root = view.model.root;
    if (!root || !Number(root.redDie)) return root?.round ? t("catan.round", { round: root.round }) : "";
    return t("catan.dice", {
      round: root.round,
      yellow: root.yellowDie,
      red: root.redDie,
      event: root.eventDie ? t(`catan.${root.eventDie}`) : "",
    });
  }

  const onMap = (id) => {
    const object = view.model.get(id);
    return (
      place.fields.has(object) ||
      place.intersections.has(object.intersection || object) ||
      place.borders.has(object) ||
      place.borders.has(object.border)
    );
  };
  return {
    node,
    draw,
    standing,
    state,
    tell,
    points: (player) => Number(player.victoryPoints ?? 0),
    actions: () =>
      buttons(
        view,
        tool,
        () => {
          draw();
          view.refreshActions();
        },
        onMap,
      ),
  };
}

function color(player) {
  return `#${player?.color || "888888"}`;
}

function bounds(fields) {
  const points = [...fields.values()];
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const left = Math.min(...xs) - SIZE;
  const top = Math.min(...ys) - SIZE;
  return [left, top, Math.max(...xs) + SIZE - left, Math.max(...ys) + SIZE - top];
}
