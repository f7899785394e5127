// Play money and multipliers as whole numbers, as the server counts them: what has to be cut is cut, never rounded up.

const UNITS = 100000000n;
const DIGITS = 8;
const PARTS = 10000n;

/** The units of 1e-8 of a decimal text, null if it is none. */
export function units(text) {
  const found = /^(\d{1,10})(?:\.(\d{1,8}))?$/.exec(text.trim());
  return found ? BigInt(found[1]) * UNITS + BigInt((found[2] ?? "").padEnd(DIGITS, "0")) : null;
}

/** How many decimals a text has. */
export function decimalsOf(text) {
  return (text.split(".")[1] ?? "").length;
}

/** Units as a text with so many decimals, cut. */
export function amountText(found, decimals) {
  const behind = String(found % UNITS)
    .padStart(DIGITS, "0")
    .slice(0, decimals);
  return decimals ? `${found / UNITS}.${behind}` : `${found / UNITS}`;
}

/** The ten-thousandths of a multiplier's text. */
export function parts(text) {
  return units(text) / (UNITS / PARTS);
}

/** A multiplier of ten-thousandths as text, with two to four decimals. */
export function multiplierText(found) {
  const digits = String(found % PARTS)
    .padStart(4, "0")
    .replace(/0{1,2}$/, "");
  return `${found / PARTS}.${digits}`;
}

/** What a stake pays at a multiplier, cut to so many decimals; all three are texts but the last. */
export function payout(stake, multiplier, decimals) {
  return amountText((units(stake) * parts(multiplier)) / PARTS, decimals);
}
