/* The foot of the console: what became of orders, what can be taken back, and choices at one key. */
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

  function start(state, words) {
    if (!own) wall.orders.listen(onOrder);
    own = state;
    word = words;
    chord = null;
    undone = null;
  }

  wall.dutyFoot = { start, tick, say, give, undo, offer, chordKey, dropChord };
})((window.wall = window.wall || {}));
