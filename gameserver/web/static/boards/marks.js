// Every player has a shape beside their colour, so that nobody has to tell colours apart.

const SHAPES = ["●", "▲", "■", "◆", "★", "✚"];

/** The shape of a player: by their place among all, which is the same on every page. */
export function shapeOf(player, players) {
  const number = players.indexOf(player);
  return number < 0 ? "" : SHAPES[number % SHAPES.length];
}
