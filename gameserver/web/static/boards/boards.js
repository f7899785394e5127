// Which board draws which game. A board is made of a view and knows nothing else (see pages/view.js).

export const BOARDS = {
  ss14: () => import("./carcassonne/board.js"),
  ss13: () => import("./catan/board.js"),
  ss12: () => import("./creepsmash/board.js"),
};
