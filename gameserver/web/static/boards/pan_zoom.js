// Moving and enlarging a drawing with mouse, finger, keyboard or buttons.

import { h, s } from "../dom.js";
import { t } from "../i18n.js";

/** How much of the whole the narrowest view shows, and how much more than the whole the widest. */
const CLOSEST = 1 / 12;
const WIDEST = 2;

/** Pixels a pointer may tremble before it moves the drawing instead of choosing something. */
const TREMBLE = 4;

/** The box around a fixed point when everything is `factor` times as large; between the limits of `home`. */
export function scaled([left, top, width, height], home, factor, x, y) {
  const zoomed = Math.min(Math.max(width * factor, home[2] * CLOSEST), home[2] * WIDEST) / width;
  return [x - (x - left) * zoomed, y - (y - top) * zoomed, width * zoomed, height * zoomed];
}

/** How many units of a box a pixel is, when the box is shown whole in the middle of so many pixels. */
export function unitsPerPixel([, , width, height], pixelsWide, pixelsHigh) {
  return Math.max(width / pixelsWide, height / pixelsHigh);
}

/**
 * Let `svg` be moved and enlarged. `frame([x, y, width, height])` sets what is shown until somebody moves it,
 * `latest(() => [x, y] | null)` where the latest move is; `buttons` is a group to put beside the drawing.
 */
export function panZoom(svg) {
  let home = [0, 0, 100, 100];
  let box = null;
  let whereLatest = () => null;
  const pointers = new Map();
  let moved = false;
  svg.setAttribute("tabindex", "0");
  svg.setAttribute("preserveAspectRatio", "xMidYMid meet");

  const shown = () => box || home;
  const apply = () => svg.setAttribute("viewBox", shown().join(" "));

  function scale(factor, x, y) {
    box = scaled(shown(), home, factor, x, y);
    apply();
  }

  function scaleMiddle(factor) {
    const [left, top, width, height] = shown();
    scale(factor, left + width / 2, top + height / 2);
  }

  function move(dx, dy) {
    const [left, top, width, height] = shown();
    box = [left + dx, top + dy, width, height];
    apply();
  }

  function whole() {
    box = null;
    apply();
  }

  /** Put the latest move into the middle, near enough to see it. */
  function centre() {
    const at = whereLatest();
    if (!at) return;
    const width = Math.min(shown()[2], home[2] / 2);
    const height = (width * home[3]) / home[2];
    box = [at[0] - width / 2, at[1] - height / 2, width, height];
    apply();
  }

  function point({ clientX, clientY }) {
    const matrix = svg.getScreenCTM()?.inverse();
    return matrix ? new DOMPoint(clientX, clientY).matrixTransform(matrix) : new DOMPoint(0, 0);
  }

  svg.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { x, y } = point(event);
      scale(event.deltaY > 0 ? 1.15 : 1 / 1.15, x, y);
    },
    { passive: false },
  );

  svg.addEventListener("pointerdown", (event) => {
    if (!pointers.size) moved = false;
    pointers.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
  });
  svg.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const [dx, dy] = [before.clientX - event.clientX, before.clientY - event.clientY];
    if (!moved && pointers.size === 1 && Math.hypot(dx, dy) < TREMBLE) return;
    if (!moved) {
      moved = true;
      // From here on it belongs to the drawing, also outside of it.
      svg.setPointerCapture?.(event.pointerId);
    }
    const unit = unitsPerPixel(shown(), svg.clientWidth, svg.clientHeight);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const was = Math.hypot(before.clientX - other.clientX, before.clientY - other.clientY);
      const is = Math.hypot(event.clientX - other.clientX, event.clientY - other.clientY);
      // The middle between two fingers stays under it.
      const middle = point({
        clientX: (event.clientX + other.clientX) / 2,
        clientY: (event.clientY + other.clientY) / 2,
      });
      if (was > 0 && is > 0) scale(was / is, middle.x, middle.y);
      move((dx / 2) * unit, (dy / 2) * unit);
    } else move(dx * unit, dy * unit);
    pointers.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
  });
  for (const name of ["pointerup", "pointercancel"]) {
    svg.addEventListener(name, (event) => pointers.delete(event.pointerId));
  }
  svg.addEventListener("pointerleave", (event) => {
    if (!svg.hasPointerCapture?.(event.pointerId)) pointers.delete(event.pointerId);
  });
  // Whoever has moved the drawing has not meant what lies under the pointer now.
  svg.addEventListener("click", (event) => moved && event.detail > 0 && event.stopPropagation(), true);

  svg.addEventListener("keydown", (event) => {
    const step = shown()[2] / 10;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (event.target === svg && moves[event.key]) move(...moves[event.key]);
    else if (event.key === "+") scaleMiddle(1 / 1.2);
    else if (event.key === "-") scaleMiddle(1.2);
    else if (event.key === "0") whole();
    else if (event.key === ".") centre();
    else return;
    event.preventDefault();
  });

  const button = (id, d, act) =>
    h(
      "button",
      { type: "button", "data-zoom": id, "aria-label": t(`zoom.${id}`), title: t(`zoom.${id}`), onclick: act },
      s("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, s("path", { d })),
    );
  const buttons = h(
    "div",
    { class: "zoom", role: "group", "aria-label": t("zoom.group") },
    button("in", "M8,3v10M3,8h10", () => scaleMiddle(1 / 1.4)),
    button("out", "M3,8h10", () => scaleMiddle(1.4)),
    button("all", "M2,6v-4h4M10,2h4v4M14,10v4h-4M6,14h-4v-4", whole),
    button("latest", "M8,1v4M8,11v4M1,8h4M11,8h4M8,7a1,1 0 1 0 .01,0z", centre),
  );

  return {
    buttons,
    frame(next) {
      home = next;
      apply();
    },
    latest(where) {
      whereLatest = where;
    },
  };
}
