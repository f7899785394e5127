// The browser's verifier against the frozen vectors of the server's own tests.

import assert from "node:assert/strict";
import { test } from "node:test";
import { commitment, draws, scaled, stream } from "../../gameserver/web/static/fair/chance.js";
import {
  isCommitted,
  minesMultiplier,
  verifyBlackjack,
  verifyDice,
  verifyKeno,
  verifyMines,
} from "../../gameserver/web/static/fair/verify.js";
import { json } from "./reading.js";

const VECTORS = json("../games/fair/data/vectors.json");
const PUBLISHED = json("../games/fair/data/published.json");
const PAYTABLES = json("../games/fair/data/paytables.json");

const ascending = (numbers) => [...numbers].sort((one, other) => one - other);
const seeds = ({ server, client, nonce }) => ({ serverSeed: server, clientSeed: client, nonce });
const floatsOf = async ({ server, client, nonce }, count) => (await stream(server, client, nonce, count)).floats;
const upTo = (length, first = 0) => Array.from({ length }, (_, index) => first + index);

/** A fraction like `891/800` as a multiplier is shown: cut to four decimals, at least two of them. */
function shown(fraction) {
  const [above, below] = fraction.split("/").map(BigInt);
  const parts = (above * 10000n) / below;
  return `${parts / 10000n}.${String(parts % 10000n)
    .padStart(4, "0")
    .replace(/0{1,2}$/, "")}`;
}

test("the words of the stream are the frozen ones", async () => {
  for (const vector of VECTORS) {
    const floats = await floatsOf(vector, vector.words.length);
    assert.deepEqual(
      floats.map(({ float }) => float * 2 ** 32),
      vector.words,
    );
  }
});

test("hashes, bytes and floats are those that others have published", async () => {
  let compared = 0;
  for (const vector of PUBLISHED) {
    const { rounds, floats } = await stream(vector.server, vector.client, vector.nonce, 24);
    const bytes = floats.flatMap((one) => one.bytes);
    const hashes = rounds.map(({ hmac }) => hmac);
    if (vector.hmac) assert.deepEqual(hashes.slice(0, vector.hmac.length), vector.hmac);
    if (vector.bytes) assert.deepEqual(bytes.slice(0, vector.bytes.length), vector.bytes);
    (vector.floats ?? []).forEach((float, index) => assert.equal(floats[index].float, float));
    if (vector.roll10001) assert.equal(scaled(floats[0], 10001).index / 100, vector.roll10001);
    compared += 1;
  }
  assert.equal(compared, 7);
});

test("a round has eight floats, and no hash is computed that is not needed", async () => {
  assert.equal((await stream("s", "client seed", 0, 8)).rounds.length, 1);
  const { rounds, floats } = await stream("s", "client seed", 0, 9);
  assert.deepEqual([rounds.length, floats.length, rounds[1].message], [2, 9, "client seed:0:1"]);
});

test("what has been drawn is not drawn again, and the rest keeps its order", () => {
  const half = { bytes: [128, 0, 0, 0], float: 0.5 };
  assert.deepEqual(
    draws([half, half, half], ["a", "b", "c", "d"]).map(({ taken, of, index }) => [taken, of, index]),
    [
      ["c", 4, 2],
      ["b", 3, 1],
      ["d", 2, 1],
    ],
  );
});

test("a seed is known again by its commitment, in any case of letters", async () => {
  for (const { server, commitment: expected } of VECTORS) assert.equal(await commitment(server), expected);
  const [one, other] = VECTORS;
  assert.equal(await isCommitted(one.server, one.commitment.toUpperCase()), true);
  assert.equal(await isCommitted(one.server, other.commitment), false);
});

test("dice", async () => {
  for (const vector of VECTORS) {
    const { roll, hashedServerSeed } = await verifyDice(seeds(vector));
    assert.equal(roll.toFixed(2), vector.roll);
    assert.equal(hashedServerSeed, vector.commitment);
  }
});

