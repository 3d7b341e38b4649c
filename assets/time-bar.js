/* The time bar under a replay: the day at a glance (GET /timeline), the playhead, jumps to what happened, and the words
   that say where the replay stands. assets/replay.js steers. */
(function (wall) {
  "use strict";

  const SECOND_MS = 1000;
  const HOUR_MS = 3600000;
  const DAYS_LOOKED = 7;
  const AGAIN_MS = 30000;
  const LANDING_MS = { incident: SECOND_MS, alert: SECOND_MS, gap: 6500 }; // behind a mark: there it can be seen
  const SHOWN_MS = 250; // a seek that is shorter needs no words

  const own = { root: null, settings: null, parts: {}, days: new Map(), day: null, day_of: "", drag: null, warning: "" };

  // -- pure parts -------------------------------------------------------------------------------------------------------

  /** Where a jump to a mark leads. */
  const landing = (mark) => mark.at_ms + LANDING_MS[mark.kind];

  /** The next mark of a kind in a direction; null: none. `slackMs`: what has been passed that lately is not gone back to. */
  function following(marks, kind, way, nowMs, slackMs) {
    const those = marks.filter((mark) => mark.kind === kind);
    if (way > 0) return those.find((mark) => landing(mark) > nowMs + SECOND_MS / 2) ?? null;
    return those.findLast((mark) => landing(mark) < nowMs - slackMs) ?? null;
  }

  /** The outline of a day's counts as [x, y] in 0..1 of the strip; y grows downwards. */
  function outline(counts, most) {
    return counts.flatMap((count, place) => {
      const y = 1 - count / most;
      return [[place / counts.length, y], [(place + 1) / counts.length, y]];
    });
  }

  /** Another day, as YYYY-MM-DD. */
  function dayBeside(day, by) {
    return new Date(Date.parse(`${day}T12:00:00Z`) + by * wall.replay.DAY_MS).toISOString().slice(0, 10);
  }

  // -- the day ----------------------------------------------------------------------------------------------------------

  const dayOf = (epochMs) => wall.replay.onClock(epochMs).slice(0, 10);

  /** The timeline of a day, kept for a while; null: it cannot be read. */
  async function dayAt(day) {
    const key = `${day} ${wall.live.centre()}`;
    const kept = own.days.get(key);
    if (kept && (kept.content || kept.isAsked) && performance.now() - kept.askedMs < AGAIN_MS) return kept.promise;
    const promise = ask(day);
    own.days.set(key, { promise, askedMs: performance.now(), isAsked: true });
    const content = await promise;
    own.days.set(key, { promise, content, askedMs: performance.now() });
    return content;
  }

  async function ask(day) {
    try {
      const answer = await fetch(`/timeline?${new URLSearchParams({ day, centre: wall.live.centre() })}`, { credentials: "same-origin" });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  /** Show the day that the playhead is in. */
  async function showDay() {
    const wanted = `${dayOf(wall.replay.nowMs())} ${wall.live.centre()}`;
    const isNew = own.day_of !== wanted;
    if (!isNew && performance.now() - own.askedMs < AGAIN_MS) return;
    own.day_of = wanted;
    own.askedMs = performance.now();
    if (isNew) own.day = null;
    const found = await dayAt(wanted.slice(0, 10));
    if (own.day_of !== wanted || !wall.replay.isOn()) return;
    own.day = found;
    if (found) wall.replay.begins(found.first_ms);
    own.parts.note.textContent = found ? "" : wall.replay.word("replay.no_strip");
    own.parts.note.hidden = Boolean(found);
    draw();
  }

  /** Go to the next thing of a kind; other days are looked through as well. */
  async function jump(kind, way) {
    const { replay } = wall;
    const { speed, playing } = replay.wanted();
    const name = replay.word(`replay.${kind}`);
    const nowMs = replay.nowMs();
    warn(replay.word("replay.looking", { w: name }));
    let day = dayOf(nowMs);
    for (let tried = 0; tried <= DAYS_LOOKED; tried++, day = dayBeside(day, way)) {
      const found = await dayAt(day);
      const mark = found && following(found.marks, kind, way, nowMs, 5 * SECOND_MS * (playing ? Math.max(1, speed / 2) : 0.2));
      if (mark) {
        warn(mark.title, 4 * SECOND_MS);
        return void replay.seek(landing(mark));
      }
      if (way > 0 ? day >= dayOf(wall.clock.liveMs()) : found && found.first_ms && found.from_ms < found.first_ms) break;
    }
    warn(replay.word("replay.none_that_way", { w: name }), 4 * SECOND_MS);
  }

  // -- drawing ------------------------------------------------------------------------------------------------------------

  const token = (name) => getComputedStyle(own.root).getPropertyValue(name).trim();

  function draw() {
    const { canvas } = own.parts;
    const box = canvas.getBoundingClientRect();
    if (!box.width) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(box.width * ratio);
    canvas.height = Math.round(box.height * ratio);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const at = { pen: canvas.getContext("2d"), width: box.width, height: box.height, rem };
    at.pen.scale(ratio, ratio);
    const [fromMs, toMs] = span();
    at.x = (epochMs) => (at.width * (epochMs - fromMs)) / (toMs - fromMs);
    at.foot = at.height - 0.95 * rem;
    if (own.day) {
      drawInflow(at);
      drawUnknown(at);
    }
    drawHours(at, fromMs, toMs);
    if (own.day) drawMarks(at);
  }

  /** The day's beginning and end; a guess until the timeline has come. */
  function span() {
    if (own.day) return [own.day.from_ms, own.day.to_ms];
    const from = wall.replay.momentOf("00:00", wall.replay.nowMs(), own.settings.zone);
    return [from, from + wall.replay.DAY_MS];
  }

  function drawInflow({ pen, width, foot, rem }) {
    const most = Math.max(4, ...own.day.found, ...own.day.closed);
    const top = 0.9 * rem;
    const path = (counts) => {
      pen.beginPath();
      pen.moveTo(0, foot);
      for (const [x, y] of outline(counts, most)) pen.lineTo(x * width, top + y * (foot - top));
      pen.lineTo(width, foot);
    };
    path(own.day.found);
    pen.fillStyle = token("--bar-soft");
    pen.fill();
    path(own.day.closed);
    pen.strokeStyle = token("--tier-5");
    pen.lineWidth = Math.max(1, 0.08 * rem);
    pen.stroke();
  }

  /** Grey is what history does not have, hatched is when nobody led. */
  function drawUnknown(at) {
    const { first_ms, last_ms, from_ms, to_ms, marks } = own.day;
    const end = Math.min(to_ms, Math.max(last_ms ?? 0, Math.min(wall.clock.liveMs(), to_ms)));
    block(at, from_ms, first_ms === null ? to_ms : Math.max(from_ms, Math.min(first_ms, to_ms)), token("--ground"), 0.82);
    if (end < to_ms) block(at, end, to_ms, token("--ground"), 0.82);
    for (const gap of marks) if (gap.kind === "gap") hatch(at, gap.at_ms, gap.until_ms);
  }

  function block({ pen, x, foot }, fromMs, toMs, colour, opacity) {
    pen.globalAlpha = opacity;
    pen.fillStyle = colour;
    pen.fillRect(x(fromMs), 0, x(toMs) - x(fromMs), foot);
    pen.globalAlpha = 1;
  }

  function hatch({ pen, x, foot, rem }, fromMs, toMs) {
    const left = x(fromMs);
    const width = Math.max(0.25 * rem, x(toMs) - left);
    pen.save();
    pen.beginPath();
    pen.rect(left, 0, width, foot);
    pen.clip();
    pen.fillStyle = token("--ground");
    pen.fillRect(left, 0, width, foot);
    pen.strokeStyle = token("--warn");
    pen.lineWidth = 0.12 * rem;
    pen.beginPath();
    for (let start = left - foot; start < left + width; start += 0.5 * rem) {
      pen.moveTo(start, foot);
      pen.lineTo(start + foot, 0);
    }
    pen.stroke();
    pen.restore();
  }

  function drawHours({ pen, x, height, foot, rem }, fromMs, toMs) {
    pen.font = `${0.72 * rem}px "Inter Variable", sans-serif`;
    pen.textBaseline = "bottom";
    pen.textAlign = "left";
    for (let hour = 0; fromMs + hour * HOUR_MS < toMs; hour++) {
      const left = x(fromMs + hour * HOUR_MS);
      pen.fillStyle = token(hour % 3 ? "--line" : "--ink-mute");
      pen.fillRect(left, hour % 3 ? foot - 0.25 * rem : 0.9 * rem, 1, hour % 3 ? 0.25 * rem : foot - 0.9 * rem);
      pen.fillStyle = token("--ink-soft");
      if (hour % 3 === 0 || rem > 24) pen.fillText(wall.replay.onClock(fromMs + hour * HOUR_MS).slice(11, 16), left + 0.15 * rem, height);
    }
    pen.fillStyle = token("--line");
    pen.fillRect(0, foot, x(toMs), 1);
  }

  const NUMERALS = ["", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"];
  const FILLS = ["--ink-mute", "--alarm", "--late", "--note", "--info"];

  /** Incidents above, the graver over the lesser, by shape and numeral; alerts as small ticks at the foot. */
  function drawMarks(at) {
    const { pen, x, foot, rem } = at;
    for (const mark of own.day.marks) {
      if (mark.kind !== "alert") continue;
      pen.fillStyle = token(FILLS[mark.level] ?? FILLS[0]);
      pen.fillRect(x(mark.at_ms) - 0.05 * rem, foot - 0.5 * rem, 0.1 * rem, 0.5 * rem);
    }
    const incidents = own.day.marks.filter((mark) => mark.kind === "incident").sort((a, b) => b.level - a.level);
    for (const mark of incidents) drawIncident(at, mark);
  }

  function drawIncident({ pen, x, rem }, mark) {
    const size = 0.5 * rem;
    const [cx, cy] = [x(mark.at_ms), size + 1];
    const sides = [0, 4, 6, 4, 0][mark.level]; // diamond, hexagon, square, circle: as far apart as on the map
    const turn = mark.level === 3 ? Math.PI / 4 : 0;
    pen.beginPath();
    if (!sides) pen.arc(cx, cy, size, 0, 2 * Math.PI);
    for (let side = 0; side < sides; side++) {
      const angle = turn - Math.PI / 2 + (2 * Math.PI * side) / sides;
      pen.lineTo(cx + 1.15 * size * Math.cos(angle), cy + 1.15 * size * Math.sin(angle));
    }
    pen.closePath();
    pen.fillStyle = token(FILLS[mark.level]);
    pen.fill();
    pen.strokeStyle = token("--ground");
    pen.lineWidth = 0.06 * rem;
    pen.stroke();
    pen.fillStyle = mark.level === 1 ? token("--alarm-ink") : "#000";
    pen.font = `700 ${0.66 * rem}px "Inter Variable", "Noto Sans CJK SC", sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(NUMERALS[mark.level], cx, cy + 0.02 * rem);
  }

  // -- what moves -----------------------------------------------------------------------------------------------------------

  const setText = (el, text) => el.textContent !== text && (el.textContent = text);

  /** Bring everything up to the replay's moment; called whenever it may have moved. */
  function show() {
    if (!own.root || !own.root.isConnected) return;
    showNotice();
    if (!wall.replay.isOn()) return;
    const { parts } = own;
    const nowMs = wall.replay.nowMs();
    const { speed, playing } = wall.replay.wanted();
    setText(parts.speed, `${speed}×`);
    parts.play.dataset.state = playing ? "playing" : "paused";
    parts.play.title = wall.replay.word(playing ? "replay.pause" : "replay.play");
    setText(parts.state, wall.replay.pace());
    if (document.activeElement !== parts.field) parts.field.value = wall.replay.onClock(nowMs);
    showDay();
    if (!own.drag) moveHead(nowMs);
  }

  function moveHead(epochMs) {
    const [fromMs, toMs] = span();
    const share = Math.min(1, Math.max(0, (epochMs - fromMs) / (toMs - fromMs)));
    own.parts.head.style.left = `${100 * share}%`;
  }

  function showNotice() {
    const { notice, more, box } = own.parts;
    const told = wall.replay.isOn() ? wall.replay.notice() : null;
    const isBrief = told && told.state === "seeking" && !told.more && !own.isLong;
    if (told && told.state === "seeking" && !own.isLong) own.longTimer ||= setTimeout(() => (own.isLong = true), SHOWN_MS);
    if (!told || told.state !== "seeking") {
      clearTimeout(own.longTimer);
      own.longTimer = own.isLong = 0;
    }
    const shown = told && !isBrief ? told : own.warning ? { text: own.warning, state: "note" } : null;
    box.hidden = !shown;
    if (!shown) return;
    box.dataset.state = shown.state;
    setText(notice, shown.text);
    setText(more, shown.more || "");
  }

  /** Say something for a while; 0: until something else is said. */
  function warn(text, forMs = 0) {
    own.warning = text;
    clearTimeout(own.warningTimer);
    if (text && forMs) own.warningTimer = setTimeout(() => warn(""), forMs);
    if (own.parts.box) showNotice();
  }

  // -- hands ----------------------------------------------------------------------------------------------------------------

  function momentUnder(event) {
    const box = own.parts.strip.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const [fromMs, toMs] = span();
    return { share, atMs: fromMs + share * (toMs - fromMs) };
  }

  /** The time under the pointer, and what happened there. */
  function showTip(event) {
    const { tip, strip } = own.parts;
    const { share, atMs } = momentUnder(event);
    const [fromMs, toMs] = span();
    const reachMs = ((toMs - fromMs) * 8) / strip.clientWidth;
    const near = (own.day?.marks ?? []).filter((mark) => mark.kind !== "gap" && Math.abs(mark.at_ms - atMs) < reachMs);
    const best = near.sort((a, b) => (a.kind === "alert") - (b.kind === "alert") || a.level - b.level)[0];
    const bucket = Math.floor((atMs - fromMs) / SECOND_MS / (own.day?.bucket_s ?? 600));
    const { word } = wall.replay;
    const counts = own.day ? ` · ${word("replay.found")} ${own.day.found[bucket] ?? 0} ${word("replay.closed")} ${own.day.closed[bucket] ?? 0}` : "";
    setText(tip, `${wall.replay.onClock(atMs).slice(5)}${best ? ` · ${NUMERALS[best.level] ?? ""} ${best.title}` : counts}`);
    tip.hidden = false;
    tip.style.left = `${100 * share}%`;
    tip.classList.toggle("is-right", share > 0.5);
  }

  function watchStrip(strip) {
    strip.addEventListener("pointerdown", (event) => {
      strip.setPointerCapture(event.pointerId);
      own.drag = momentUnder(event);
      moveHead(own.drag.atMs);
    });
    strip.addEventListener("pointermove", (event) => {
      showTip(event);
      if (own.drag) moveHead((own.drag = momentUnder(event)).atMs);
    });
    strip.addEventListener("pointerup", () => {
      if (own.drag) wall.replay.seek(own.drag.atMs);
      own.drag = null;
    });
    strip.addEventListener("pointercancel", () => (own.drag = null));
    strip.addEventListener("pointerleave", () => (own.parts.tip.hidden = true));
  }

  function watchField(field) {
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") field.blur();
      if (event.key !== "Enter") return;
      const atMs = wall.replay.momentOf(field.value, wall.replay.nowMs(), own.settings.zone);
      if (atMs === null) return void warn(wall.replay.word("replay.not_a_moment"), 4 * SECOND_MS);
      field.blur();
      wall.replay.seek(atMs);
    });
  }

  function focus() {
    own.parts.field.focus();
    own.parts.field.select();
  }

  const ACTS = {
    open: () => wall.replay.back(),
    leave: () => wall.replay.leave(),
    toggle: () => wall.replay.toggle(),
    faster: () => wall.replay.change(1),
    slower: () => wall.replay.change(-1),
    step: (by) => wall.replay.step(Number(by)),
    jump: (by) => jump(by.replace("-", ""), by.startsWith("-") ? -1 : 1),
    report: () => wall.duty && wall.replay.enter(wall.duty.current.page().facts.reported_at * SECOND_MS),
  };

  function onClick(event) {
    const button = event.target.closest?.("[data-replay]");
    if (!button || !own.root || !own.root.contains(button)) return;
    if (event.detail) button.blur(); // a hand at the mouse: the space bar stays the bar's
    ACTS[button.dataset.replay](button.dataset.by);
  }

  /** An element as layouts/time_bar.py writes one: tag, attributes, children. */
  function make([tag, attributes, ...children]) {
    const el = document.createElement(tag);
    for (const [name, text] of Object.entries(attributes)) el.setAttribute(name, text);
    el.append(...children.map((child) => (typeof child === "string" ? child : make(child))));
    return el;
  }

  function start(root, settings) {
    const box = root.querySelector(".replay-notice");
    const bar = root.querySelector(".time-bar");
    Object.assign(own, { root, settings, day: null, day_of: "", drag: null });
    bar.replaceChildren(...settings.replay.bar.map(make));
    own.parts = { box, notice: box.firstChild, more: box.lastChild };
    for (const el of bar.querySelectorAll("[data-replay-part]")) own.parts[el.dataset.replayPart] = el;
    watchStrip(own.parts.strip);
    watchField(own.parts.field);
  }

  document.addEventListener("click", onClick);
  window.addEventListener?.("resize", () => own.root && wall.replay.isOn() && draw());

  wall.timeBar = { start, show, warn, focus, jump, following, landing, outline, dayBeside };
  wall.replay?.listen(show);
})((window.wall = window.wall || {}));
