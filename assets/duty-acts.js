/* What the keys and buttons of the duty console do: orders with the words that say them, choices at one key, undo.
   Whether an act is possible, and with whom, is Python's word (facts and acts of the panes). */
(function (wall) {
  "use strict";

  const SECOND_MS = 1000;
  const DONE = new Set(["accepted", "repeated"]);

  let own = null;
  let word = null;
  let chord = null;
  let undone = null; // {orders, words, untilMs}

  // -- saying -----------------------------------------------------------------------------------------------------

  function say(text, state = "") {
    const el = own.parts.message;
    el.textContent = text;
    el.dataset.state = state;
  }

  /** What came of a batch, in one line; what was not done comes first. */
  function tellResults(batch, results) {
    const { words } = batch;
    const lost = results.find((result) => result.status === "conflict");
    const worst = lost || results.find((result) => result.status === "refused");
    if (worst) return say(word("order.refused", { d: words, w: worst.why }), worst.status);
    const isNew = results.some((result) => result.status === "accepted");
    return say(word(isNew ? "order.accepted" : "order.repeated", { d: words }), "accepted");
  }

  function onOrder(event, batch, results) {
    if (!own.root.isConnected) return;
    own.root.dataset.orders = wall.orders.pending() ? "pending" : "";
    if (event === "sending") say(word("order.sending", { d: batch.words }), "sending");
    if (event === "waiting") say(word("order.waiting", { d: batch.words }), "waiting");
    if (event === "asking") say(word("order.confirm", { d: batch.words }), "asking");
    if (event === "dropped") say(word("order.dropped", { d: batch.words }), "refused");
    if (event === "signed_out") say(word("order.signed_out"), "refused");
    if (event === "answered") tellResults(batch, results);
    wall.dutyForms.refresh();
  }

  // -- orders -----------------------------------------------------------------------------------------------------

  /** Send orders as the centre that is acted as; what can be taken back safely can be for ten seconds. */
  async function give(orders, words) {
    const from = wall.live.centre();
    const results = await wall.orders.send(orders.map((order) => ({ centre: from, ...order })), words);
    const back = orders.map((order, place) => (DONE.has(results[place].status) ? undoOf(order, results[place].id) : null));
    const possible = back.filter((order) => order !== null);
    if (possible.length) offerUndo(possible, words);
    return results.every((result) => DONE.has(result.status));
  }

  function undoOf(order, id) {
    const verb = own.settings.undo[order.verb];
    if (!verb) return null;
    if (verb === "retract") return { verb, target: order.target, ref: id };
    return order.unit ? { verb, target: order.target, unit: order.unit } : { verb, target: order.target };
  }

  function offerUndo(orders, words) {
    closeUndo();
    const el = own.parts.undo;
    own.parts["undo-text"].textContent = word("order.undo", { d: words });
    el.hidden = false;
    undone = { orders, words, untilMs: performance.now() + own.settings.undo_s * SECOND_MS };
    tick();
  }

  /** How long the last step can still be taken back; called a few times a second. */
  function tick() {
    if (!undone) return;
    const left = Math.ceil((undone.untilMs - performance.now()) / SECOND_MS);
    if (left <= 0) closeUndo();
    else wall.duty.setText("undo-left", `${left} s`);
  }

  function closeUndo() {
    undone = null;
    own.parts.undo.hidden = true;
  }

  async function undo() {
    if (!undone) return;
    const { orders, words } = undone;
    closeUndo();
    const from = wall.live.centre();
    const text = word("order.undone", { d: words });
    const results = await wall.orders.send(orders.map((order) => ({ centre: from, ...order })), text);
    if (results.every((result) => DONE.has(result.status))) say(text, "accepted");
  }

  const done = (verb, name) => `${own.settings.done[verb]} ${name}`;

  // -- choices at one key -----------------------------------------------------------------------------------------

  /** Offer choices: [{key, label, run, why}]; one key takes one, Escape none. */
  function offer(title, choices) {
    chord = choices;
    const el = own.parts.chord;
    el.replaceChildren();
    const head = document.createElement("b");
    head.textContent = title;
    el.append(head);
    for (const choice of [...choices, { key: "escape", label: word("chord.cancel"), run: () => {} }]) {
      const button = document.createElement("button");
      const kbd = document.createElement("kbd");
      kbd.textContent = { enter: "Enter", escape: "Esc" }[choice.key] || choice.key.toUpperCase();
      const text = document.createElement("span");
      text.textContent = choice.why ? `${choice.label} — ${choice.why}` : choice.label;
      button.type = "button";
      button.setAttribute("aria-disabled", choice.why ? "true" : "false");
      button.append(kbd, text);
      button.addEventListener("click", () => take(choice));
      el.append(button);
    }
    el.hidden = false;
  }

  function take(choice) {
    if (choice.why) return say(choice.why, "refused");
    dropChord();
    return choice.run();
  }

  function dropChord() {
    if (!chord) return false;
    chord = null;
    own.parts.chord.hidden = true;
    return true;
  }

  /** Whether a key belonged to the choices that are open. */
  function chordKey(key) {
    if (!chord) return false;
    const choice = chord.find((each) => each.key === key);
    if (choice) take(choice);
    else if (key === "escape") dropChord();
    return choice !== undefined || key === "escape";
  }

  // -- an incident ------------------------------------------------------------------------------------------------

  const facts = () => wall.duty.current.page().facts;

  /** An order about the chosen incident. */
  function about(verb, more = {}) {
    const { key, name } = facts();
    return give([{ verb, target: key, ...more }], done(verb, name));
  }

  function send(units, names) {
    const { key } = facts();
    return give(units.map((unit) => ({ verb: "dispatch", target: key, unit })), done("dispatch", names.join("、")));
  }

  function dispatch() {
    const { legs } = facts();
    const choices = legs.map((leg, place) => ({
      key: String(place + 1),
      label: `${leg.tier} ${leg.best.map((each) => `${each.unit} ${each.eta}`).join("、")}`,
      why: leg.why,
      run: () => send(leg.best.map((each) => each.unit), leg.best.map((each) => each.unit)),
    }));
    const all = legs.filter((leg) => leg.best.length && !leg.is_covered).flatMap((leg) => leg.best.map((each) => each.unit));
    choices.push({
      key: "enter", label: `${word("chord.all")} ${all.join("、")}`, why: all.length ? "" : word("why.nobody"), run: () => send(all, all),
    });
    offer(word("chord.dispatch"), choices);
  }

  /** One of the units that were sent; one alone needs no choice. */
  function oneUnit(verb, units) {
    const run = (unit) => give([{ verb, target: facts().key, unit }], done(verb, unit));
    const choices = units.slice(0, 9).map(({ unit, at }, place) => ({ key: String(place + 1), label: `${unit} ${at}`, run: () => run(unit) }));
    if (units.length === 1) choices[0].key = "enter";
    offer(word(`chord.${verb}`), choices);
  }

  function classify() {
    const { key, name, kind, level, classified_by } = facts();
    wall.dutyForms.open("classify", {
      target: key, about: name, values: { kind, level: String(level) },
      submit: (values) => give([{ verb: "classify", target: key, ref: classified_by, ...values }], done("classify", name)),
    });
  }

  /** A form whose fields are the fields of one order about the chosen incident. */
  function fill(form, verb, more = {}) {
    const { key, name } = facts();
    wall.dutyForms.open(form, {
      target: key, about: name, submit: (values) => give([{ verb, target: key, ...more, ...values }], done(verb, name)),
    });
  }

  function handOver() {
    const { offer: waiting } = facts();
    if (!waiting) return fill("offer", "offer");
    const ref = waiting.id;
    const choices = [];
    if (waiting.mine) choices.push({ key: "enter", label: word("chord.accept"), run: () => about("accept", { ref }) });
    choices.push({
      key: "backspace", label: word(waiting.mine ? "chord.decline" : "chord.take_back"),
      why: waiting.mine || waiting.ours ? "" : word("why.offer_waits"), run: () => fill("decline", "decline", { ref }),
    });
    return offer(word("chord.offer"), choices);
  }

  function askUp() {
    const { up } = facts();
    const choices = [{ key: "enter", label: up.name, run: () => about("ask_up", { into: up.centre }) }];
    offer(word("chord.ask_up"), choices);
  }

  function report() {
    const { key, name, parts } = facts();
    const open = (part) =>
      wall.dutyForms.open("report", {
        target: `${key}:${part}`, about: `${word(`report.${part}`)} · ${name}`,
        fetch: { text: `/duty/report?incident=${encodeURIComponent(key)}&part=${part}&lang=${own.settings.lang}` },
        submit: (values) => give([{ verb: "report", target: key, kind: part, ...values }], `${word(`report.${part}`)} ${name}`),
      });
    if (parts.length === 1) return open(parts[0]);
    const keys = ["enter", "2", "3"];
    return offer(word("form.report"), parts.map((part, place) => ({ key: keys[place], label: word(`report.${part}`), run: () => open(part) })));
  }

  function cameras() {
    const { camera_ids, cameras: rows } = wall.duty.current.page();
    const open = (id) => (wall.video && wall.video.open ? wall.video.open(id, facts().key) : say(word("duty.no_video"), "refused"));
    offer(word("chord.cameras"), camera_ids.map((id, place) => ({
      key: String(place + 1), label: `${rows[place].name.text} ${rows[place].away.text}`, run: () => open(id),
    })));
  }

  // -- alarms, centres, calls -------------------------------------------------------------------------------------

  const alarm = () => wall.duty.current.alarm();

  /** The alarm that is chosen, or all of the group that it stands for. */
  function alarmsMeant() {
    const chosen = alarm();
    if (chosen.members < 2) return [chosen];
    return own.payloads.alarms.items.filter((item) => item.group === chosen.group);
  }

  function acknowledgeAlarm() {
    const orders = alarmsMeant().map((item) => ({ verb: "acknowledge_alarm", target: item.key, ref: item.raise }));
    return give(orders, done("acknowledge_alarm", alarm().name));
  }

  function acknowledgeTask() {
    const item = wall.duty.current.taskAlarm();
    return give([{ verb: "acknowledge_alarm", target: item.key, ref: item.raise }], done("acknowledge_alarm", item.name));
  }

  function shelve() {
    const { key, name } = alarm();
    const until = (hours) => new Date(wall.clock.nowMs() + Number(hours) * 3600 * SECOND_MS).toISOString();
    wall.dutyForms.open("shelve", {
      target: key, about: name,
      submit: ({ hours, reason }) => give([{ verb: "shelve", target: key, until: until(hours), reason }], done("shelve", name)),
    });
  }

  function openAlarm() {
    const chosen = alarm();
    if (chosen.members > 1) {
      if (!own.open.delete(chosen.group)) own.open.add(chosen.group);
      wall.duty.showAlarms();
    } else if (chosen.view) wall.duty.openItem({ view: chosen.view, subject: chosen.subject });
  }

  function register() {
    wall.dutyForms.open("register", {
      target: "new", about: "",
      submit: ({ position, ...values }) => {
        const [lat, lon] = position.split(",").map(Number);
        return takeCall({ lat, lon, ...values });
      },
    });
  }

  /** The incident that a call becomes bears the order's id; it is shown as soon as it is there. */
  async function takeCall(values) {
    const id = wall.orders.newId();
    const isTaken = await give([{ id, verb: "register", ...values }], done("register", values.title));
    if (isTaken) wall.duty.expect(`desk/${id}`);
    return isTaken;
  }

  function mute() {
    if (wall.sounds.isMuted()) return wall.sounds.unmute();
    return wall.dutyForms.open("mute", {
      target: "sound", about: "",
      submit: ({ reason }) => {
        wall.sounds.mute(own.settings.forms.mute.fields[0].options.find((option) => option[0] === reason)[1]);
        return true;
      },
    });
  }

  /** The list of keys; drawn when it is first asked for. */
  function help() {
    const el = own.parts.help;
    const parts = el.querySelector(".duty-help-parts");
    if (!parts.childElementCount) parts.append(...own.settings.help.map(helpPart));
    el.hidden = !el.hidden;
  }

  function helpPart({ title, rows }) {
    const part = document.createElement("section");
    const head = document.createElement("h3");
    head.textContent = title;
    part.append(head);
    for (const [key, text] of rows) {
      const row = document.createElement("div");
      const kbd = document.createElement("kbd");
      row.className = "help-row";
      kbd.textContent = key;
      row.append(kbd, text);
      part.append(row);
    }
    return part;
  }

  const ACTS = {
    acknowledge: () => about("acknowledge"),
    classify, dispatch, report, cameras, register, mute, undo, shelve,
    arrive: () => oneUnit("arrive", facts().under_way),
    stand_down: () => oneUnit("stand_down", facts().sent),
    note: () => fill("note", "note"),
    ask_up: askUp,
    offer: handOver,
    close: () => fill("close", "close"),
    reopen: () => about("reopen"),
    acknowledge_alarm: acknowledgeAlarm,
    acknowledge_task: acknowledgeTask,
    approve: () => give([{ verb: "approve", target: alarm().key, ref: alarm().shelve_order }], done("approve", alarm().name)),
    unshelve: () => give([{ verb: "unshelve", target: alarm().key }], done("unshelve", alarm().name)),
    open: openAlarm,
    act_as: () => {
      const code = wall.duty.current.centre();
      if (code) window.dash_clientside.set_props(own.settings.ids.centre, { value: code });
    },
    call_roll: () => give([{ verb: "call_roll", target: wall.live.centre() }], own.settings.done.call_roll),
    answer: () => give([{ verb: "answer", target: wall.live.centre(), ref: own.payloads.command.asked }], own.settings.done.answer),
    draft: () => wall.dutyShift.draft(),
    hand_over: () => wall.dutyShift.handOver(give),
    take_over: () => wall.dutyShift.takeOver(give),
    search: () => document.getElementById(own.settings.ids.search).focus(),
    scope: () => document.getElementById(own.settings.ids.centre).focus(),
    help,
  };

  /** Do one act, or say why not. */
  function act(name) {
    const why = wall.duty.whyNot(name);
    if (why) return say(why, "refused");
    return ACTS[name]();
  }

  function start(state, words) {
    if (!own) wall.orders.listen(onOrder);
    own = state;
    word = words;
    chord = null;
  }

  wall.dutyActs = { start, tick, act, chordKey, dropChord, say, give };
})((window.wall = window.wall || {}));
