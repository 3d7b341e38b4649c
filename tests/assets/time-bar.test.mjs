import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./wall.mjs";

const { timeBar } = load("clock.js", "replay.js", "time-bar.js");
const plain = (value) => JSON.parse(JSON.stringify(value));
const mark = (kind, second) => ({ kind, at_ms: second * 1000 });
const MARKS = [mark("incident", 100), mark("alert", 150), mark("incident", 200), mark("gap", 300)];

const next = (kind, nowS) => timeBar.following(MARKS, kind, 1, nowS * 1000, 5000)?.at_ms;
const previous = (kind, nowS, slackMs = 5000) => timeBar.following(MARKS, kind, -1, nowS * 1000, slackMs)?.at_ms;

test("the next of a kind is the next of that kind", () => {
  assert.equal(next("incident", 0), 100_000);
  assert.equal(next("incident", 101), 200_000);
  assert.equal(next("alert", 101), 150_000);
  assert.equal(next("incident", 201), undefined);
});

test("the one before is not the one that was just jumped to", () => {
  assert.equal(previous("incident", 204), 100_000);
  assert.equal(previous("incident", 210), 200_000);
  assert.equal(previous("incident", 90), undefined);
});

test("a gap is entered far enough to be seen as one, and left again by the same key", () => {
  const [gap] = MARKS.slice(3);
  assert.equal(timeBar.landing(gap), 306_500);
  assert.equal(next("gap", 200), 300_000);
  assert.equal(next("gap", 306.5), undefined);
  assert.equal(previous("gap", 306.5), undefined);
});

test("a day's counts are steps from left to right, the most at the top", () => {
  assert.deepEqual(plain(timeBar.outline([0, 4], 4)), [[0, 1], [0.5, 1], [0.5, 0], [1, 0]]);
});

test("the day beside another is found across months and years", () => {
  assert.equal(timeBar.dayBeside("2026-12-31", 1), "2027-01-01");
  assert.equal(timeBar.dayBeside("2026-03-01", -1), "2026-02-28");
});
