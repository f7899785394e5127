// The 24 kinds of tiles by their letters: what a follower may stand on, numbered as the server numbers them.
// `sides` are the sides of the unturned tile that a city or road reaches; `halves` the half-sides of a meadow,
// clockwise from the left half of the north side. Held equal to the server's table by a test.
// prettier-ignore
export const TILES = {
  "A": [{"terrain": "road", "sides": "S"}, {"terrain": "abbey"}, {"terrain": "meadow", "halves": "NL NR EL ER SL SR WL WR"}],
  "B": [{"terrain": "abbey"}, {"terrain": "meadow", "halves": "NL NR EL ER SL SR WL WR"}],
  "C": [{"terrain": "city", "sides": "NESW", "pennants": 1}],
  "D": [{"terrain": "city", "sides": "N"}, {"terrain": "road", "sides": "EW"}, {"terrain": "meadow", "halves": "EL WR"}, {"terrain": "meadow", "halves": "ER SL SR WL"}],
  "E": [{"terrain": "city", "sides": "N"}, {"terrain": "meadow", "halves": "EL ER SL SR WL WR"}],
  "F": [{"terrain": "city", "sides": "EW", "pennants": 1}, {"terrain": "meadow", "halves": "NL NR"}, {"terrain": "meadow", "halves": "SL SR"}],
  "G": [{"terrain": "city", "sides": "EW"}, {"terrain": "meadow", "halves": "NL NR"}, {"terrain": "meadow", "halves": "SL SR"}],
  "H": [{"terrain": "city", "sides": "N"}, {"terrain": "city", "sides": "S"}, {"terrain": "meadow", "halves": "EL ER WL WR"}],
  "I": [{"terrain": "city", "sides": "N"}, {"terrain": "city", "sides": "W"}, {"terrain": "meadow", "halves": "EL ER SL SR"}],
  "J": [{"terrain": "city", "sides": "N"}, {"terrain": "road", "sides": "ES"}, {"terrain": "meadow", "halves": "EL SR WL WR"}, {"terrain": "meadow", "halves": "ER SL"}],
  "K": [{"terrain": "city", "sides": "N"}, {"terrain": "road", "sides": "SW"}, {"terrain": "meadow", "halves": "EL ER SL WR"}, {"terrain": "meadow", "halves": "SR WL"}],
  "L": [{"terrain": "city", "sides": "N"}, {"terrain": "road", "sides": "E"}, {"terrain": "road", "sides": "S"}, {"terrain": "road", "sides": "W"}, {"terrain": "meadow", "halves": "EL WR"}, {"terrain": "meadow", "halves": "ER SL"}, {"terrain": "meadow", "halves": "SR WL"}],
  "M": [{"terrain": "city", "sides": "NE", "pennants": 1}, {"terrain": "meadow", "halves": "SL SR WL WR"}],
  "N": [{"terrain": "city", "sides": "NE"}, {"terrain": "meadow", "halves": "SL SR WL WR"}],
  "O": [{"terrain": "city", "sides": "NW", "pennants": 1}, {"terrain": "road", "sides": "ES"}, {"terrain": "meadow", "halves": "EL SR"}, {"terrain": "meadow", "halves": "ER SL"}],
  "P": [{"terrain": "city", "sides": "NW"}, {"terrain": "road", "sides": "ES"}, {"terrain": "meadow", "halves": "EL SR"}, {"terrain": "meadow", "halves": "ER SL"}],
  "Q": [{"terrain": "city", "sides": "NEW", "pennants": 1}, {"terrain": "meadow", "halves": "SL SR"}],
  "R": [{"terrain": "city", "sides": "NEW"}, {"terrain": "meadow", "halves": "SL SR"}],
  "S": [{"terrain": "city", "sides": "NEW", "pennants": 1}, {"terrain": "road", "sides": "S"}, {"terrain": "meadow", "halves": "SL"}, {"terrain": "meadow", "halves": "SR"}],
  "T": [{"terrain": "city", "sides": "NEW"}, {"terrain": "road", "sides": "S"}, {"terrain": "meadow", "halves": "SL"}, {"terrain": "meadow", "halves": "SR"}],
  "U": [{"terrain": "road", "sides": "NS"}, {"terrain": "meadow", "halves": "NR EL ER SL"}, {"terrain": "meadow", "halves": "NL SR WL WR"}],
  "V": [{"terrain": "road", "sides": "SW"}, {"terrain": "meadow", "halves": "NL NR EL ER SL WR"}, {"terrain": "meadow", "halves": "SR WL"}],
  "W": [{"terrain": "road", "sides": "E"}, {"terrain": "road", "sides": "S"}, {"terrain": "road", "sides": "W"}, {"terrain": "meadow", "halves": "NL NR EL WR"}, {"terrain": "meadow", "halves": "ER SL"}, {"terrain": "meadow", "halves": "SR WL"}],
  "X": [{"terrain": "road", "sides": "N"}, {"terrain": "road", "sides": "E"}, {"terrain": "road", "sides": "S"}, {"terrain": "road", "sides": "W"}, {"terrain": "meadow", "halves": "NR EL"}, {"terrain": "meadow", "halves": "ER SL"}, {"terrain": "meadow", "halves": "SR WL"}, {"terrain": "meadow", "halves": "NL WR"}]
};
