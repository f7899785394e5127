// QR codes (ISO/IEC 18004) of short texts: byte mode, error correction level M, versions 1 to 20.

/** Codewords for error correction in a block, and blocks, by version: table 9 of the standard, level M. */
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

/** Which modules each of the eight masks turns over (table 10). */
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** Powers of 2 in the field of 256 elements, and their logarithms. */
const POWERS = [];
const LOGARITHMS = [];
for (let exponent = 0, value = 1; exponent < 255; exponent += 1) {
  POWERS[exponent] = value;
  LOGARITHMS[value] = exponent;
  value = value < 128 ? value * 2 : (value * 2) ^ 0x11d;
}

/** The code of a text as rows of booleans (true: dark), without the quiet zone. Throws RangeError for a text too long. */
export function qr(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const version = versionFor(bytes.length);
  const grid = functionPatterns(version);
  fillIn(grid, interleaved(dataWords(bytes, version), version));
  const drawn = MASKS.map((_, mask) => masked(grid, mask));
  const costs = drawn.map(penalty);
  return drawn[costs.indexOf(Math.min(...costs))];
}

function versionFor(length) {
  for (let version = 1; version <= BLOCKS.length; version += 1) {
    if (4 + countBits(version) + 8 * length <= 8 * capacity(version)) return version;
  }
  throw new RangeError("This text is too long for a code.");
}

function countBits(version) {
  return version < 10 ? 8 : 16;
}

/** Codewords of a version altogether: what its patterns leave free. */
function words(version) {
  let modules = (16 * version + 128) * version + 64;
  if (version > 1) {
    const count = Math.floor(version / 7) + 2;
    modules -= (25 * count - 10) * count - 55;
  }
  if (version > 6) modules -= 36;
  return Math.floor(modules / 8);
}

function capacity(version) {
  return words(version) - CORRECTION[version - 1] * BLOCKS[version - 1];
}

/** Mode, length, bytes, end, and what fills the rest. */
function dataWords(bytes, version) {
  const bits = [];
  const write = (value, count) => {
    for (let place = count - 1; place >= 0; place -= 1) bits.push((value >> place) & 1);
  };
  write(4, 4);
  write(bytes.length, countBits(version));
  bytes.forEach((byte) => write(byte, 8));
  const room = 8 * capacity(version);
  write(0, Math.min(4, room - bits.length));
  write(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) write(pad, 8);
  return Array.from({ length: room / 8 }, (_, at) =>
    bits.slice(8 * at, 8 * at + 8).reduce((sum, bit) => 2 * sum + bit),
  );
}

/** The words of all blocks in turn, those of data first. The last blocks are a word longer when it does not come out even. */
function interleaved(data, version) {
  const count = BLOCKS[version - 1];
  const short = Math.floor(data.length / count);
  const longer = data.length % count;
  const generator = divisor(CORRECTION[version - 1]);
  const blocks = [];
  for (let block = 0, at = 0; block < count; block += 1) {
    const length = short + (block >= count - longer ? 1 : 0);
    blocks.push(data.slice(at, at + length));
    at += length;
  }
  const corrections = blocks.map((block) => remainder(block, generator));
  return [...turns(blocks), ...turns(corrections)];
}

function turns(lists) {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) =>
    lists.filter((list) => at < list.length).map((list) => list[at]),
  ).flat();
}

function times(a, b) {
  return a && b ? POWERS[(LOGARITHMS[a] + LOGARITHMS[b]) % 255] : 0;
}

/** The Reed-Solomon generator polynomial of a degree, without its leading 1. */
function divisor(degree) {
  let polynomial = [1];
  for (let root = 0; root < degree; root += 1) {
    const next = [...polynomial, 0];
    polynomial.forEach((factor, at) => (next[at + 1] ^= times(factor, POWERS[root])));
    polynomial = next;
  }
  return polynomial.slice(1);
}

function remainder(block, generator) {
  const rest = generator.map(() => 0);
  for (const word of block) {
    const factor = word ^ rest.shift();
    rest.push(0);
    generator.forEach((value, at) => (rest[at] ^= times(value, factor)));
  }
  return rest;
}

