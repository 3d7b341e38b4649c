import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./wall.mjs";

const { mapGround, mapMarks } = load("clock.js", "frame.js", "map-canvas.js", "map-ground.js", "map-marks.js");

test("a load's class is the number of edges it reaches", () => {
  assert.deepEqual([0, 1, 3, 50].map((load_) => mapGround.classOf(load_, [1, 3, 6])), [0, 1, 2, 3]);
});

test("points are counted in squares, those outside the picture are not", () => {
  const points = { x: Float32Array.of(1, 2, 55, 5000), y: Float32Array.of(1, 2, 55, 5000) };
  const bins = mapMarks.cluster(points, { scale: 1, dx: 0, dy: 100, width: 100, height: 100 }, 10);
  assert.deepEqual(Array.from(bins, (bin) => bin.count).sort(), [1, 2]);
});

test("a name stands in the middle of the largest ring", () => {
  const small = Float32Array.of(0, 0, 1, 0, 1, 1, 0, 1, 0, 0);
  const large = Float32Array.of(10, 10, 20, 10, 20, 20, 10, 20, 10, 10);
  assert.deepEqual(Array.from(mapGround.middleOf([small, large]), Math.round), [15, 15]);
});
