// A round of blackjack played again from its shoe and the player's actions, by the rules of the house: the dealer
// peeks and stands on all 17, a split takes two cards, one for each hand, and split aces get no more.

const BLACKJACK = 21;

/** The points of a card such as `10H`; an ace is one. */
function points(card) {
  const rank = card.slice(0, -1);
  return rank === "A" ? 1 : Number(rank) || 10;
}

/** The greater value of some cards that is not above 21. */
export function bestValue(cards) {
  const hard = cards.reduce((sum, card) => sum + points(card), 0);
  const soft = cards.some((card) => points(card) === 1) ? hard + 10 : hard;
  return soft > BLACKJACK ? hard : soft;
}

/** Whether cards are a blackjack: 21 with the two dealt. */
export function isNatural(cards) {
  return cards.length === 2 && bestValue(cards) === BLACKJACK;
}

/** The round: {hands: [{cards, doubled, result}], dealer: [cards], insured}. `actions` are texts such as `hit:0`. */
export function replay(shoe, actions) {
  const hands = [{ cards: [shoe[0], shoe[2]], doubled: false }];
  const dealer = [shoe[1], shoe[3]];
  const insured = actions.includes("insure:0");
  let drawn = 4;
  // Who has a blackjack has ended the round before anybody moves.
  const over = isNatural(dealer) || isNatural(hands[0].cards);
  for (const [move, number] of over ? [] : actions.map((action) => action.split(":"))) {
    const hand = hands[Number(number)];
    if (move === "hit" || move === "double") hand.cards.push(shoe[drawn++]);
    if (move === "double") hand.doubled = true;
    if (move === "split") {
      const [one, other] = hand.cards;
      hands.splice(0, 1, { ...hand, cards: [one, shoe[drawn++]] }, { ...hand, cards: [other, shoe[drawn++]] });
    }
  }
  const split = hands.length > 1;
  const live = ({ cards }) => bestValue(cards) <= BLACKJACK && (split || !isNatural(cards));
  while (hands.some(live) && bestValue(dealer) < 17) dealer.push(shoe[drawn++]);
  for (const hand of hands) hand.result = result(hand.cards, dealer, split);
  return { hands, dealer, insured };
}

function result(cards, dealer, split) {
  const own = bestValue(cards);
  const theirs = bestValue(dealer);
  if (own > BLACKJACK) return "lose";
  if (!split && isNatural(cards)) return isNatural(dealer) ? "push" : "blackjack";
  if (isNatural(dealer)) return "lose";
  if (theirs > BLACKJACK || own > theirs) return "win";
  return own === theirs ? "push" : "lose";
}