test("dice: who wins, and what a win pays", async () => {
  const [vector] = VECTORS;
  assert.equal(vector.roll, "77.17");
  for (const [target, condition, expected] of [
    [77, "OVER", true],
    [78, "OVER", false],
    [78, "UNDER", true],
    [77, "UNDER", false],
  ]) {
    assert.equal((await verifyDice({ ...seeds(vector), target, condition })).isWin, expected);
  }
  for (const [target, [over, under]] of Object.entries(PAYTABLES.dice)) {
    const bet = { ...seeds(vector), target: Number(target) };
    assert.equal((await verifyDice({ ...bet, condition: "OVER" })).multiplier, shown(over));
    assert.equal((await verifyDice({ ...bet, condition: "UNDER" })).multiplier, shown(under));
  }
});

test("mines", async () => {
  for (const vector of VECTORS) {
    for (const [gridType, minesCount] of [
      ["5x5", 24],
      ["5x5", 3],
      ["3x3", 2],
      ["7x7", 8],
    ]) {
      const { minePositions } = await verifyMines({ ...seeds(vector), gridType, minesCount });
      assert.deepEqual(minePositions, ascending(vector[`mines${gridType}`].slice(0, minesCount)));
    }
  }
});

test("mines: every multiplier of the table", () => {
  let compared = 0;
  for (const [grid, byMines] of Object.entries(PAYTABLES.mines)) {
    for (const [mines, multipliers] of Object.entries(byMines)) {
      assert.equal(minesMultiplier(grid, Number(mines), 0), "1.00");
      multipliers.forEach((fraction, index) => {
        assert.equal(minesMultiplier(grid, Number(mines), index + 1), shown(fraction), `${grid} ${mines} ${index}`);
        compared += 1;
      });
    }
  }
  assert.ok(compared > 100);
});

test("keno", async () => {
  for (const vector of VECTORS) {
    const selectedNumbers = [3, 7, 15];
    const found = await verifyKeno({ ...seeds(vector), selectedNumbers });
    assert.deepEqual(found.drawnNumbers, ascending(vector.keno));
    const matched = selectedNumbers.filter((number) => vector.keno.includes(number));
    assert.deepEqual([found.matchedNumbers, found.matchCount], [matched, matched.length]);
  }
});

test("cards: the published order of one deck, and six decks in blackjack's shoe", async () => {
  const ranks = ["2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K", "A"];
  const deck = ranks.flatMap((rank) => ["D", "H", "S", "C"].map((suit) => rank + suit));
  const shoe = upTo(6).flatMap(() => deck);
  for (const vector of VECTORS.slice(0, 5)) {
    // The frozen cards come from an endless deck, the shoe loses what is drawn.
    const floats = await floatsOf(vector, 312);
    assert.deepEqual(
      floats.slice(0, vector.cards52.length).map(({ float }) => deck[Math.floor(52 * float)]),
      vector.cards52,
    );
    const { shuffledOrder, playerCards, dealerCards } = await verifyBlackjack(seeds(vector));
    const rest = [...shoe];
    assert.deepEqual(
      shuffledOrder,
      floats.map(({ float }) => rest.splice(Math.floor(float * rest.length), 1)[0]),
    );
    const [first, up, second, hole] = shuffledOrder;
    assert.deepEqual(
      [playerCards, dealerCards],
      [
        [first, second],
        [up, hole],
      ],
    );
  }
});

test("what is no bet is refused", async () => {
  const one = { serverSeed: "s", clientSeed: "client seed" };
  for (const nonce of [-1, 0.5, "1", 2 ** 53]) await assert.rejects(verifyDice({ ...one, nonce }), RangeError);
  for (const minesCount of [0, 25, Number.NaN]) {
    await assert.rejects(verifyMines({ ...one, nonce: 0, minesCount }), RangeError);
  }
});
