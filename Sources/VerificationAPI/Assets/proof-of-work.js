"use strict";

// Solves proof-of-work challenges, as a Web Worker:
//
//   const worker = new Worker("/proof-of-work.js");
//   worker.onmessage = ({ data }) => …;   // { progress: 0…1 }, at last { solution: "…" }, or { error: "…" }
//   worker.postMessage(challenge);        // the challenge's text, as the server gave it
//
// A challenge is sixteen puzzles. The answer to a puzzle is a counter for which the hash
//
//   SHA-256(SHA-256(challenge) ‖ puzzle's number ‖ counter)
//
// begins with so many zero bits; number and counter are 32 bits, big-endian. The solution is the sixteen counters in
// base64url. SubtleCrypto answers with a promise for each hash, and only on secure origins: too slow, and too seldom.

const puzzles = 16;

// FIPS 180-4, sections 4.2.2 and 5.3.3.
const constants = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
const start = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

// The block to hash, and behind it the words that the rounds derive from it.
const words = new Int32Array(64);
// What the rounds made of a state.
const mixed = new Int32Array(8);

function extend() {
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15];
    const y = words[i - 2];
    const sigma0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const sigma1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = words[i - 16] + sigma0 + words[i - 7] + sigma1;
  }
}

// Runs the rounds from `first` until before `end`.
function mix(state, first, end) {
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = first; i < end; i++) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t = (h + sum1 + (g ^ (e & (f ^ g))) + constants[i] + words[i]) | 0;
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const u = (sum0 + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t) | 0;
    d = c;
    c = b;
    b = a;
    a = (t + u) | 0;
  }
  mixed[0] = a;
  mixed[1] = b;
  mixed[2] = c;
  mixed[3] = d;
  mixed[4] = e;
  mixed[5] = f;
  mixed[6] = g;
  mixed[7] = h;
}

// The hash of an ASCII text, as eight words.
function hash(text) {
  const bytes = new Uint8Array((((text.length + 8) >> 6) + 1) * 64);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  bytes[text.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 4, text.length * 8);
  const state = start.slice();
  for (let offset = 0; offset < bytes.length; offset += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(offset + i * 4);
    extend();
    mix(state, 0, 64);
    for (let i = 0; i < 8; i++) state[i] += mixed[i];
  }
  return state;
}

// The first counter whose hash begins with that many zero bits, 1 to 31: the hash's first word tells.
function solve(seed, puzzle, bits) {
  words.fill(0);
  words.set(seed);
  words[8] = puzzle;
  words[10] = 0x80000000; // the end of 40 bytes,
  words[15] = 320; // which are 320 bits
  // The first nine rounds do not see the counter.
  mix(start, 0, 9);
  const middle = mixed.slice();
  const shift = 32 - bits;
  for (let counter = 0; counter <= 0xffffffff; counter++) {
    words[9] = counter;
    extend();
    mix(middle, 9, 64);
    if ((start[0] + mixed[0]) >>> shift === 0) return counter;
  }
  return undefined;
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

self.onmessage = ({ data: challenge }) => {
  const [version, algorithm, bits] = String(challenge).split(".");
  const each = Number(bits) - Math.log2(puzzles);
  if (version !== "pow1" || algorithm !== "sha256x16" || !(each >= 1 && each <= 31)) {
    self.postMessage({ error: "unknown kind of challenge" });
    return;
  }
  const seed = hash(challenge);
  const solution = new DataView(new ArrayBuffer(puzzles * 4));
  for (let puzzle = 0; puzzle < puzzles; puzzle++) {
    const counter = solve(seed, puzzle, each);
    if (counter === undefined) {
      self.postMessage({ error: "the challenge has no solution" });
      return;
    }
    solution.setUint32(puzzle * 4, counter);
    self.postMessage({ progress: (puzzle + 1) / puzzles });
  }
  self.postMessage({ solution: base64url(new Uint8Array(solution.buffer)) });
};