/** A grid of a version: `dark` modules, and which are `fixed` because they are no data. */
function functionPatterns(version) {
  const size = 4 * version + 17;
  const square = () => Array.from({ length: size }, () => Array(size).fill(false));
  const grid = { size, version, dark: square(), fixed: square() };
  for (let at = 0; at < size; at += 1) {
    put(grid, 6, at, at % 2 === 0);
    put(grid, at, 6, at % 2 === 0);
  }
  rings(grid, 3, 3, 4, [2, 4]);
  rings(grid, size - 4, 3, 4, [2, 4]);
  rings(grid, 3, size - 4, 4, [2, 4]);
  const places = alignments(version, size);
  const last = places.length - 1;
  places.forEach((x, column) =>
    places.forEach((y, row) => {
      const corner = (column === 0 && (row === 0 || row === last)) || (column === last && row === 0);
      if (!corner) rings(grid, x, y, 2, [1]);
    }),
  );
  writeFormat(grid, 0);
  writeVersion(grid);
  return grid;
}

function put(grid, x, y, dark) {
  if (x < 0 || y < 0 || x >= grid.size || y >= grid.size) return;
  grid.dark[y][x] = dark;
  grid.fixed[y][x] = true;
}

/** Squares around a middle, of which some are light. */
function rings(grid, middleX, middleY, radius, light) {
  for (let dy = -radius; dy <= radius; dy += 1) {
    for (let dx = -radius; dx <= radius; dx += 1) {
      put(grid, middleX + dx, middleY + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  }
}

function alignments(version, size) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = 2 * Math.ceil((4 * version + 4) / (2 * count - 2));
  return [6, ...Array.from({ length: count - 1 }, (_, at) => size - 7 - step * at).reverse()];
}

/** Level and mask with their error correction, twice. */
function writeFormat(grid, mask) {
  let rest = mask;
  for (let count = 0; count < 10; count += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  const bit = (at) => ((bits >> at) & 1) === 1;
  const { size } = grid;
  for (let at = 0; at < 15; at += 1) {
    const place = at < 6 ? at : at < 8 ? at + 1 : at === 8 ? 7 : 14 - at;
    if (at < 8) put(grid, 8, place, bit(at));
    else put(grid, place, 8, bit(at));
    if (at < 8) put(grid, size - 1 - at, 8, bit(at));
    else put(grid, 8, size - 15 + at, bit(at));
  }
  put(grid, 8, size - 8, true);
}

function writeVersion(grid) {
  if (grid.version < 7) return;
  let rest = grid.version;
  for (let count = 0; count < 12; count += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
  const bits = (grid.version << 12) | rest;
  for (let at = 0; at < 18; at += 1) {
    const [near, far] = [Math.floor(at / 3), grid.size - 11 + (at % 3)];
    put(grid, far, near, ((bits >> at) & 1) === 1);
    put(grid, near, far, ((bits >> at) & 1) === 1);
  }
}

/** Words go up and down in strips of two modules from the right, past the upright timing pattern. */
function fillIn(grid, all) {
  let at = 0;
  for (let right = grid.size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let count = 0; count < grid.size; count += 1) {
      const upward = ((right + 1) & 2) === 0;
      const y = upward ? grid.size - 1 - count : count;
      for (const x of [right, right - 1]) {
        if (grid.fixed[y][x] || at >= 8 * all.length) continue;
        grid.dark[y][x] = ((all[at >> 3] >> (7 - (at & 7))) & 1) === 1;
        at += 1;
      }
    }
  }
}

function masked(grid, mask) {
  const turned = MASKS[mask];
  const dark = grid.dark.map((row, y) => row.map((value, x) => (grid.fixed[y][x] ? value : value !== turned(x, y))));
  writeFormat({ ...grid, dark }, mask);
  return dark;
}

/** How hard a grid is to read: runs, squares, what looks like a finder, and too much dark or light (section 7.8.3). */
function penalty(rows) {
  const lines = [...rows, ...rows.map((_, x) => rows.map((row) => row[x]))];
  let cost = 0;
  for (const line of lines) {
    const text = line.map(Number).join("");
    for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) cost += run.length - 2;
    cost += 40 * [...text.matchAll(/(?=00001011101|10111010000)/g)].length;
  }
  for (let y = 1; y < rows.length; y += 1) {
    for (let x = 1; x < rows.length; x += 1) {
      const value = rows[y][x];
      if (value === rows[y - 1][x] && value === rows[y][x - 1] && value === rows[y - 1][x - 1]) cost += 3;
    }
  }
  const share = rows.flat().filter(Boolean).length / rows.length ** 2;
  return cost + 10 * Math.floor(Math.abs(share - 0.5) * 20);
}
