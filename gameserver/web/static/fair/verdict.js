// Was a bet fair? An entry of GET_BET_HISTORY against what its seeds say, computed here and by nobody else.

import { isNatural, replay } from "./blackjack_round.js";
import { amountText, decimalsOf, payout, units } from "./money.js";
import {
  diceMultiplier,
  isCommitted,
  minesMultiplier,
  verifyBlackjack,
  verifyDice,
  verifyKeno,
  verifyMines,
} from "./verify.js";

const JUDGES = { dice, mines, keno, blackjack };

/** The game of an entry: `dice`, `mines`, … */
export function gameOf(entry) {
  return entry.gameId.split(":")[1];
}

/**
 * Return {fair, commitment, outcome, paid}: whether the revealed seed is the one committed to before the bet, whether
 * the outcome is the one of the seeds, and whether what was paid is what the outcome pays. `tables` are the pay tables
 * of keno out of GET_GAME_CONFIG.
 */
export async function verdict(entry, tables = []) {
  const { serverSeed, clientSeed, hashedServerSeed, nonce } = entry.provablyFair;
  const found = await JUDGES[gameOf(entry)](entry, { serverSeed, clientSeed, nonce }, tables);
  const commitment = await isCommitted(serverSeed, hashedServerSeed);
  return { fair: commitment && found.outcome && found.paid, commitment, ...found };
}

/** Whether an entry has paid its stake times a multiplier, and says so. */
function pays(entry, multiplier) {
  const due = payout(entry.betAmount, multiplier, decimalsOf(entry.winAmount));
  return units(due) === units(entry.winAmount) && units(entry.multiplier) === units(multiplier);
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

async function dice(entry, seeds) {
  const { rolledNumber, target, condition } = entry.gameOutcome.diceOutcome;
  const { roll, isWin } = await verifyDice({ ...seeds, target, condition });
  return {
    outcome: roll === rolledNumber && isWin === entry.isWin,
    paid: pays(entry, isWin ? diceMultiplier(target, condition) : "0.00"),
  };
}

async function mines(entry, seeds) {
  const { minesCount, gridType, revealedTiles, minePositions, status } = entry.gameOutcome.minesOutcome;
  const found = await verifyMines({ ...seeds, minesCount, gridType });
  const hidden = new Set(found.minePositions);
  const safe = revealedTiles.filter((tile) => !hidden.has(tile));
  const won = status === "cashed_out";
  return {
    outcome: same(found.minePositions, minePositions) && (!won || safe.length === revealedTiles.length),
    paid: pays(entry, won ? minesMultiplier(gridType, minesCount, safe.length) : "0.00"),
  };
}

async function keno(entry, seeds, tables) {
  const { selectedNumbers, drawnNumbers, matchedNumbers, difficulty } = entry.gameOutcome.kenoOutcome;
  const found = await verifyKeno({ ...seeds, selectedNumbers });
  const table = tables.find((one) => one.difficulty === difficulty);
  const row = table?.rows.find(({ picks }) => picks === selectedNumbers.length);
  return {
    outcome: same(found.drawnNumbers, drawnNumbers) && same(found.matchedNumbers, matchedNumbers),
    paid: row !== undefined && pays(entry, row.multipliers[found.matchCount]),
  };
}

async function blackjack(entry, seeds) {
  const { playerHands, dealerHand, actions } = entry.gameOutcome.blackjackOutcome;
  const { shuffledOrder } = await verifyBlackjack(seeds);
  const played = replay(shuffledOrder, actions);
  const hands = played.hands.map(({ cards, result }) => ({ cards, result }));
  const shown = playerHands.map(({ cards, result }) => ({ cards: cards.map(short), result }));
  const decimals = decimalsOf(entry.winAmount);
  const first = units(playerHands[0].betAmount) / (playerHands[0].isDoubled ? 2n : 1n);
  const due = played.hands.reduce((sum, hand) => sum + handPays(first, hand, decimals), 0n);
  const insured = played.insured ? cut(first / 2n, decimals) : 0n;
  const staked = played.hands.reduce((sum, { doubled }) => sum + (doubled ? 2n : 1n) * first, insured);
  const back = due + (isNatural(played.dealer) ? 3n * insured : 0n);
  return {
    outcome: same(hands, shown) && same(played.dealer, dealerHand.cards.map(short)),
    paid: back === units(entry.winAmount) && staked === units(entry.betAmount),
  };
}

const short = ({ suit, rank }) => rank + suit[0].toUpperCase();
const cut = (found, decimals) => units(amountText(found, decimals));

/** 3:2 for a blackjack, cut; else even money, the stake back for a tie. */
function handPays(first, { doubled, result }, decimals) {
  const bet = doubled ? 2n * first : first;
  if (result === "blackjack") return cut((bet * 5n) / 2n, decimals);
  return { win: 2n * bet, push: bet, lose: 0n }[result];
}
