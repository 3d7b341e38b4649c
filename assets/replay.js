/* A replay on this one screen: whether it is one, where it stands, and how it is steered. live.js sends and receives;
   time-bar.js shows the bar. The server folds; here is only the clock that everything on the page goes by. */
(function (wall) {
  "use strict";

  const SECOND_MS = 1000;
  const DAY_MS = 86400000;
  const SETTLE_MS = 3000; // so long what was sent before a wish may still arrive
  const NOTICE_MS = 20000;
  const EDGE_MS = 6000; // a replay comes no nearer to now than this
  const EMPTY = new Set(["no_archive", "future", "broken", "busy", "no_centre"]); // errors behind which there is no picture
  const ROWS = { live: 54, wall: 61.1, duty: 54 }; // rem of a screen's height; the wall makes room for the bar

  const own = {
    root: null, settings: null, asked: null, standing: null, wish: { speed: 1, playing: true }, target: null,
    seekingMs: 0, hasPicture: false, title: "", timer: 0, listeners: [],
  };

  // -- moments as people write them ---------------------------------------------------------------------------------

  const two = (value) => String(value).padStart(2, "0");

  /** How far the clocks of a zone are ahead of UTC at an instant. */
  function offsetMs(epochMs, zone) {
    const style = { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" };
    const parts = new Intl.DateTimeFormat("en-US", style).formatToParts(epochMs);
    const at = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second) - Math.floor(epochMs / SECOND_MS) * SECOND_MS;
  }

  /** An instant on the clocks of a zone: 2026-11-20 14:32:05. */
  function written(epochMs, zone) {
    return new Date(epochMs + offsetMs(epochMs, zone)).toISOString().slice(0, 19).replace("T", " ");
  }

  /** The instant that somebody wrote: 14:32 on the day that is shown, 11-20 14:32 in its year, or all of it; null: none. */
  function momentOf(text, nowMs, zone) {
    const found = /^(?:(?:(\d{4})[-/.])?(\d{1,2})[-/.](\d{1,2})[ T]+)?(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?$/.exec(text.trim());
    if (!found) return null;
    const [year, month, day] = written(nowMs, zone).slice(0, 10).split("-").map(Number);
    const [wish, hour, minute, second] = [found.slice(1, 4), ...found.slice(4).map((each) => Number(each ?? 0))];
    const date = [Number(wish[0] ?? year), Number(wish[1] ?? month), Number(wish[2] ?? day)];
    if (hour > 23 || minute > 59 || second > 59) return null;
    const asUtc = Date.UTC(date[0], date[1] - 1, date[2], hour, minute, second);
    if (new Date(asUtc).getUTCDate() !== date[2]) return null; // the 31st of a month without one
    const first = asUtc - offsetMs(asUtc, zone);
    return asUtc - offsetMs(first, zone);
  }

  // -- what is so -----------------------------------------------------------------------------------------------------

  const isOn = () => own.asked !== null;
  const nowMs = () => own.target ?? wall.clock.nowMs();
  const word = (key, parts = {}) =>
    Object.entries(parts).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), own.settings.replay.words[key] ?? key);
  const onClock = (epochMs) => written(epochMs, own.settings.zone);

  /** What a join says of the moment that is wanted; nothing: what is live. */
  function wish() {
    return isOn() ? { at_ms: own.standing && !own.standing.error ? nowMs() : own.asked } : {};
  }

  /** A join was answered: the server begins each replay playing at its own pace. */
  function joined() {
    if (isOn() && (own.wish.speed !== 1 || !own.wish.playing)) steer({ ...own.wish });
  }

  /** Take in where a replay stands; false: the message is not for what this screen shows. */
  function hear(message, isWhole) {
    const { replay } = message;
    if (Boolean(replay) !== isOn()) return false;
    if (!replay) return true;
    if (own.target !== null && (isWhole || replay.seeking || replay.error || performance.now() - own.seekingMs > SETTLE_MS)) {
      own.target = null;
    }
    const isGoing = replay.seeking || own.target !== null;
    own.standing = { ...replay, seeking: isGoing, at_ms: own.target ?? replay.at_ms };
    if (!isGoing) own.seekingMs = 0;
    else if (!own.seekingMs) own.seekingMs = performance.now();
    const isRunning = replay.playing && !isGoing && !replay.error;
    wall.clock.follow(own.standing.at_ms, isRunning ? replay.speed : 0);
    own.hasPicture = isWhole || (own.hasPicture && !EMPTY.has(replay.error));
    own.root.classList.toggle("is-seeking", isGoing || replay.error === "gone");
    own.root.classList.toggle("is-void", !own.hasPicture);
    if (isWhole && own.settings.screen === "duty") wall.duty.dropRows();
    tell();
    return true;
  }

  /** How fast it goes, in words. */
  function pace() {
    const { speed, playing } = own.wish;
    if (!playing) return word("replay.paused");
    return isOn() && wall.clock.liveMs() - nowMs() < EDGE_MS ? word("replay.at_now") : word("replay.playing", { x: speed });
  }

  /** What is wrong or under way, in words; null: nothing. {text, more, state} */
  function notice() {
    const { standing } = own;
    if (!standing) return { text: word("replay.seeking", { t: onClock(own.asked) }), more: waited(), state: "seeking" };
    if (standing.error === "no_archive" && own.firstMs) {
      return { text: word("replay.error.no_archive_since", { t: onClock(own.firstMs) }), state: "error" };
    }
    if (standing.error) return { text: word(`replay.error.${standing.error}`), state: "error" };
    if (standing.seeking) return { text: word("replay.seeking", { t: onClock(standing.at_ms) }), more: waited(), state: "seeking" };
    return standing.gap ? { text: word("replay.in_gap", { t: onClock(standing.shown_ms) }), state: "gap" } : null;
  }

  function waited() {
    const waitedS = Math.floor((performance.now() - own.seekingMs) / SECOND_MS);
    return waitedS ? word("replay.seeking_for", { n: waitedS }) : "";
  }

  const tell = () => own.listeners.forEach((listener) => listener());

  // -- in and out -----------------------------------------------------------------------------------------------------

  /** Show a past moment from now on. */
  function enter(atMs) {
    if (isOn()) return seek(atMs);
    Object.assign(own, { asked: atMs, standing: null, target: null, wish: { speed: 1, playing: true }, seekingMs: performance.now() });
    wall.clock.follow(atMs);
    wear(true);
    wall.sounds.ring(null);
    return changed();
  }

  function leave() {
    if (!isOn()) return;
    Object.assign(own, { asked: null, standing: null, target: null });
    wall.clock.follow(null);
    wear(false);
    changed();
  }

  /** Put on, or take off, all that says that this is not live. */
  function wear(is) {
    own.hasPicture = false;
    for (const css of ["is-replay", "is-seeking", "is-void"]) own.root.classList.toggle(css, is);
    document.documentElement.classList.toggle("has-replay", is);
    if (!is) document.title = own.title;
  }

  function changed() {
    if (own.settings.screen === "duty") wall.duty.turn();
    wall.live.rejoin();
    keepAddress();
    tell();
    window.dispatchEvent(new Event("resize"));
  }

  /** The address says what is shown, so that it can be handed on and loaded again. */
  function keepAddress() {
    const address = new URL(window.location.href);
    if (isOn()) address.searchParams.set("at", onClock(nowMs()).replace(" ", "T"));
    else address.searchParams.delete("at");
    window.history.replaceState(window.history.state, "", address);
  }

  // -- steering -------------------------------------------------------------------------------------------------------

  function steer(wanted) {
    Object.assign(own.wish, { speed: wanted.speed ?? own.wish.speed, playing: wanted.playing ?? own.wish.playing });
    wall.live.steer(wanted, (answer) => {
      if (answer && answer.error && isOn()) wall.live.rejoin();
    });
    tell();
  }

  function seek(atMs) {
    if (!isOn()) return enter(atMs);
    const until = wall.clock.liveMs() - EDGE_MS / 2;
    Object.assign(own, { asked: Math.min(atMs, until), target: Math.min(atMs, until), seekingMs: performance.now() });
    own.standing = { ...own.standing, at_ms: own.target, seeking: true, error: "", gap: false };
    wall.clock.follow(own.target);
    own.root.classList.add("is-seeking");
    steer({ at_ms: own.target });
    return keepAddress();
  }

  function toggle() {
    const playing = !own.wish.playing;
    // The clock stands at once; the server's word follows.
    if (!own.target) wall.clock.follow(wall.clock.nowMs(), 0);
    steer({ playing });
    if (!playing) keepAddress();
  }

  function change(by) {
    const { speeds } = own.settings.replay;
    const place = Math.min(speeds.length - 1, Math.max(0, speeds.indexOf(own.wish.speed) + by));
    steer({ speed: speeds[place] });
  }

  const step = (seconds) => seek(nowMs() + seconds * SECOND_MS);
  const back = () => enter(wall.clock.liveMs() - own.settings.replay.back_s * SECOND_MS);

  // -- the screen -----------------------------------------------------------------------------------------------------

  function tick() {
    if (!own.root.isConnected || !isOn()) return;
    const [date, time] = onClock(nowMs()).split(" ");
    const title = `⏪ ${word("replay")} ${date} ${time.slice(0, 5)} · ${own.title}`;
    if (document.title !== title) document.title = title;
    tell();
  }

  /** Begin with a screen; called by live.js. */
  function start(root, settings) {
    const isFirst = own.root === null;
    Object.assign(own, { root, settings, standing: null, target: null, wish: { speed: 1, playing: true }, firstMs: null });
    if (isFirst) own.title = document.title;
    wall.timeBar.start(root, settings);
    own.asked = settings.replay.at_ms;
    wall.clock.follow(own.asked);
    own.seekingMs = performance.now();
    wear(isOn());
    wall.timeBar.warn(settings.replay.bad ? word("replay.bad_address", { w: settings.replay.bad }) : "", NOTICE_MS);
    clearInterval(own.timer);
    own.timer = setInterval(tick, 250);
    tell();
  }

  const isTyping = (el) => el.closest && el.closest("input:not([type=checkbox]), textarea, select, [contenteditable=true]") !== null;

  /** A key: in a replay its own, before those of the screen. */
  function onKey(event) {
    if (!own.root || !own.root.isConnected || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const act = isOn() ? actOf(event) : wayIn(event);
    if (!act || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  }

  /** From a live wall T leads back; on the console that letter is taken, with Shift it is not. */
  function wayIn(event) {
    if (event.key.toLowerCase() !== "t" || wall.dutyForms?.isOpen()) return null;
    return event.shiftKey || own.settings.screen === "wall" ? back : null;
  }

  function actOf(event) {
    const way = event.shiftKey ? -1 : 1;
    const key = event.key.toLowerCase();
    const isOnButton = event.target.closest?.("button") && (key === " " || key === "enter");
    if (isOnButton) return null;
    return {
      " ": toggle, t: leave, "<": () => change(-1), ",": () => change(-1), ">": () => change(1), ".": () => change(1),
      arrowleft: () => step(event.shiftKey ? -60 : -10), arrowright: () => step(event.shiftKey ? 60 : 10),
      "-": () => step(-1), _: () => step(-1), "=": () => step(1), "+": () => step(1), j: () => wall.timeBar.focus(),
      n: () => wall.timeBar.jump("incident", way), l: () => wall.timeBar.jump("alert", way), d: () => wall.timeBar.jump("gap", way),
    }[key];
  }

  document.addEventListener("keydown", onKey, true);

  wall.replay = {
    start, isOn, wish, joined, hear, pace, notice, enter, leave, back, seek, toggle, change, step, nowMs, onClock, word,
    momentOf, written, DAY_MS,
    rows: () => (isOn() ? ROWS[own.settings.screen] : ROWS.live),
    /** The screen shows another centre. */
    moved: () => tell(),
    /** When history begins, as the timeline says. */
    begins: (firstMs) => (own.firstMs = firstMs),
    wanted: () => own.wish,
    listen: (listener) => own.listeners.push(listener),
  };
})((window.wall = window.wall || {}));
