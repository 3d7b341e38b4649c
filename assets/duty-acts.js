/* What the keys and buttons of the duty console do: orders with the words that say them, choices, forms.
   Whether an act is possible, and with whom, is Python's word (facts and acts of the panes). */
(function (wall) {
  "use strict";

  const SECOND_MS = 1000;

  let own = null;
  let word = null;

  const say = (text, state) => wall.dutyFoot.say(text, state);
  const give = (orders, words) => wall.dutyFoot.give(orders, words);
  const offer = (title, choices) => wall.dutyFoot.offer(title, choices);
  const done = (verb, name) => `${own.settings.done[verb]} ${name}`;

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
    const item = wall.dutyMay.taskAlarm();
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
    classify, dispatch, report, cameras, register, mute, shelve,
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
    undo: () => wall.dutyFoot.undo(),
    scope: () => document.getElementById(own.settings.ids.centre).focus(),
    help,
  };

  /** Do one act, or say why not. */
  function act(name) {
    const why = wall.dutyMay.whyNot(name);
    if (why) return say(why, "refused");
    return ACTS[name]();
  }

  function start(state, words) {
    own = state;
    word = words;
  }

  wall.dutyActs = { start, act, say, give };
})((window.wall = window.wall || {}));
