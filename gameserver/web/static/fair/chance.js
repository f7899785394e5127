// The stream of chance of the provably fair games, computed with the browser's own WebCrypto:
// HMAC-SHA256 keyed by the server seed as text over `clientSeed:nonce:round`, four bytes a float.

const WORDS = 8;
const encoder = new TextEncoder();

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The commitment of a server seed: SHA-256 of its text, as shown before the bet. */
export async function commitment(serverSeed) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(serverSeed))));
}

/** The hashes that `count` floats need, and the floats with their bytes, in order. */
export async function stream(serverSeed, clientSeed, nonce, count) {
  if (!Number.isSafeInteger(nonce) || nonce < 0) throw new RangeError("A nonce is an integer from 0 on.");
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(serverSeed), algorithm, false, ["sign"]);
  const rounds = [];
  const floats = [];
  for (let round = 0; floats.length < count; round++) {
    const message = `${clientSeed}:${nonce}:${round}`;
    const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(message)));
    rounds.push({ round, message, hmac: hex(bytes) });
    for (let word = 0; word < WORDS && floats.length < count; word++) {
      const four = bytes.slice(4 * word, 4 * word + 4);
      // Every term is exact in a double, and so is their sum.
      const float = four.reduce((sum, byte, place) => sum + byte / 256 ** (place + 1), 0);
      floats.push({ bytes: [...four], float });
    }
  }
  return { rounds, floats };
}

/** How a float selects one of `of`: floor(float * of). The product of a 32-bit fraction is exact. */
export function scaled({ bytes, float }, of) {
  return { bytes, float, of, index: Math.floor(float * of) };
}

/** Each float takes one item out of the rest, which keeps its order. */
export function draws(floats, items) {
  const rest = [...items];
  return floats.map((float) => {
    const step = scaled(float, rest.length);
    return { ...step, taken: rest.splice(step.index, 1)[0] };
  });
}
