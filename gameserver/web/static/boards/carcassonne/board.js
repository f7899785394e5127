// The table of a game of Carcassonne: what lies there, and what its player may do next.

import { choosable, fill, h, s } from "../../dom.js";
import { t } from "../../i18n.js";
import { many } from "../../net/model.js";
import { anchors, picture } from "./picture.js";
import { freePositions, layout, spots, turns } from "./rules.js";
import { teller } from "./tell.js";
import { TILES } from "./tiles.js";
import { shapeOf } from "../marks.js";
import { panZoom } from "../pan_zoom.js";
import { walk } from "../walk.js";

/** The id of the place at which somebody at the keyboard goes on. */
const NEXT = "next-place";

/** Make the board of a match view (see pages/match.js). */
export function create(view) {
  const ground = s("g");
  const over = s("g");
  const svg = s("svg", { role: "group", "aria-label": t("carcassonne.board") }, ground, over);
  /** The tiles that are drawn already, by their fields: what lies stays as it is. */
  const lying = new Map();
  const camera = panZoom(svg);
  const steps = walk(svg);
  const node = h("div", { class: "board carcassonne" }, svg, camera.buttons);
  const { latest, tell } = teller(view);
  let rotation = 0;
  let chosen = null;
  let shownField = null;
  let cells = new Map();
  camera.latest(newest);
  svg.addEventListener("keydown", ({ key }) => key === "Escape" && chosen && takeBack());

  function draw() {
    cells = layout(view.model);
    for (const { field, x, y } of cells.values()) if (!lying.has(field)) lay(field, x, y);
    const parts = [...cells.values()].flatMap(({ field, x, y }) => changing(field, x, y));
    const field = view.model.root?.currentField;
    if (field !== shownField) {
      shownField = field;
      rotation = 0;
      chosen = null;
    }
    if (view.myTurn() && field && !field.game) parts.push(...freeSpots(field));
    if (view.myTurn() && field?.game) parts.push(...freePlaces(field));
    fill(over, parts);
    steps.renew();
    camera.frame(bounds(cells));
  }

  /** The middle of the tile laid last. */
  function newest() {
    const cell = [...cells.values()].findLast(({ field }) => field === latest.newest);
    return cell ? [100 * cell.x + 50, 100 * cell.y + 50] : null;
  }

  function lay(field, x, y) {
    const turned = s("g", { transform: `rotate(${90 * turns(field)} 50 50)` }, picture(field.name));
    const tile = s("g", { transform: `translate(${100 * x} ${100 * y})`, "data-field": field.id }, turned);
    lying.set(field, tile);
    ground.append(tile);
  }

  /** What comes and goes on a tile: followers, and the mark of the latest turn. */
  function changing(field, x, y) {
    const places = anchors(field.name);
    const found = many(field, "meeplePositions")
      .filter((position) => position.meeple)
      .map((position) => follower(spun(places[Number(position.name) - 1], turns(field)), position.meeple));
    if (latest.has(field)) {
      found.push(s("rect", { x: 2, y: 2, width: 96, height: 96, rx: 4, class: "latest", "data-latest": "" }));
    }
    return found.length ? [s("g", { transform: `translate(${100 * x} ${100 * y})` }, found)] : [];
  }

  function follower([x, y], meeple) {
    const color = `#${meeple.userAssets?.color || "888888"}`;
    return s(
      "g",
      { transform: `translate(${x} ${y})`, class: "follower" },
      s("title", {}, meeple.userAssets?.user?.nickname || ""),
      s("path", {
        d: "M0,-13 a6,6 0 0 1 5,9 l9,4 -3,4 -5,-1 6,10 h-24 l6,-10 -5,1 -3,-4 9,-4 a6,6 0 0 1 5,-9 z",
        fill: color,
      }),
      s("text", { class: "shape", y: 9 }, shapeOf(meeple.userAssets, view.players())),
    );
  }

  function freeSpots(field) {
    const found = [];
    for (const spot of spots(cells, field.name)) {
      const place = `translate(${100 * spot.x} ${100 * spot.y})`;
      if (chosen && chosen.x === spot.x && chosen.y === spot.y) {
        found.push(
          s(
            "g",
            { transform: place, class: "ghost" },
            s("g", { transform: `rotate(${90 * rotation} 50 50)` }, picture(field.name)),
          ),
        );
        continue;
      }
      const mark = s("rect", { x: 8, y: 8, width: 84, height: 84, rx: 10, class: "free" });
      const first = found.every((other) => other.id !== NEXT);
      const group = s("g", { transform: place, "data-spot": `${spot.x},${spot.y}`, id: first ? NEXT : null }, mark);
      choosable(group, t("carcassonne.spot", { x: spot.x, y: spot.y }), (event) => {
        chosen = spot;
        [rotation] = spot.rotations;
        redraw();
        // Whoever came by the keyboard goes on there; a finger's page must not jump.
        if (event.type === "keydown") view.focusSoon("lay");
      });
      found.push(group);
    }
    return found;
  }

  function freePlaces(field) {
    const here = [...cells.values()].find((cell) => cell.field === field);
    const supply = many(view.me(), "meeples").filter((meeple) => !meeple.position);
    if (!here || !supply.length) return [];
    const places = anchors(field.name);
    return freePositions(cells, field).map((position, number) => {
      const index = Number(position.name) - 1;
      const [x, y] = spun(places[index], turns(field));
      const mark = s("circle", { r: 11, class: "free" });
      const group = s(
        "g",
        {
          transform: `translate(${100 * here.x + x} ${100 * here.y + y})`,
          "data-position": position.name,
          id: number === 0 ? NEXT : null,
        },
        mark,
      );
      const terrain = t(`carcassonne.${TILES[field.name][index].terrain}`);
      return choosable(group, t("carcassonne.claim", { terrain }), () =>
        view.act("PLACE_MEEPLE", { meeple: supply[0].id, position: position.name }),
      );
    });
  }

  function actions() {
    const field = view.model.root?.currentField;
    if (!view.myTurn()) return [];
    if (!field) {
      return [
        h("button", { class: "primary", id: "draw", onclick: then("DRAW_CARD", () => ({})) }, t("carcassonne.draw")),
      ];
    }
    if (field.game) {
      return [h("button", { id: "end-turn", onclick: () => view.act("END_TURN") }, t("carcassonne.end"))];
    }
    const preview = s(
      "svg",
      { viewBox: "0 0 100 100", width: 90, height: 90, class: "carcassonne", "aria-hidden": "true" },
      s("g", { transform: `rotate(${90 * rotation} 50 50)` }, picture(field.name)),
    );
    if (!chosen) return [preview, h("span", { class: "soft" }, t("carcassonne.choose"))];
    return [
      preview,
      h("button", { id: "rotate", disabled: chosen.rotations.length < 2, onclick: turn }, t("carcassonne.rotate")),
      h("button", { class: "primary", id: "lay", onclick: then("PLACE_CARD", laying) }, t("carcassonne.lay")),
      h("button", { id: "take-back", onclick: takeBack }, t("carcassonne.back")),
    ];
  }

  /** Send an action; whoever has pressed Enter goes on at the places that can be chosen then. */
  function then(action, properties) {
    return (event) => {
      view.act(action, properties());
      // A click that no pointer has made came from the keyboard.
      if (event.detail === 0) view.focusSoon(NEXT);
    };
  }

  /** Nothing has been sent yet: another place may be chosen. */
  function takeBack() {
    chosen = null;
    redraw();
    view.focusSoon(NEXT);
  }

  function turn() {
    const { rotations } = chosen;
    rotation = rotations[(rotations.indexOf(rotation) + 1) % rotations.length];
    redraw();
  }

  function laying() {
    const { neighbor, orientation } = chosen;
    return { neighbor, orientation, rotation: `R${90 * rotation}` };
  }

  function redraw() {
    draw();
    view.refreshActions();
  }

  function standing(player) {
    const left = many(player, "meeples").filter((meeple) => !meeple.position).length;
    return t("carcassonne.standing", { score: player.score ?? 0, meeples: left });
  }

  function state() {
    return t("carcassonne.left", { count: view.model.root?.remainingCards ?? "?" });
  }

  const points = (player) => Number(player.score ?? 0);
  return { node, draw, actions, standing, state, tell, points };
}

function spun([x, y], quarter) {
  let [a, b] = [x - 50, y - 50];
  for (let turn = 0; turn < quarter; turn += 1) [a, b] = [-b, a];
  return [a + 50, b + 50];
}

function bounds(cells) {
  const all = [...cells.values()];
  const xs = all.map((cell) => cell.x);
  const ys = all.map((cell) => cell.y);
  const left = Math.min(0, ...xs) - 1;
  const top = Math.min(0, ...ys) - 1;
  return [100 * left, 100 * top, 100 * (Math.max(0, ...xs) + 2 - left), 100 * (Math.max(0, ...ys) + 2 - top)];
}
