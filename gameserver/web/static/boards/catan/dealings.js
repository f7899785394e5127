// What it was when cards have come and gone: a trade with the bank, a theft, or cards that somebody has got or given.

/** Cards that the bank may want for one, at least. */
const CHEAPEST = 2;

/**
 * What a moment's cards mean: `cards` is a list of [player, {lost, won}]. Returns {key, player, other, count}, where `key` is
 * the end of a text's, and `other` somebody who has lost a card to the player.
 */
export function dealings(cards) {
  const [thief] = cards.filter(([, { lost, won }]) => !lost && won === 1);
  const [robbed] = cards.filter(([, { lost, won }]) => lost === 1 && !won);
  if (cards.length === 2 && thief && robbed) {
    return [{ key: "steals", player: thief[0], other: robbed[0], count: 1 }];
  }
  return cards.flatMap(([player, { lost, won }]) => {
    if (lost >= CHEAPEST && won === 1) return [{ key: "trades", player, count: lost }];
    const count = won - lost;
    return count ? [{ key: count > 0 ? "gets" : "gives", player, count: Math.abs(count) }] : [];
  });
}
