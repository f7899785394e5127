// Where a player may build now, worked out from the events alone; the server has the last word.

import { isTrue, many } from "../../net/model.js";

export const COSTS = {
  Road: { BRICK: 1, LUMBER: 1 },
  Settlement: { BRICK: 1, LUMBER: 1, WOOL: 1, GRAIN: 1 },
  City: { GRAIN: 2, ORE: 3 },
  CityWall: { BRICK: 2 },
  Knight: { WOOL: 1, ORE: 1 },
};
export const GOODS = ["BRICK", "GRAIN", "LUMBER", "ORE", "WOOL", "CLOTH", "COIN", "PAPER"];

/** How many cards of each type a player holds, as far as this page may know. */
export function hand(player) {
  const held = Object.fromEntries(GOODS.map((good) => [good, 0]));
  for (const card of many(player, "cards")) held[card.type] += 1;
  return held;
}

export function canPay(player, cost) {
  const held = hand(player);
  return Object.entries(cost).every(([good, count]) => held[good] >= count);
}

/** The places for a piece: intersections, or borders for a road. */
export function places(layout, player, piece) {
  if (piece === "Road") {
    return [...layout.borders.keys()].filter(
      (border) => !border.road && many(border, "intersections").some((end) => reaches(end, player, true)),
    );
  }
  // A city on its side is built up before any other.
  const lying = many(player, "settlements").some((settlement) => isTrue(settlement.onItsSide));
  return [...layout.intersections.keys()].filter((spot) => {
    const own = spot.building?.userAssets === player;
    if (piece === "City") {
      return own && spot.building.kind === "Settlement" && isTrue(spot.building.onItsSide) === lying;
    }
    if (piece === "CityWall") return own && spot.building.kind === "City" && !spot.building.cityWall;
    if (spot.building || spot.knight || !reaches(spot, player, false)) return false;
    return piece === "Knight" || !neighbours(spot).some((next) => next.building);
  });
}

/** Whether a player's roads or buildings touch a corner; a road may not go on through somebody else's piece. */
function reaches(spot, player, passing) {
  const piece = spot.building || spot.knight;
  if (piece?.userAssets === player) return true;
  if (passing && piece) return false;
  return many(spot, "borders").some((border) => border.road?.userAssets === player);
}

function neighbours(spot) {
  return many(spot, "borders")
    .flatMap((border) => many(border, "intersections"))
    .filter((other) => other !== spot);
}

/** Where an active knight may go: along and past what is its owner's, to a free corner or a weaker foreign knight. */
export function rides(knight) {
  const player = knight.userAssets;
  const seen = new Set([knight.intersection]);
  const waiting = [knight.intersection];
  const found = [];
  while (waiting.length) {
    const spot = waiting.shift();
    for (const border of many(spot, "borders")) {
      if (border.road?.userAssets !== player) continue;
      for (const next of many(border, "intersections")) {
        if (seen.has(next)) continue;
        seen.add(next);
        const foreign = next.knight && next.knight.userAssets !== player;
        if (!next.building && (!next.knight || (foreign && Number(next.knight.level) < Number(knight.level)))) {
          found.push(next);
        }
        const piece = next.building || next.knight;
        if (!piece || piece.userAssets === player) waiting.push(next);
      }
    }
  }
  return isTrue(knight.active) ? found : [];
}
