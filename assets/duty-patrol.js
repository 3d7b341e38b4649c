/* Patrol on the console: the overdue cells of the chosen area, and single units, which are only asked for with a reason
   and go away by themselves (callbacks/patrol.py). What comes is shown as text. */
(function (wall) {
  "use strict";

  const SECOND_MS = 1000;
  const CELLS_EVERY_MS = 30000;
  const REASON_CHARS = 200;

  let own = null;
  let word = null;
  let why = null; // where the reason is written
  let area = ""; // the chosen one
  let asked = 0; // counts requests: an answer to an earlier one is dropped
  let ending = 0;

  function row(css, texts) {
    const el = document.createElement("div");
    el.className = css;
    for (const text of texts) {
      const part = document.createElement("span");
      part.textContent = text;
      part.title = text;
      el.append(part);
    }
    return el;
  }

  /** The answer, or why there is none. */
  async function ask(address, body) {
    const options = { credentials: "same-origin" };
    if (body) Object.assign(options, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    try {
      const answer = await fetch(address, options);
      if (answer.ok) return await answer.json();
      return { trouble: word(answer.status === 403 ? "patrol.may_not" : "patrol.away") };
    } catch {
      return { trouble: word("why.offline") };
    }
  }

  // -- cells of an area -------------------------------------------------------------------------------------------

  async function readCells() {
    if (!area) return;
    if (wall.replay.isOn()) return void showCells([], word("patrol.live_only"));
    const number = ++asked;
    const query = new URLSearchParams({ centre: area, lang: own.settings.lang });
    const found = await ask(`/patrol/cells?${query}`);
    if (number === asked) showCells(found.rows || [], found.trouble || found.note);
  }

  function showCells(rows, note) {
    const made = rows.map((texts) => row("patrol-long num", texts));
    own.parts["patrol-cells"].replaceChildren(...made, row("soft", note ? [note] : []));
  }

  /** Show the cells of an area. */
  function choose(code) {
    area = code;
    const place = own.payloads.patrol.codes.indexOf(code);
    wall.duty.setText("patrol-area", own.payloads.patrol.patrol_areas[place]?.name.text || "");
    readCells();
  }

  // -- single units -----------------------------------------------------------------------------------------------

  const say = (text) => wall.duty.setText("patrol-note", text);

  async function showUnits() {
    const reason = why.value.trim();
    if (!reason) {
      say(word("patrol.no_reason"));
      why.focus();
      return;
    }
    if (wall.replay.isOn()) return void say(word("patrol.live_only"));
    const centre = wall.live.centre();
    const found = await ask("/patrol/units", { centre, reason, lang: own.settings.lang });
    if (found.trouble || centre !== wall.live.centre()) return void say(found.trouble || word("patrol.ask_why"));
    const rows = found.rows.map((texts) => row("patrol-unit num", texts));
    own.parts["patrol-units"].replaceChildren(...(rows.length ? rows : [row("soft", [word("patrol.nobody")])]));
    setShown(rows.length > 0, true);
    const until = new Intl.DateTimeFormat("en", { timeZone: own.settings.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    say(word("patrol.shown_until", { t: until.format(found.until * SECOND_MS), w: reason }));
    why.value = "";
    clearTimeout(ending);
    ending = setTimeout(hideUnits, Math.max(0, found.until * SECOND_MS - wall.clock.nowMs()));
  }

  function setShown(hasRows, is) {
    own.parts["patrol-unit-head"].hidden = !hasRows;
    own.parts["patrol-hide"].hidden = !is;
  }

  /** Nobody is shown any more. */
  function hideUnits() {
    clearTimeout(ending);
    own.parts["patrol-units"].replaceChildren();
    setShown(false, false);
    say(word("patrol.ask_why"));
  }

  /** The pane's payload came. */
  function take(payload) {
    wall.binder.show(own.panels, "patrol", payload);
    if (!area && payload.codes.length) wall.duty.pick("patrol", payload.codes[0], "patrol_areas", 0);
  }

  /** Another centre is acted as: what was shown of the one before goes. */
  function forget() {
    area = "";
    asked += 1;
    showCells([], "");
    hideUnits();
  }

  function start(state, words) {
    own = state;
    word = words;
    area = "";
    why = document.createElement("input");
    why.className = "search";
    why.maxLength = REASON_CHARS;
    why.placeholder = word("patrol.why");
    own.parts["patrol-why"].replaceChildren(why);
    own.parts["patrol-show"].addEventListener("click", showUnits);
    own.parts["patrol-hide"].addEventListener("click", hideUnits);
    why.addEventListener("keydown", (event) => event.key === "Enter" && showUnits());
    clearInterval(own.patrolTimer);
    own.patrolTimer = setInterval(() => wall.duty.view() === "patrol" && !document.hidden && readCells(), CELLS_EVERY_MS);
  }

  wall.dutyPatrol = { start, take, choose, forget };
})((window.wall = window.wall || {}));
