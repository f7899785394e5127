// The battlefield of CreepSmash: four segments on one canvas, drawn from the events at the pace of the screen.

import { fill, h } from "../../dom.js";
import { t } from "../../i18n.js";
import { isTrue, many } from "../../net/model.js";
import { controls, levelOf, numberOf } from "./controls.js";
import { cursor } from "./cursor.js";

const SIDE = 16;
const CELL = 20;
const CORNER = { TOPLEFT: [0, 0], TOPRIGHT: [1, 0], BOTTOMRIGHT: [1, 1], BOTTOMLEFT: [0, 1] };
const COLORS = { FREE: "#7a9e57", PATH: "#d8c59a", HOLY: "#5f7a4a" };

/** Make the board of a match view (see pages/view.js). */
export function create(view) {
  const canvas = h("canvas", {
    width: 2 * SIDE * CELL,
    height: 2 * SIDE * CELL,
    id: "battlefield",
    tabindex: 0,
    role: "application",
    "aria-label": t("creepsmash.board"),
  });
  const keys = cursor(canvas, view, use, draw);
  const node = h("div", { class: "board creepsmash" }, canvas, keys.node);
  const pen = canvas.getContext("2d");
  /** What the player has in hand: a family of towers to build, or a tower to look after. */
  const tool = { family: null, tower: null };
  const ground = document.createElement("canvas");
  const shown = new Map();
  let known = "";
  let frame = null;
  /** The cell under the pointer, while something is to be built. */
  let under = null;

  function place(cell) {
    const [column, row] = CORNER[cell.map?.tile?.position] || [0, 0];
    return [(column * SIDE + Number(cell.x)) * CELL, (row * SIDE + Number(cell.y)) * CELL];
  }

  function complete(cell) {
    return (
      cell.type !== undefined &&
      cell.x !== undefined &&
      cell.y !== undefined &&
      cell.map?.tile?.position !== undefined
    );
  }

  function drawGround() {
    ground.width = canvas.width;
    ground.height = canvas.height;
    const brush = ground.getContext("2d");
    for (const tile of many(view.model.root, "tiles")) {
      for (const cell of many(tile.map, "cells").filter(complete)) {
        const [x, y] = place(cell);
        brush.fillStyle = COLORS[cell.type] || COLORS.FREE;
        brush.fillRect(x, y, CELL - 0.5, CELL - 0.5);
      }
      const owner = tile.userAssets;
      const [column, row] = CORNER[tile.position] || [0, 0];
      brush.strokeStyle = owner ? `#${owner.color}` : "#666";
      brush.lineWidth = owner ? 4 : 1;
      brush.strokeRect(column * SIDE * CELL + 2, row * SIDE * CELL + 2, SIDE * CELL - 4, SIDE * CELL - 4);
    }
  }

  function draw() {
    // The description of the ground may come in pieces, and a frame fall between two of them.
    const signature = many(view.model.root, "tiles")
      .map((tile) => `${tile.position} ${tile.userAssets?.color} ${many(tile.map, "cells").filter(complete).length}`)
      .join();
    if (signature !== known) {
      known = signature;
      drawGround();
    }
    if (!frame) frame = requestAnimationFrame(paint);
  }

  /** Paint until everything that moves has arrived where the server has it. */
  function paint() {
    frame = null;
    pen.drawImage(ground, 0, 0);
    const towers = [];
    const creeps = [];
    for (const object of view.model.objects.values()) {
      if (object.kind === "Tower" && object.cell && object.userAssets) towers.push(object);
      else if (object.kind === "Creep" && object.cell && Number(object.health) > 0) creeps.push(object);
    }
    towers.forEach(paintTower);
    let moving = false;
    for (const creep of creeps) moving = paintCreep(creep) || moving;
    for (const tower of towers) paintShot(tower);
    if (tool.tower?.cell) {
      ring(tool.tower.cell);
      reach(tool.tower.cell, tool.tower.type, tool.tower.level);
    }
    const here = keys.cell() ?? under;
    if (here) {
      ring(here);
      if (tool.family) reach(here, tool.family, 0);
    }
    if (moving) frame = requestAnimationFrame(paint);
  }

  /** A word in white with a dark edge, which is seen on every colour. */
  function mark(text, x, y) {
    pen.font = "bold 10px system-ui";
    pen.textAlign = "center";
    pen.lineJoin = "round";
    pen.lineWidth = 2.5;
    pen.strokeStyle = "#222";
    pen.strokeText(text, x, y);
    pen.fillStyle = "#fff";
    pen.fillText(text, x, y);
  }

  function paintTower(tower) {
    const [x, y] = place(tower.cell);
    pen.globalAlpha = isTrue(tower.building) ? 0.5 : 1;
    pen.fillStyle = `#${tower.userAssets.color}`;
    pen.fillRect(x + 1, y + 1, CELL - 2, CELL - 2);
    mark(String(tower.type)[0] + (Number(tower.level) || 0), x + CELL / 2, y + CELL / 2 + 3.5);
    pen.globalAlpha = 1;
  }

  function paintCreep(creep) {
    const goal = place(creep.cell);
    const at = shown.get(creep) || goal;
    const far = Math.hypot(goal[0] - at[0], goal[1] - at[1]);
    // A creep that has gone on to the next segment jumps there.
    const part = far > 4 * CELL ? 1 : 0.25;
    const now = [at[0] + (goal[0] - at[0]) * part, at[1] + (goal[1] - at[1]) * part];
    shown.set(creep, now);
    const [x, y] = [now[0] + CELL / 2, now[1] + CELL / 2];
    pen.beginPath();
    pen.arc(x, y, 7, 0, 2 * Math.PI);
    pen.fillStyle = isTrue(creep.slowed) ? "#5b8def" : `#${creep.userAssets?.color ?? "444444"}`;
    pen.fill();
    // Dashed is who is slowed, and a number says which kind it is: nobody has to tell colours apart.
    pen.setLineDash(isTrue(creep.slowed) ? [2, 2] : []);
    pen.strokeStyle = "#222";
    pen.lineWidth = isTrue(creep.slowed) ? 2 : 1;
    pen.stroke();
    pen.setLineDash([]);
    mark(String(numberOf(view, creep.type)), x, y + 3.5);
    const most = mostHealth(creep.type);
    if (most) {
      pen.fillStyle = "#b23a3a";
      pen.fillRect(x - 8, y - 11, 16, 3);
      pen.fillStyle = "#2e7d4f";
      pen.fillRect(x - 8, y - 11, (16 * Number(creep.health)) / most, 3);
    }
    return far > 0.5;
  }

  function mostHealth(type) {
    for (const mapping of many(view.model.root?.guide, "creepDescriptions")) {
      if (mapping.key === type) return Number(many(mapping, "value")[0]?.healthMax);
    }
    return 0;
  }

  function paintShot(tower) {
    if (!tower.fireOn?.cell || Number(tower.fireOn.health) <= 0) return;
    const [x, y] = place(tower.cell);
    const [goalX, goalY] = shown.get(tower.fireOn) || place(tower.fireOn.cell);
    pen.strokeStyle = tower === tool.tower ? "#f4d35e" : "#fffa";
    pen.lineWidth = tower === tool.tower ? 2.5 : 1.5;
    pen.beginPath();
    pen.moveTo(x + CELL / 2, y + CELL / 2);
    pen.lineTo(goalX + CELL / 2, goalY + CELL / 2);
    pen.stroke();
    // A ring around who is fired at: a line alone is lost among many.
    pen.beginPath();
    pen.arc(goalX + CELL / 2, goalY + CELL / 2, 9, 0, 2 * Math.PI);
    pen.stroke();
  }

  /** How far a tower on a cell fires. The server counts in pixels of 20 a cell, as this canvas does. */
  function reach(cell, type, level) {
    const range = Number(levelOf(view, type, level)?.range ?? 0);
    const [x, y] = place(cell);
    pen.beginPath();
    pen.arc(x + CELL / 2, y + CELL / 2, range, 0, 2 * Math.PI);
    pen.fillStyle = "#f4d35e33";
    pen.fill();
    pen.strokeStyle = "#f4d35e";
    pen.lineWidth = 1.5;
    pen.stroke();
  }

  function ring(cell) {
    const [x, y] = place(cell);
    pen.strokeStyle = "#f4d35e";
    pen.lineWidth = 3;
    pen.strokeRect(x, y, CELL, CELL);
  }

  canvas.addEventListener("click", (event) => {
    const cell = cellAt(event);
    if (cell) use(cell);
  });
  canvas.addEventListener("pointermove", (event) => {
    const old = under;
    under = tool.family ? cellAt(event) : null;
    if (under !== old) draw();
  });
  canvas.addEventListener("pointerleave", () => {
    under = null;
    draw();
  });

  /** The cell of one's own segment under a pointer, or null. */
  function cellAt(event) {
    const box = canvas.getBoundingClientRect();
    const scale = Math.min(box.width / canvas.width, box.height / canvas.height);
    const x = (event.clientX - box.left - (box.width - canvas.width * scale) / 2) / scale;
    const y = (event.clientY - box.top - (box.height - canvas.height * scale) / 2) / scale;
    const found = many(view.me()?.tile?.map, "cells").find((one) => {
      const [left, top] = place(one);
      return x >= left && x < left + CELL && y >= top && y < top + CELL;
    });
    return found ?? null;
  }

  /** Choose the tower on a cell of one's own, or build one there. */
  function use(cell) {
    const me = view.me();
    const tower = many(cell, "elements").find((element) => element.kind === "Tower");
    if (tower?.userAssets === me) tool.tower = tower;
    else if (tool.family && cell.type === "FREE" && !tower) {
      view.act("CREATE_TOWER", { towertype: tool.family, cell: cell.id });
    }
    draw();
    view.refreshActions();
  }

  /** Before the start everybody chooses a tile; against the computer the first free one will do. */
  function prepare() {
    const free = many(view.model.root, "tiles").find((tile) => !tile.userAssets);
    if (free && view.me() && !view.me().tile) view.act("CHOOSE_TILE", { tile: free.id });
  }

  function before() {
    if (!view.me() || view.me().tile) return [];
    return many(view.model.root, "tiles")
      .filter((tile) => !tile.userAssets)
      .map((tile) =>
        h(
          "button",
          { class: "tile-choice", "data-tile": tile.id, onclick: () => view.act("CHOOSE_TILE", { tile: tile.id }) },
          t(`creepsmash.${tile.position}`),
        ),
      );
  }

  function standing(player) {
    return t("creepsmash.standing", {
      lives: player.lives ?? 0,
      balance: player.balance ?? 0,
      income: player.income ?? 0,
    });
  }

  function state() {
    const next = view.model.root?.nextIncome;
    return view.running() && next !== undefined ? t("creepsmash.income", { seconds: Math.ceil(Number(next)) }) : "";
  }

  const headline = () => t("creepsmash.running");
  const actions = () =>
    controls(view, tool, () => {
      draw();
      view.refreshActions();
    });
  const end = () => {
    if (frame) cancelAnimationFrame(frame);
    fill(node);
  };
  const points = (player) => Number(player.lives ?? 0);
  return { node, draw, actions, headline, before, prepare, standing, state, points, end };
}
