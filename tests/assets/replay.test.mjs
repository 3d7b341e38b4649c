import assert from "node:assert/strict";
import test from "node:test";
import { loadWith } from "./wall.mjs";

const ZONE = "Asia/Shanghai";
const at = (text) => Date.parse(`${text}+08:00`);
const NOW = at("2026-11-20T15:00:00");
const plain = (value) => JSON.parse(JSON.stringify(value));

/** A page with a root, an address, and a server that hears what it is told. */
function page({ at_ms = null, screen = "wall" } = {}) {
  const own = { classes: new Set(), steered: [], rejoined: 0, rung: [], localMs: 0, address: "http://here/wall?lang=en", keys: null, warned: [] };
  const classList = { toggle: (name, is) => own.classes[is ? "add" : "delete"](name), add: (name) => own.classes.add(name) };
  const root = { classList, isConnected: true };
  const location = { get href() { return own.address; } };
  const window = {
    location, history: { state: null, replaceState: (_, __, to) => (own.address = String(to)) }, dispatchEvent: () => null,
    wall: {
      sounds: { ring: (wanted) => own.rung.push(wanted) },
      live: { rejoin: () => own.rejoined++, steer: (wish, then) => own.steered.push({ wish, then }) },
      timeBar: { start: () => null, warn: (text) => own.warned.push(text) },
      duty: { turn: () => (own.turned = (own.turned || 0) + 1), dropRows: () => (own.dropped = (own.dropped || 0) + 1) },
    },
  };
  const document = {
    title: "宝安区", documentElement: { classList: { toggle: () => null } }, querySelector: () => null,
    addEventListener: (name, run) => (own.keys = run),
  };
  const performance = { timeOrigin: NOW, now: () => own.localMs };
  const wall = loadWith(
    { window, document, performance, URL, Event: class {}, clearInterval: () => null, setInterval: (run) => ((own.tick = run), 1) },
    "clock.js", "replay.js",
  );
  const settings = {
    screen, zone: ZONE,
    replay: { at_ms, bad: "", speeds: [1, 2, 5], back_s: 600, words: { "replay.in_gap": "gap {t}", "replay.seeking": "to {t}", "replay.playing": "{x}×", "replay.bad_address": "bad {w}" } },
  };
  wall.replay.start(root, settings);
  return Object.assign(own, { wall, replay: wall.replay, clock: wall.clock, document });
}

const standing = (more) => ({ replay: { at_ms: at("2026-11-20T14:00:00"), speed: 1, playing: true, seeking: false, error: "", gap: false, shown_ms: 0, ...more } });

/** A key, as the browser sends it; answers whether it was taken. */
function press(own, key, more = {}) {
  let isTaken = false;
  own.keys({ key, target: {}, preventDefault: () => (isTaken = true), stopImmediatePropagation: () => null, ...more });
  return isTaken;
}

const { momentOf, written } = page().replay;

test("a time alone is of the day that is shown, a day alone of its year", () => {
  assert.equal(momentOf("14:32", NOW, ZONE), at("2026-11-20T14:32:00"));
  assert.equal(momentOf("9：05：07", NOW, ZONE), at("2026-11-20T09:05:07"));
  assert.equal(momentOf("3-1 14:32", NOW, ZONE), at("2026-03-01T14:32:00"));
  assert.equal(momentOf(" 2025/12/31 23:59:59 ", NOW, ZONE), at("2025-12-31T23:59:59"));
});

test("what is no moment is none", () => {
  for (const text of ["", "noon", "25:00", "12:60", "2026-02-30 10:00", "2026-11-20"]) assert.equal(momentOf(text, NOW, ZONE), null, text);
});

test("what was written is read again, across a clock change too", () => {
  for (const epochMs of [NOW, Date.parse("2026-03-29T00:59:59Z"), Date.parse("2026-03-29T01:00:00Z")]) {
    assert.equal(momentOf(written(epochMs, "Europe/Berlin"), NOW, "Europe/Berlin"), epochMs);
  }
});

test("a live screen hears what is live and nothing of a replay", () => {
  const own = page();
  assert.equal(own.replay.hear({ replay: null }, true), true);
  assert.equal(own.replay.hear(standing(), true), false);
  assert.equal(own.clock.nowMs(), NOW);
  assert.deepEqual([...own.classes], []);
});

test("a replay hears what is replayed and nothing live, and every clock goes by it", () => {
  const own = page({ at_ms: at("2026-11-20T14:00:00") });
  assert.equal(own.replay.hear({ replay: null }, true), false);
  assert.ok(own.classes.has("is-void"));
  own.replay.hear(standing({ speed: 60 }), true);
  assert.deepEqual([...own.classes], ["is-replay"]);
  own.localMs += 500;
  assert.equal(own.clock.nowMs(), at("2026-11-20T14:00:30"));
  assert.equal(own.clock.shownMs(), at("2026-11-20T14:00:00"));
});

test("a replay that is not heard any more stands still", () => {
  const own = page({ at_ms: NOW });
  own.replay.hear(standing(), true);
  own.localMs += 60_000;
  assert.equal(own.clock.nowMs(), at("2026-11-20T14:00:02"));
});

