// Where hash centers lie on the map: as near each other as their Hamming distances say, as well as a
// plane allows. Stress is minimised pair by pair (Zheng, Pawar, Goodman: Graph drawing by stochastic
// gradient descent, 2018). Of many centers only near pairs and some random ones are looked at, since all
// pairs would take minutes. The same codes give the same map.

/** Up to so many centers all pairs are looked at. */
const ALL_PAIRS = 700;

const NEIGHBOURS = 10;
const RANDOM_PAIRS = 20;
const ROUNDS = 40;

/** Pseudo-random numbers from 0 to 1 (mulberry32), the same for the same seed. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function ones(word) {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Hamming distance of two codes. */
function distance(words, width, i, j) {
  let sum = 0;
  for (let w = 0; w < width; w++) {
    sum += ones(words[i * width + w] ^ words[j * width + w]);
  }
  return sum;
}

/**
 * Lays out codes, better with each round.
 *
 * @param {Uint32Array} words the codes one after the other
 * @param {number} width words of a code
 * @yields {Float32Array} x and y of each code, all within the circle of radius 1
 */
export function* layout(words, width) {
  const n = words.length / width;
  const random = generator(n);
  const places = start(n, random);
  if (n > 1) {
    const pairs = n <= ALL_PAIRS ? allPairs(n) : nearPairs(words, width, n);
    let farthest = 1;
    for (let p = 0; p < pairs.length; p += 2) {
      farthest = Math.max(farthest, distance(words, width, pairs[p], pairs[p + 1]));
    }
    const move = mover(words, width, places, random);
    for (let round = 0; round < ROUNDS; round++) {
      // From steps that carry a pair all the way to ones that hardly move it.
      const step = farthest ** 2 * (0.02 / farthest) ** (round / (ROUNDS - 1));
      shuffle(pairs, random);
      for (let p = 0; p < pairs.length; p += 2) {
        move(pairs[p], pairs[p + 1], step);
      }
      for (let r = n > ALL_PAIRS ? n * RANDOM_PAIRS : 0; r > 0; r--) {
        move(Math.floor(random() * n), Math.floor(random() * n), step);
      }
      yield normal(places, n);
    }
  }
  yield normal(places, n);
}

function start(n, random) {
  const places = new Float64Array(2 * n);
  for (let i = 0; i < places.length; i++) {
    places[i] = random() - 0.5;
  }
  return places;
}

function mover(words, width, places, random) {
  return (i, j, step) => {
    if (i === j) {
      return;
    }
    // Equal codes lie beside each other rather than on each other.
    const wanted = Math.max(0.5, distance(words, width, i, j));
    const x = places[2 * i] - places[2 * j] || (random() - 0.5) * 1e-3;
    const y = places[2 * i + 1] - places[2 * j + 1];
    const length = Math.hypot(x, y);
    const share = (Math.min(1, step / (wanted * wanted)) * (length - wanted)) / (2 * length);
    places[2 * i] -= share * x;
    places[2 * i + 1] -= share * y;
    places[2 * j] += share * x;
    places[2 * j + 1] += share * y;
  };
}

function allPairs(n) {
  const pairs = new Uint32Array(n * (n - 1));
  let p = 0;
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      pairs[p++] = i;
      pairs[p++] = j;
    }
  }
  return pairs;
}

/** Each center with its nearest ones. */
function nearPairs(words, width, n) {
  const pairs = new Uint32Array(2 * n * NEIGHBOURS);
  const nearest = new Uint32Array(NEIGHBOURS);
  const distances = new Uint16Array(NEIGHBOURS);
  for (let i = 0; i < n; i++) {
    distances.fill(0xffff);
    for (let j = 0; j < n; j++) {
      const far = i === j ? 0xffff : distance(words, width, i, j);
      let at = NEIGHBOURS - 1;
      if (far >= distances[at]) {
        continue;
      }
      for (; at > 0 && distances[at - 1] > far; at--) {
        distances[at] = distances[at - 1];
        nearest[at] = nearest[at - 1];
      }
      distances[at] = far;
      nearest[at] = j;
    }
    for (let k = 0; k < NEIGHBOURS; k++) {
      pairs[2 * (i * NEIGHBOURS + k)] = i;
      pairs[2 * (i * NEIGHBOURS + k) + 1] = nearest[k];
    }
  }
  return pairs;
}

function shuffle(pairs, random) {
  for (let i = pairs.length / 2 - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    for (let side = 0; side < 2; side++) {
      const kept = pairs[2 * i + side];
      pairs[2 * i + side] = pairs[2 * j + side];
      pairs[2 * j + side] = kept;
    }
  }
}

/** The same places around 0, within a circle of radius 1. */
function normal(places, n) {
  let x = 0;
  let y = 0;
  for (let i = 0; i < n; i++) {
    x += places[2 * i] / n;
    y += places[2 * i + 1] / n;
  }
  let farthest = 1e-9;
  for (let i = 0; i < n; i++) {
    farthest = Math.max(farthest, Math.hypot(places[2 * i] - x, places[2 * i + 1] - y));
  }
  return Float32Array.from(places, (value, i) => (value - (i % 2 === 0 ? x : y)) / farthest);
}
