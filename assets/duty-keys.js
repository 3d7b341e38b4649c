/* The keyboard and the clicks of the duty console: which key means which act is Python's table (layouts/duty_keys.py).
   How long a key takes until the screen shows it is noted, for the bench. */
(function (wall) {
  "use strict";

  const REACTIONS_MOST = 200;
  const MOVES = { arrowdown: 1, arrowup: -1 };
  const STEPS = { "[": -1, "]": 1 };

  let own = null;
  const reactions = [];

  const isTyping = (el) => el.closest && el.closest("input, textarea, select, [contenteditable=true]") !== null;

  function actOf(key) {
    const { keys, own_keys } = own.settings;
    const here = own_keys.includes(own.view) ? {} : keys[own.view] || {};
    return here[key] || (own.view === "incident" && keys.queue[key]) || keys.everywhere[key];
  }

  /** Do what a key says; answers whether it said anything. */
  function obey(key) {
    if (wall.dutyFoot.chordKey(key)) return true;
    if (wall.orders.asked() && key === "enter") return wall.orders.again();
    if (wall.orders.asked() && key === "escape") return wall.orders.drop();
    if (key === "escape") return leave();
    const view = own.settings.views[Number(key) - 1];
    if (view) return done(wall.duty.setView(view));
    if (STEPS[key]) return done(wall.duty.step(STEPS[key]));
    const isOwn = own.settings.own_keys.includes(own.view);
    if (MOVES[key] && !isOwn) return done(wall.duty.move(MOVES[key]));
    if (key === "enter" && own.view === "incident") return done(wall.duty.openItem(wall.duty.current.task()?.item));
    const act = actOf(key);
    if (!act) return false;
    wall.dutyActs.act(act);
    return true;
  }

  const done = () => true;

  function leave() {
    own.parts.help.hidden = true;
    if (document.activeElement && document.activeElement !== document.body) document.activeElement.blur();
    return true;
  }

  function onKey(event) {
    if (!own || !own.root.isConnected || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (wall.dutyForms.isOpen()) return;
    const key = event.key.toLowerCase();
    if (isTyping(event.target)) {
      if (key === "escape") event.target.blur();
      return;
    }
    // A button that has the focus is pressed by these two.
    if ((key === "enter" || key === " ") && event.target.closest?.("button")) return;
    if (!obey(key)) return;
    event.preventDefault();
    noteReaction(event.timeStamp);
  }

  function noteReaction(beganMs) {
    requestAnimationFrame(() =>
      setTimeout(() => {
        if (reactions.push(performance.now() - beganMs) > REACTIONS_MOST) reactions.shift();
      }),
    );
  }

  function rowOf(event) {
    const row = event.target.closest("[data-row]");
    if (!row || !own.root.contains(row)) return null;
    return { name: row.parentElement.dataset.list, place: [...row.parentElement.children].indexOf(row) };
  }

  function onClick(event) {
    if (!own || !own.root.contains(event.target)) return;
    const act = event.target.closest("[data-act]");
    const tab = event.target.closest("[role=tab]");
    if (act && wall.dutyMay.isOurs(act)) wall.dutyActs.act(act.dataset.act);
    else if (tab) wall.duty.setView(tab.dataset.view);
    else if (event.target.closest('[data-live="critical"]')) wall.duty.openItem(own.payloads.queue?.critical);
    else clickRow(rowOf(event));
  }

  function clickRow(row) {
    if (!row) return;
    const { name, place } = row;
    if (name === "tasks") {
      wall.duty.pick("incident", own.order[place], name, place);
      wall.duty.openItem(wall.duty.current.task().item);
    } else if (name === "incidents") {
      wall.duty.setView("incident");
      wall.duty.choose(own.payloads.incidents.keys[place]);
    } else if (name === "alarms") wall.duty.pick("alarms", own.alarms[place].key, name, place);
    else if (name === "centres") wall.duty.pick("command", own.payloads.command.codes[place], name, place);
    else if (name === "earlier") wall.dutyShift.show(place);
    else if (name === "patrol_areas") wall.duty.pick("patrol", own.payloads.patrol.codes[place], name, place);
  }

  function onDouble(event) {
    if (!own || !own.root.contains(event.target)) return;
    const row = rowOf(event);
    if (row && row.name === "alarms") wall.dutyActs.act("open");
    if (row && row.name === "centres") wall.dutyActs.act("act_as");
  }

  function start(state) {
    own = state;
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("dblclick", onDouble);

  wall.dutyKeys = { start, reactions };
})((window.wall = window.wall || {}));