test("paused, on its way, or in trouble the clock stands", () => {
  for (const more of [{ playing: false }, { seeking: true }, { error: "gone" }]) {
    const own = page({ at_ms: NOW });
    own.replay.hear(standing(more), false);
    own.localMs += 1000;
    assert.equal(own.clock.nowMs(), at("2026-11-20T14:00:00"), JSON.stringify(more));
  }
});

test("where there is no picture of a moment, none is shown", () => {
  const own = page({ at_ms: NOW });
  own.replay.hear(standing(), true);
  assert.ok(!own.classes.has("is-void"));
  own.replay.hear(standing({ error: "no_archive" }), false);
  assert.ok(own.classes.has("is-void"));
  own.replay.hear(standing(), false); // it goes on, but only a whole picture is one
  assert.ok(own.classes.has("is-void"));
});

test("a seek is shown at once and not undone by what was sent before", () => {
  const own = page({ at_ms: NOW });
  own.replay.hear(standing(), true);
  own.replay.seek(at("2026-11-20T10:00:00"));
  assert.deepEqual(plain(own.steered[0].wish), { at_ms: at("2026-11-20T10:00:00") });
  own.replay.hear(standing(), false);
  assert.equal(own.clock.nowMs(), at("2026-11-20T10:00:00"));
  assert.ok(own.classes.has("is-seeking"));
  own.replay.hear(standing({ at_ms: at("2026-11-20T10:00:00") }), true);
  assert.ok(!own.classes.has("is-seeking"));
  assert.match(own.address, /at=2026-11-20T10%3A00%3A00/);
});

test("steps add up while it is on its way, and never lead beyond now", () => {
  const own = page({ at_ms: NOW });
  own.replay.hear(standing(), true);
  own.replay.step(-10);
  own.replay.step(-10);
  assert.equal(own.replay.nowMs(), at("2026-11-20T13:59:40"));
  own.replay.seek(NOW + 1e9);
  assert.ok(own.replay.nowMs() < NOW);
});

test("entering asks for another picture, is silent, and leaving takes everything off", () => {
  const own = page({ screen: "duty" });
  own.replay.back();
  assert.deepEqual([own.rejoined, own.rung, own.turned], [1, [null], 1]);
  assert.deepEqual(plain(own.replay.wish()), { at_ms: NOW - 600_000 });
  own.tick();
  assert.match(own.document.title, /14:50/);
  own.replay.leave();
  assert.deepEqual([own.rejoined, own.turned, own.document.title, own.address], [2, 2, "宝安区", "http://here/wall?lang=en"]);
  assert.deepEqual([...own.classes], []);
  assert.deepEqual(plain(own.replay.wish()), {});
  assert.equal(own.clock.nowMs(), NOW);
});

test("who joins again goes on where they were, as fast as they were", () => {
  const own = page({ at_ms: NOW });
  own.replay.hear(standing(), true);
  own.replay.change(1);
  own.replay.toggle();
  assert.deepEqual(plain(own.replay.wish()), { at_ms: at("2026-11-20T14:00:00") });
  own.steered.length = 0;
  own.replay.joined();
  assert.deepEqual(plain(own.steered[0].wish), { speed: 2, playing: false });
});

test("a replay that the server does not know is asked for again", () => {
  const own = page({ at_ms: NOW });
  own.replay.hear(standing(), true);
  own.replay.toggle();
  own.steered[0].then({});
  assert.equal(own.rejoined, 0);
  own.steered[0].then({ error: "no replay" });
  assert.equal(own.rejoined, 1);
});

test("gaps and errors are told in words", () => {
  const own = page({ at_ms: NOW });
  own.replay.hear(standing({ gap: true, shown_ms: at("2026-11-20T13:00:00") }), true);
  assert.deepEqual(plain(own.replay.notice()), { text: "gap 2026-11-20 13:00:00", state: "gap" });
  own.replay.hear(standing({ error: "busy" }), false);
  assert.equal(own.replay.notice().state, "error");
  own.replay.hear(standing(), true);
  assert.equal(own.replay.notice(), null);
});

test("the keys of a replay are its own, and of a live screen only the way in is", () => {
  const own = page({ at_ms: NOW });
  own.replay.hear(standing(), true);
  for (const key of [" ", ">", "<", "ArrowLeft", "-", "t"]) assert.ok(press(own, key), key);
  assert.ok(!own.replay.isOn());
  for (const key of [" ", ">", "ArrowLeft", "n"]) assert.ok(!press(own, key), key);
  assert.ok(press(own, "t"));
  assert.ok(own.replay.isOn());
});

test("on the console the letter T alone is another's", () => {
  const own = page({ screen: "duty" });
  assert.ok(!press(own, "t"));
  assert.ok(press(own, "T", { shiftKey: true }));
});

test("what is typed into a field is no key of a replay", () => {
  const own = page({ at_ms: NOW });
  assert.ok(!press(own, " ", { target: { closest: (what) => what.startsWith("input") } }));
  assert.ok(!press(own, "t", { ctrlKey: true }));
});
