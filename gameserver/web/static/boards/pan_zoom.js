// Moving and enlarging a drawing with mouse, finger or keyboard.

/** Let `svg` be moved and enlarged. `frame([x, y, width, height])` sets what is shown until somebody moves it. */
export function panZoom(svg) {
  let home = [0, 0, 100, 100];
  let box = null;
  const pointers = new Map();
  svg.setAttribute("tabindex", "0");
  svg.setAttribute("preserveAspectRatio", "xMidYMid meet");

  const apply = () => svg.setAttribute("viewBox", (box || home).join(" "));

  function scale(factor, x, y) {
    const [left, top, width, height] = box || home;
    const zoomed = Math.min(Math.max(width * factor, home[2] / 12), home[2] * 2) / width;
    box = [x - (x - left) * zoomed, y - (y - top) * zoomed, width * zoomed, height * zoomed];
    apply();
  }

  function move(dx, dy) {
    const [left, top, width, height] = box || home;
    box = [left + dx, top + dy, width, height];
    apply();
  }

  function point(event) {
    const matrix = svg.getScreenCTM()?.inverse();
    return matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix) : new DOMPoint(0, 0);
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

  svg.addEventListener("pointerdown", (event) => pointers.set(event.pointerId, event));
  svg.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const ratio = (box || home)[2] / svg.clientWidth;
    if (pointers.size === 2) {
      const other = [...pointers.values()].find((pointer) => pointer.pointerId !== event.pointerId);
      const was = Math.hypot(before.clientX - other.clientX, before.clientY - other.clientY);
      const is = Math.hypot(event.clientX - other.clientX, event.clientY - other.clientY);
      const { x, y } = point(event);
      if (was > 0 && is > 0) scale(was / is, x, y);
    } else if (Math.abs(event.clientX - before.clientX) + Math.abs(event.clientY - before.clientY) > 2) {
      move((before.clientX - event.clientX) * ratio, (before.clientY - event.clientY) * ratio);
    } else return;
    pointers.set(event.pointerId, event);
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
    svg.addEventListener(name, (event) => pointers.delete(event.pointerId));
  }

  svg.addEventListener("keydown", (event) => {
    const [left, top, width, height] = box || home;
    const step = width / 10;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (event.target === svg && moves[event.key]) move(...moves[event.key]);
    else if (event.key === "+") scale(1 / 1.2, left + width / 2, top + height / 2);
    else if (event.key === "-") scale(1.2, left + width / 2, top + height / 2);
    else if (event.key === "0") {
      box = null;
      apply();
    } else return;
    event.preventDefault();
  });

  return {
    frame(next) {
      home = next;
      apply();
    },
  };
}
