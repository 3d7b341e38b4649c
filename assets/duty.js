/* The duty console in the browser: which view, which incident, which row; panes come from Python and are only put in
   place here. Every incident of the scope is held, so that choosing one is instant. */
(function (wall) {
  "use strict";

  const PAGE = "incident:";
  const TICK_MS = 250;
  const HOLD_MS = 4000; // the queue keeps its rows in place this long after the last key

  const own = {
    root: null, settings: null, panels: {}, payloads: {}, parts: {}, me: null, view: "incident", incident: "",
    order: [], rows: new Map(), cursor: {}, isOver: false, movedMs: -Infinity, wasHeld: false, isOffline: true, open: new Set(),
  };

  const word = (key, parts = {}) =>
    Object.entries(parts).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), own.settings.words[key] ?? key);

  const list = (name) => own.root.querySelector(`[data-list="${name}"]`);
  const show = (name, payload) => wall.binder.show(own.panels, name, payload);

  function setText(name, text) {
    const el = own.parts[name];
    if (el && el.textContent !== text) el.textContent = text;
  }

  // -- panes ------------------------------------------------------------------------------------------------------

  /** Called by live.js with each panel's payload; says whether it was dealt with. */
  function take(name, payload, panels) {
    own.panels = panels;
    own.payloads[name] = payload;
    if (name.startsWith(PAGE)) {
      if (name.slice(PAGE.length) === own.incident) showIncident();
      return true;
    }
    if (name === "queue") showQueue();
    else if (name === "alarms") showAlarms();
    else if (name === "incidents") showIncidents();
    else if (name === "command") showCommand();
    else return takeOther(name, payload);
    wall.dutyMay.refresh();
    return true;
  }

  function takeOther(name, payload) {
    if (name === "shift") {
      show(name, payload);
      wall.dutyShift.take(payload);
      wall.dutyMay.refresh();
      return true;
    }
    if (name === "patrol") {
      wall.dutyPatrol.take(payload);
      mark("patrol_areas", payload.codes.indexOf(own.cursor.patrol));
      return true;
    }
    // The panels of triage are its own.
    return wall.triage && wall.triage.take ? wall.triage.take(name, payload, own.panels) === true : false;
  }

  const isHeld = () => own.isOver || performance.now() - own.movedMs < HOLD_MS;

  /** The queue. While an officer works in it no row moves: what is done stays, crossed out, what is new comes last. */
  function showQueue() {
    const payload = own.payloads.queue;
    if (!payload) return;
    const now = new Map(payload.items.map((item, place) => [item.key, { item, row: payload.tasks[place] }]));
    own.wasHeld = isHeld();
    const known = new Set(own.order);
    const fresh = payload.items.map((item) => item.key).filter((key) => !known.has(key));
    own.order = own.wasHeld ? [...own.order, ...fresh] : payload.items.map((item) => item.key);
    for (const key of own.order) {
      const before = own.rows.get(key);
      own.rows.set(key, now.get(key) || { ...before, isGone: true, row: { ...before.row, row: { state: "gone" } } });
    }
    for (const key of [...own.rows.keys()]) if (!own.order.includes(key)) own.rows.delete(key);
    const more = own.wasHeld && fresh.length ? { text: word("duty.new_below", { n: fresh.length }), hide: false } : payload.more;
    show("queue", { ...payload, tasks: own.order.map((key) => own.rows.get(key).row), more });
    if (!own.incident) choose(firstIncident());
    mark("tasks", own.order.indexOf(own.cursor.incident));
  }

  function firstIncident() {
    const item = own.payloads.queue.items.find((each) => each.view === "incident");
    return item ? item.subject : own.payloads.incidents?.keys[0] || "";
  }

  function showIncidents() {
    const payload = own.payloads.incidents;
    show("incidents", payload);
    for (const name of Object.keys(own.payloads)) {
      if (name.startsWith(PAGE) && !payload.keys.includes(name.slice(PAGE.length))) delete own.payloads[name];
    }
    if (payload.keys.includes(own.expected)) {
      setView("incident");
      choose(own.expected);
      own.expected = "";
    }
    if (own.incident && !payload.keys.includes(own.incident)) choose("");
    if (!own.incident && own.payloads.queue) choose(firstIncident());
    mark("incidents", payload.keys.indexOf(own.incident));
  }

  function showIncident() {
    const page = own.payloads[PAGE + own.incident];
    own.root.dataset.chosen = page ? "1" : "0";
    own.root.dataset.closed = page && page.facts.is_closed ? "1" : "0";
    if (page) {
      show("incident", page);
      show("context", page);
    }
    wall.dutyMay.refresh();
  }

  /** The alarms, the members of a flood's group only where it was unfolded. */
  function showAlarms() {
    const payload = own.payloads.alarms;
    const shown = payload.items.map((item, place) => place).filter((place) => {
      const item = payload.items[place];
      return item.members > 0 || own.open.has(item.group);
    });
    own.alarms = shown.map((place) => payload.items[place]);
    show("alarms", { ...payload, alarms: shown.map((place) => payload.alarms[place]) });
    mark("alarms", own.alarms.findIndex((item) => item.key === own.cursor.alarms));
    wall.sounds.ring(wall.replay.isOn() ? null : payload.ring);
  }

  function showCommand() {
    const payload = own.payloads.command;
    show("command", payload);
    mark("centres", payload.codes.indexOf(own.cursor.command));
  }

  /** Show which row of a list is chosen; -1 is none. */
  function mark(name, chosen) {
    const rows = list(name).children;
    for (let place = 0; place < rows.length; place++) {
      const is = place === chosen ? "true" : "false";
      if (rows[place].getAttribute("aria-selected") !== is) rows[place].setAttribute("aria-selected", is);
    }
  }

  // -- choosing ---------------------------------------------------------------------------------------------------

  /** Show an incident as soon as it comes. */
  function expect(key) {
    own.expected = key;
    if (own.payloads.incidents) showIncidents();
  }

  /** Show an incident's page; "" shows none. */
  function choose(key) {
    own.incident = key;
    const keys = own.payloads.incidents?.keys || [];
    mark("incidents", keys.indexOf(key));
    list("incidents").children[keys.indexOf(key)]?.scrollIntoView({ block: "nearest" });
    wall.dutyFoot.dropChord();
    showIncident();
  }

  function setView(name) {
    if (!own.settings.views.includes(name)) return;
    own.view = name;
    own.root.dataset.view = name;
    for (const tab of own.root.querySelectorAll("[data-view][role=tab]")) {
      tab.setAttribute("aria-selected", tab.dataset.view === name ? "true" : "false");
    }
    wall.dutyFoot.dropChord();
    wall.dutyMay.refresh();
  }

  /** What the keys of the view move through: the list, its keys in order, and what a move shows. */
  function course() {
    if (own.view === "alarms") return { list: "alarms", keys: (own.alarms || []).map((item) => item.key) };
    if (own.view === "command") return { list: "centres", keys: own.payloads.command?.codes || [] };
    if (own.view === "incident") return { list: "tasks", keys: own.order };
    if (own.view === "patrol") return { list: "patrol_areas", keys: own.payloads.patrol?.codes || [] };
    return null;
  }

  function move(step) {
    const way = course();
    if (!way || !way.keys.length) return;
    const place = way.keys.indexOf(own.cursor[own.view]);
    const next = Math.min(way.keys.length - 1, Math.max(0, place < 0 ? (step > 0 ? 0 : way.keys.length - 1) : place + step));
    pick(own.view, way.keys[next], way.list, next);
    own.movedMs = performance.now();
  }

  function pick(view, key, name, place) {
    own.cursor[view] = key;
    mark(name, place);
    list(name).children[place]?.scrollIntoView({ block: "nearest" });
    const task = view === "incident" ? own.rows.get(key) : null;
    if (task && task.item.view === "incident") choose(task.item.subject);
    if (view === "patrol") wall.dutyPatrol.choose(key);
    wall.dutyMay.refresh();
  }

  function step(by) {
    const keys = own.payloads.incidents?.keys || [];
    if (!keys.length) return;
    setView("incident");
    choose(keys[(keys.indexOf(own.incident) + by + keys.length) % keys.length]);
  }

  /** Go to what a row of the queue is about. */
  function openItem(item) {
    if (!item) return;
    setView(item.view);
    if (item.view === "incident") choose(item.subject);
    if (item.view === "alarms") {
      own.cursor.alarms = item.subject;
      mark("alarms", (own.alarms || []).findIndex((each) => each.key === item.subject));
    }
    if (item.view === "triage" && wall.triage && wall.triage.open) wall.triage.open(item.subject);
    wall.dutyMay.refresh();
  }

  const current = {
    page: () => own.payloads[PAGE + own.incident],
    task: () => own.rows.get(own.cursor.incident),
    alarm: () => (own.alarms || []).find((item) => item.key === own.cursor.alarms),
    centre: () => own.cursor.command,
  };

  // -- time passes ----------------------------------------------------------------------------------------------

  function tick() {
    if (!own.root.isConnected) return;
    const isOffline = own.root.classList.contains("is-dead") || own.root.classList.contains("is-connecting");
    if (isOffline !== own.isOffline) {
      own.isOffline = isOffline;
      wall.dutyMay.refresh();
      wall.dutyForms.refresh();
    }
    if (own.wasHeld && !isHeld()) showQueue();
    wall.dutyFoot.tick();
  }

  // -- who, where, and sound --------------------------------------------------------------------------------------

  async function learnMe() {
    try {
      const answer = await fetch("/me", { credentials: "same-origin" });
      own.me = answer.ok ? await answer.json() : null;
    } catch {
      own.me = null;
    }
    if (!own.me) return void setTimeout(learnMe, 3000);
    setText("me", own.me.title || own.me.name);
    setText("role", word(`role.${own.me.role}`));
    own.root.dataset.guest = own.me.guest ? "1" : "0";
    wall.dutyMay.refresh();
    return undefined;
  }

  /** Act as another centre: the socket joins its room, and everything that was shown gives way. */
  function actAs(code) {
    if (!code || code === wall.live.centre()) return;
    forget();
    choose("");
    wall.live.choose(code);
  }

  function forget() {
    own.payloads = {};
    own.order = [];
    own.rows.clear();
    own.cursor = {};
    own.open.clear();
    wall.dutyShift.forget();
    wall.dutyPatrol.forget();
  }

  /** The console turns to a replay or back to what is live: nothing of the one may stay in the other. */
  function turn() {
    forget();
    if (wall.dutyForms.isOpen()) wall.dutyForms.close();
    wall.dutyFoot.dropChord();
    wall.triage.end();
    wall.video.close();
    wall.dutyMay.refresh();
    showSound(own.sound);
    wall.dutyFoot.say(wall.replay.isOn() ? word("sound.no_live") : "");
  }

  function showSound(sound) {
    own.sound = sound;
    const { state, ring, mute } = sound;
    const el = own.root.querySelector(".duty-sound");
    el.dataset.state = state;
    if (wall.replay.isOn()) setText("sound", word("sound.replay"));
    else if (state === "muted") {
      const style = { timeZone: own.settings.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
      const until = new Intl.DateTimeFormat("en", style).format(mute.untilMs);
      setText("sound", word("sound.muted", { r: mute.reason, t: until }));
    } else if (state !== "on") setText("sound", word("sound.blocked"));
    else setText("sound", ring ? word("sound.ringing", { l: ring.level }) : word("sound.on"));
    own.root.dataset.sound = state;
  }

  /** Another moment of a replay: rows that are gone were not done away with. */
  function dropRows() {
    own.order = [];
    own.rows.clear();
  }

  /** Begin; called by Dash when the console stands. */
  function start() {
    const root = document.querySelector(".duty[data-settings]");
    if (!root || root === own.root) return;
    const settings = JSON.parse(root.dataset.settings);
    settings.centre = new URLSearchParams(window.location.search).get("centre") || settings.centre;
    Object.assign(own, { root, settings, payloads: {}, order: [], cursor: {}, incident: "", isOffline: true });
    own.rows.clear();
    wall.grown.grow(root);
    own.parts = {};
    for (const el of root.querySelectorAll("[data-live]")) own.parts[el.dataset.live] = el;
    const known = new Set(Object.values(settings.keys).flatMap((acts) => Object.values(acts)));
    own.buttons = [...root.querySelectorAll("[data-act]")].filter((button) => known.has(button.dataset.act));
    for (const button of own.buttons) button.disabled = false;
    watchQueue();
    wall.dutyMay.start(own, word);
    wall.dutyFoot.start(own, word);
    wall.dutyActs.start(own, word);
    wall.dutyForms.start(own, word);
    wall.dutyShift.start(own, word);
    wall.dutyPatrol.start(own, word);
    wall.dutyKeys.start(own);
    wall.live.start(root, settings, take);
    wall.sounds.start(showSound);
    wall.orders.revive();
    learnMe();
    wall.dutyMay.refresh();
    clearInterval(own.timer);
    own.timer = setInterval(tick, TICK_MS);
  }

  function watchQueue() {
    const tasks = list("tasks");
    tasks.addEventListener("pointerenter", () => (own.isOver = true));
    tasks.addEventListener("pointerleave", () => {
      own.isOver = false;
      own.movedMs = -Infinity;
      if (own.wasHeld) showQueue();
    });
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.duty = {
    /** Called by Dash when the console is laid out, and when another centre is chosen in the picker. */
    act_as(code) {
      start();
      actAs(code);
      return code;
    },
  };
  wall.duty = {
    take, turn, dropRows, setView, choose, expect, move, step, pick, course, openItem, current, actAs, setText, showAlarms,
    /** The view that is shown, for the panes that have keys of their own. */
    view: () => own.view,
    me: () => own.me,
    may: (permission) => own.me !== null && own.me.permissions.includes(permission),
    centre: () => wall.live.centre(),
  };
})((window.wall = window.wall || {}));
