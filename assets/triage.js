/* Triage in the browser: which alert is chosen, its picture, recording and live view, and the keys of the pane.
   What may be done with an alert and why not is Python's word (layouts/triage_panel.py). */
(function (wall) {
  "use strict";

  const GONE_MS = 4000; // an alert that was decided under the officer's eyes stays this long

  const own = { root: null, panels: {}, payload: null, chosen: "", words: {}, done: {}, playing: "", goneMs: 0 };

  const video = () => own.root.querySelector('[data-video="alert"]');
  const facts = () => own.payload.facts[own.chosen];
  const word = (key) => own.words[key] ?? key;

  /** Called by the console with each payload of the pane. */
  function take(name, payload, panels) {
    if (name !== "triage") return false;
    if (!attach()) return false;
    own.panels = panels;
    own.payload = payload;
    wall.binder.show(panels, "triage", payload);
    if (!payload.items.includes(own.chosen)) choose(payload.items[0] || "");
    else if (facts().is_open || Date.now() < own.goneMs) show();
    else step(1);
    return true;
  }

  function attach() {
    const root = document.querySelector(".duty[data-settings]");
    if (!root) return false;
    if (root === own.root) return true;
    const settings = JSON.parse(root.dataset.settings);
    Object.assign(own, { root, words: settings.words, done: settings.done, chosen: "", playing: "" });
    return true;
  }

  function show() {
    const page = own.payload.pages[own.chosen];
    own.root.querySelector(".alert-page").classList.toggle("is-empty", !page);
    if (page) wall.binder.show(own.panels, "alert", page);
    const rows = own.root.querySelector('[data-list="alerts"]').children;
    const place = own.payload.items.indexOf(own.chosen);
    for (let at = 0; at < rows.length; at++) rows[at].setAttribute("aria-selected", at === place ? "true" : "false");
    if (place >= 0) rows[place].scrollIntoView({ block: "nearest" });
    refresh();
  }

  function choose(key) {
    if (own.playing && key !== own.chosen) end();
    own.chosen = key;
    own.goneMs = Date.now() + GONE_MS;
    own.root.querySelector(".alert-page").classList.remove("is-large");
    show();
  }

  /** Next or previous; past a decided one the next that is open, if any is. */
  function step(by) {
    const { items } = own.payload;
    if (!items.length) return choose("");
    const from = items.indexOf(own.chosen);
    return choose(items[(Math.max(0, from) + by + items.length) % items.length]);
  }

  // -- what may be done -------------------------------------------------------------------------------------------

  const isMine = () => facts().claimed_actor === "" || facts().claimed_actor === wall.duty.me()?.name;

  function whyNot(name) {
    const { payload } = own;
    if (!payload || !payload.acts[own.chosen]) return word("why.nothing_chosen");
    const need = payload.needs[name];
    if (need && wall.replay.isOn()) return word("why.replay");
    if (need && own.root.classList.contains("is-dead")) return word("why.offline");
    if (need && !wall.duty.may(need)) return word(own.root.dataset.guest === "1" ? "why.guest" : "why.role");
    const why = payload.acts[own.chosen][name];
    if (why) return why;
    const isVerdict = ["release", "confirm_incident", "confirm_case", "mark_false"].includes(name);
    return isVerdict && !isMine() ? word("triage.why.others").replace("{w}", facts().claimed_by) : "";
  }

  function refresh() {
    for (const button of own.root.querySelectorAll("[data-triage-act]")) {
      const why = whyNot(button.dataset.triageAct);
      button.disabled = false;
      button.setAttribute("aria-disabled", why ? "true" : "false");
      if (button.title !== why) button.title = why;
    }
  }

  function give(verb, more = {}) {
    own.goneMs = Date.now() + GONE_MS;
    return wall.dutyActs.give([{ verb, target: own.chosen, ...more }], `${own.done[verb]} ${facts().title}`);
  }

  function fill(form, verb, more = {}) {
    const { title, level } = facts();
    wall.dutyForms.open(form, {
      target: own.chosen, about: title, values: { title, level: String(level) },
      submit: (values) => give(verb, { ...more, ...values }),
    });
  }

  function end() {
    wall.video.stop(video());
    own.playing = "";
    own.root.querySelector(".alert-page").classList.remove("is-playing");
  }

  /** Start the live view or the recording; the same key ends it. */
  function play(kind) {
    if (own.playing === kind) return end();
    own.playing = kind;
    own.root.querySelector(".alert-page").classList.add("is-playing");
    const { device, clip, title } = facts();
    if (kind === "live") return wall.video.show(video(), device, own.chosen, own.words);
    return wall.video.play(video(), { kind: "clip", url: clip, name: title }, own.words);
  }

  const ACTS = {
    claim: () => give("claim"),
    release: () => give("release"),
    confirm_incident: () => fill("confirm_incident", "confirm", { into: "incident" }),
    confirm_case: () => fill("confirm_case", "confirm", { into: "case" }),
    mark_false: () => fill("mark_false", "mark_false"),
    live: () => play("live"),
    clip: () => play("clip"),
    enlarge: () => own.root.querySelector(".alert-page").classList.toggle("is-large"),
    previous: () => step(-1),
    next: () => step(1),
  };

  function act(name) {
    const why = whyNot(name);
    if (why) wall.dutyActs.say(why, "refused");
    else ACTS[name]();
  }

  /** Keys of the pane; up and down move as left and right do. */
  function onKey(event) {
    if (!own.payload || wall.duty.view() !== "triage" || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey || wall.dutyForms.isOpen()) return;
    if (event.target.closest?.("input, textarea, select") || (event.key === "Enter" && event.target.closest?.("button"))) return;
    const key = { ArrowUp: "arrowleft", ArrowDown: "arrowright" }[event.key] || event.key.toLowerCase();
    const name = own.payload.keys[key];
    if (!name) return;
    event.preventDefault();
    act(name);
  }

  function onClick(event) {
    if (!own.root || !own.root.contains(event.target)) return;
    const button = event.target.closest("[data-triage-act]");
    const row = event.target.closest('[data-list="alerts"] > [data-row]');
    if (button) act(button.dataset.triageAct);
    else if (row) choose(own.payload.items[[...row.parentElement.children].indexOf(row)]);
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);

  wall.triage = {
    take,
    /** No live view any more. */
    end: () => own.playing && end(),
    /** Show one alert, as the queue asks. */
    open: (key) => own.payload && own.payload.items.includes(key) && choose(key),
  };
})((window.wall = window.wall || {}));
