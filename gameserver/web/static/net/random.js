// Random names for requests and seeds; works on a plain http page too, where crypto.randomUUID does not exist.

export function randomHex(bytes = 16) {
  return [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
