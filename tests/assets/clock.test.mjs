import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./wall.mjs";

const { clock } = load("clock.js");

test("a countdown shows what is left, then how much over", () => {
  assert.equal(clock.countdown(61), "01:01");
  assert.equal(clock.countdown(0.2), "00:01");
  assert.equal(clock.countdown(-34.9), "+00:34");
  assert.equal(clock.countdown(3725), "1:02:05");
});

test("ages are short on the feed strip", () => {
  assert.deepEqual([3.9, 133, 7300, 200000].map(clock.shortAge), ["3s", "02:13", "2h", "2d"]);
});

test("the sample with the least round trip gives the offset", () => {
  const samples = [
    { sentMs: 0, serverMs: 1100, receivedMs: 200 },
    { sentMs: 300, serverMs: 1301, receivedMs: 302 },
  ];
  const best = clock.bestOffset(samples);
  assert.deepEqual([best.roundTripMs, best.offsetMs], [2, 1000]);
});

test("a page that follows a replay goes by its clock until it is live again", () => {
  clock.follow(1000);
  assert.equal(clock.nowMs(), 1000);
  assert.equal(clock.speed(), 0);
  assert.ok(clock.liveMs() > 1e12);
  clock.follow(null);
  assert.ok(clock.nowMs() > 1e12);
  assert.equal(clock.speed(), 1);
});
