// Which board draws which game. A board is made of a view and knows nothing else (see pages/view.js).

/** The module that draws the game of a season; of a game that has no board of its own, its objects as they are. */
export function boardOf(season) {
  return season.board ? import(`./${season.game}/board.js`) : import("./generic/board.js");
}
