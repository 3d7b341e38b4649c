import assert from "node:assert/strict";
import test from "node:test";
import { loadWith } from "./wall.mjs";

/** A page whose browser lets sound out, or not yet. */
function page(state = "running") {
  const own = { nowMs: 1000, timers: [], told: [] };
  const tone = () => ({ frequency: {}, connect: (next) => next, start: () => null, stop: () => null });
  const gain = { gain: { setValueAtTime: () => null, linearRampToValueAtTime: () => null }, connect: () => null };
  class AudioContext {
    currentTime = 0;
    state = state;
    createOscillator = tone;
    createGain = () => ({ ...gain });
    addEventListener() {}
    async resume() {
      this.state = "running";
    }
  }
  own.kept = {};
  const listeners = {};
  const sounds = loadWith({
    AudioContext, Date: { now: () => own.nowMs },
    document: { addEventListener: (name, run) => (listeners[name] = run) },
    sessionStorage: {
      getItem: (key) => own.kept[key] ?? null, setItem: (key, value) => (own.kept[key] = value), removeItem: (key) => delete own.kept[key],
    },
    setInterval: (run, ms) => own.timers.push({ run, ms }), clearInterval: () => (own.timers = []), setTimeout: () => 0,
    window: { AudioContext },
  }, "sounds.js").sounds;
  sounds.start((told) => own.told.push(told.state));
  return Object.assign(own, { sounds, gesture: () => listeners.keydown() });
}

test("an alarm sounds again and again until it is answered; the lowest level once", () => {
  const own = page();
  own.sounds.ring({ key: "a", level: 2, at: 1 });
  assert.equal(own.timers.length, 1);
  own.timers[0].run();
  assert.equal(own.sounds.played(), 2);
  own.sounds.ring(null);
  assert.equal(own.timers.length, 0);
  own.sounds.ring({ key: "b", level: 4, at: 2 });
  assert.deepEqual([own.timers.length, own.sounds.played()], [0, 3]);
});

test("the same ring does not start anew, a new one of the same alarm does", () => {
  const own = page();
  own.sounds.ring({ key: "a", level: 1, at: 1 });
  own.sounds.ring({ key: "a", level: 1, at: 1 });
  assert.equal(own.sounds.played(), 1);
  own.sounds.ring({ key: "a", level: 1, at: 61 });
  assert.equal(own.sounds.played(), 2);
});

test("levels sound different and the graver the more often", () => {
  const { PATTERNS } = page().sounds;
  assert.equal(new Set(Object.values(PATTERNS).map((each) => JSON.stringify(each.notes))).size, 4);
  assert.ok(PATTERNS[1].every_s < PATTERNS[2].every_s && PATTERNS[2].every_s < PATTERNS[3].every_s);
});

test("what is muted is silent for ten minutes, but not for a level I that comes later", () => {
  const own = page();
  own.sounds.mute("会商");
  own.sounds.ring({ key: "a", level: 2, at: 1 });
  assert.deepEqual([own.sounds.state(), own.sounds.played()], ["muted", 0]);
  own.sounds.ring({ key: "b", level: 1, at: 2 });
  assert.deepEqual([own.sounds.state(), own.sounds.played()], ["on", 1]);
  own.sounds.mute("会商");
  own.nowMs += 600001;
  assert.equal(own.sounds.isMuted(), false);
});

test("a browser that blocks sound is said to, and a key lets it out", async () => {
  const own = page("suspended");
  own.sounds.ring({ key: "a", level: 1, at: 1 });
  assert.deepEqual([own.sounds.state(), own.sounds.played()], ["blocked", 0]);
  own.gesture();
  await new Promise(setImmediate);
  assert.deepEqual([own.sounds.state(), own.sounds.played()], ["on", 1]);
});
