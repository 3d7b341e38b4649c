import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./wall.mjs";

const { frame, mapUnits } = load("clock.js", "frame.js", "map-units.js");

function packed(rows, newestMs, seq = 1) {
  const buffer = new ArrayBuffer(frame.HEADER_BYTES + 17 * rows.length);
  const head = new DataView(buffer);
  head.setUint32(0, 0x31544e55, true);
  head.setUint32(4, 7, true);
  head.setUint32(8, seq, true);
  head.setUint32(16, rows.length, true);
  head.setFloat64(20, newestMs, true);
  const n = rows.length;
  rows.forEach(([unit, x, y, age, state], i) => {
    new Uint32Array(buffer, 32, n)[i] = unit;
    new Float32Array(buffer, 32 + 4 * n, n)[i] = x;
    new Float32Array(buffer, 32 + 8 * n, n)[i] = y;
    new Float32Array(buffer, 32 + 12 * n, n)[i] = age;
    new Uint8Array(buffer, 32 + 16 * n, n)[i] = state;
  });
  return frame.read(buffer);
}

test("other bytes are no frame", () => {
  assert.equal(frame.read(new ArrayBuffer(8)), null);
  assert.equal(frame.read(new ArrayBuffer(64)), null);
});

test("units keep their place, columns grow", () => {
  let units = frame.apply(frame.columns(2), packed([[5, 10, 20, 1, 1]], 2000));
  assert.equal(units.count, 1);
  assert.deepEqual([units.x[5], units.y[5], units.seenMs[5], units.state[5]], [10, 20, 1000, 1]);
  units = frame.apply(units, packed([[5, 11, 21, 0, 2], [0, 1, 1, 0, 1]], 3000));
  assert.deepEqual([units.count, units.x[5], units.newestMs], [2, 11, 3000]);
});

test("an older position never replaces a newer one, a newer state does", () => {
  let units = frame.apply(frame.columns(2), packed([[0, 10, 10, 0, 1]], 5000));
  units = frame.apply(units, packed([[0, 99, 99, 3, 2]], 6000));
  assert.deepEqual([units.x[0], units.state[0]], [10, 2]);
});

test("painting leaves out who is off, old or outside, and marks who is stale", () => {
  const sprite = (colour) => ({ offset: Int32Array.of(0), colour: Uint32Array.of(colour), half: 0 });
  const drawn = Array.from({ length: 18 }, (_, place) => sprite(place + 1));
  const now = 1_000_000;
  const rows = [[0, 1, 1, 0, 1], [1, 2, 2, 100, 1], [2, 3, 3, 2000, 1], [3, 99, 4, 0, 1], [4, 5, 5, 0, 0], [5, 6, 6, 0, 2]];
  const units = frame.apply(frame.columns(8), packed(rows, now));
  const pixels = new Uint32Array(100);
  const view = { width: 10, height: 10, scale: 1, dx: 0, dy: 9 };
  const settings = { freshMs: [60000], offMs: 900000 };
  assert.equal(mapUnits.paint(pixels, view, units, new Uint8Array(8), drawn, settings, now), 3);
  assert.deepEqual([...pixels.filter(Boolean)].sort(), [1, 2, 3]);
});
