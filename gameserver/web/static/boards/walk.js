// Going among the places of a board that can be chosen with few steps: arrow keys go to the next one that way.

/** The one of `places` ({x, y}) that lies next in a direction from a point, or null; nearer and straighter is better. */
export function next(places, from, [dx, dy]) {
  let best = null;
  let least = Infinity;
  for (const place of places) {
    const [x, y] = [place.x - from.x, place.y - from.y];
    const ahead = x * dx + y * dy;
    const aside = Math.abs(x * dy - y * dx);
    if (ahead <= 0 || aside > 2 * ahead) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) [best, least] = [place, cost];
  }
  return best;
}

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Let the arrow keys go from one choosable place of `svg` to the next. Tab comes to one of them only, the one that was
 * left last, and goes on from there to what is behind the board.
 */
export function walk(svg) {
  const spots = () => [...svg.querySelectorAll(".spot")];
  const middle = (spot) => {
    const { left, top, width, height } = spot.getBoundingClientRect();
    return { spot, x: left + width / 2, y: top + height / 2 };
  };

  svg.addEventListener("keydown", (event) => {
    const direction = DIRECTIONS[event.key];
    if (!direction || !event.target.classList.contains("spot")) return;
    event.preventDefault();
    event.stopPropagation();
    const found = next(
      spots()
        .filter((spot) => spot !== event.target)
        .map(middle),
      middle(event.target),
      direction,
    );
    if (found) enter(found.spot);
  });

  function enter(spot) {
    for (const other of spots()) other.setAttribute("tabindex", other === spot ? "0" : "-1");
    spot.focus({ preventScroll: true });
  }

  return {
    /** The places are new: the first of them, or the one that has the focus, is where Tab comes to. */
    renew() {
      const all = spots();
      const here = all.find((spot) => spot === document.activeElement) ?? all[0];
      for (const spot of all) spot.setAttribute("tabindex", spot === here ? "0" : "-1");
    },
  };
}
