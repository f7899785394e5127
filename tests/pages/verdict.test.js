// Verdicts on bets that the server's rules have played, and on the same bets told otherwise.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bestValue, replay } from "../../gameserver/web/static/fair/blackjack_round.js";
import { amountText, decimalsOf, payout, units } from "../../gameserver/web/static/fair/money.js";
import { diceChance, kenoChance, tileChance } from "../../gameserver/web/static/fair/odds.js";
import { gameOf, verdict } from "../../gameserver/web/static/fair/verdict.js";
import { DOUBLE_MS, oneAtATime } from "../../gameserver/web/static/pages/fair/once.js";
import { json } from "./reading.js";

const { tables, entries } = json("data/bets.json");
const of = (game) => entries.filter((entry) => gameOf(entry) === game);

/** A copy of an entry, changed. */
function altered(entry, change) {
  const other = structuredClone(entry);
  change(other, Object.values(other.gameOutcome)[0]);
  return other;
}

test("what the server's rules have played is fair, at every game", async () => {
  assert.deepEqual([...new Set(entries.map(gameOf))], ["dice", "keno", "mines", "blackjack"]);
  for (const entry of entries) {
    const found = await verdict(entry, tables);
    assert.deepEqual(found, { fair: true, commitment: true, outcome: true, paid: true }, entry.betId);
  }
});

test("another seed than the one committed to is not fair", async () => {
  for (const game of ["dice", "keno", "mines", "blackjack"]) {
    const [entry] = of(game);
    const hash = altered(entry, (other) => (other.provablyFair.hashedServerSeed = "0".repeat(64)));
    assert.deepEqual(await verdict(hash, tables), { fair: false, commitment: false, outcome: true, paid: true });
    const seed = altered(entry, (other) => (other.provablyFair.serverSeed = "f".repeat(64)));
    const found = await verdict(seed, tables);
    assert.deepEqual([found.fair, found.commitment, found.outcome], [false, false, false], game);
  }
});

test("another outcome than the one of the seeds is not fair", async () => {
  const changes = {
    dice: (_, outcome) => (outcome.rolledNumber = 99.99 - outcome.rolledNumber),
    keno: (_, outcome) => outcome.drawnNumbers.pop(),
    mines: (_, outcome) => outcome.minePositions.pop(),
    blackjack: (_, outcome) => outcome.dealerHand.cards.push(outcome.dealerHand.cards[0]),
  };
  for (const [game, change] of Object.entries(changes)) {
    for (const entry of of(game)) {
      const found = await verdict(altered(entry, change), tables);
      assert.deepEqual([found.fair, found.outcome], [false, false], entry.betId);
    }
  }
});

test("another payment than the one of the outcome is not fair", async () => {
  for (const entry of entries) {
    const more = altered(entry, (other) => (other.winAmount = amountText(units(entry.winAmount) + 1000000n, 2)));
    const found = await verdict(more, tables);
    assert.deepEqual([found.fair, found.outcome, found.paid], [false, true, false], entry.betId);
  }
  const won = of("keno").find(({ isWin }) => isWin);
  const table = altered(won, (_, outcome) => (outcome.difficulty = "none"));
  assert.equal((await verdict(table, tables)).paid, false);
});

test("a hand that hides a mine on an opened tile is found out", async () => {
  const won = of("mines").find((entry) => entry.gameOutcome.minesOutcome.status === "cashed_out");
  const [mine] = won.gameOutcome.minesOutcome.minePositions;
  const found = await verdict(
    altered(won, (_, outcome) => outcome.revealedTiles.push(mine)),
    tables,
  );
  assert.deepEqual([found.fair, found.outcome], [false, false]);
});

test("money is counted in whole units and cut", () => {
  assert.deepEqual([units("10.50"), units(" 0.00000001"), units("7")], [1050000000n, 1n, 700000000n]);
  for (const text of ["", "1e3", "-1", "1.123456789", ".5", "1,5"]) assert.equal(units(text), null, text);
  assert.equal(payout("3.33", "1.9803", 2), "6.59");
  assert.equal(payout("0.1", "24.812", 8), "2.48120000");
  assert.deepEqual([decimalsOf("1.00"), decimalsOf("7"), amountText(199n, 0)], [2, 0, "0"]);
});

test("chances: of a roll, of a tile, and of hits, which are all there can be", () => {
  assert.deepEqual([diceChance(50, "OVER"), diceChance(50, "UNDER"), diceChance(4, "UNDER")], [0.4999, 0.5, 0.04]);
  assert.deepEqual([tileChance("5x5", 5, 0), tileChance("3x3", 8, 1), tileChance("3x3", 1, 7)], [0.8, 0, 0.5]);
  assert.equal(kenoChance(1, 1), 0.25);
  for (let picks = 1; picks <= 10; picks++) {
    const all = Array.from({ length: picks + 1 }, (_, hits) => kenoChance(picks, hits));
    assert.ok(Math.abs(all.reduce((sum, one) => sum + one) - 1) < 1e-12, picks);
  }
});

test("a hand of blackjack: aces, a dealer who stands on 17, a split ace with a ten is no blackjack", () => {
  assert.deepEqual(
    [
      ["AS", "6D"],
      ["AS", "6D", "KH"],
      ["AS", "AD", "9C"],
      ["10S", "KD", "5C"],
    ].map(bestValue),
    [17, 17, 21, 25],
  );
  const shoe = ["AS", "9D", "AC", "8H", "KD", "5C", "7S", "2D"];
  const { hands, dealer } = replay(shoe, ["split:0"]);
  assert.deepEqual(dealer, ["9D", "8H"]);
  assert.deepEqual(
    hands.map(({ cards, result }) => [...cards, result]),
    [
      ["AS", "KD", "win"],
      ["AC", "5C", "lose"],
    ],
  );
});

test("what is pressed twice at once is done once, and something else is not held up", async () => {
  let now = 0;
  const done = [];
  const told = [];
  const alone = oneAtATime(
    (busy) => told.push(busy),
    () => now,
  );
  const work = (what) => async () => done.push(what);
  let finish;
  const slow = alone("bet", () => new Promise((resolve) => (finish = resolve)));
  assert.equal(await alone("bet", work("second")), null);
  assert.equal(await alone("tile", work("while under way")), null);
  finish("first");
  assert.equal(await slow, "first");
  now = DOUBLE_MS - 1;
  assert.equal(await alone("bet", work("double click")), null);
  await alone("tile", work("tile"));
  now = 2 * DOUBLE_MS;
  await alone("bet", work("again"));
  assert.deepEqual(done, ["tile", "again"]);
  await assert.rejects(alone("fails", () => Promise.reject(new Error("no"))));
  assert.deepEqual(told, [true, false, true, false, true, false, true, false]);
});
