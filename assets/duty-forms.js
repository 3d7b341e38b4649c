/* The console's forms, drawn from plain data (layouts/duty_forms.py). What was typed is kept for each form and subject
   until the server has taken it: closing, another view, a lost server or a reload lose nothing. */
(function (wall) {
  "use strict";

  let own = null;
  let word = null;
  let form = null; // {name, spec, given, fields, isSending}

  const make = (...parts) => wall.dutyFields.make(...parts);

  // -- what is kept -----------------------------------------------------------------------------------------------

  const place = () => `wall:form:${form.name}:${form.given.target}`;

  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem(place()) || "{}");
    } catch {
      return {};
    }
  }

  function keep() {
    const values = Object.fromEntries(form.fields.map((field) => [field.spec.name, field.raw()]));
    sessionStorage.setItem(place(), JSON.stringify(values));
    form.touched = true;
  }

  /** Go on to the field behind, or to the button that sends. */
  function next(name) {
    const at = form.fields.findIndex((field) => field.spec.name === name);
    const field = form.fields[at + 1];
    if (field) field.focus();
    else form.button.focus();
  }

  // -- the dialog -------------------------------------------------------------------------------------------------

  /** Open a form. given: {target, about, values, fetch: {field: address}, submit(values) -> whether it was taken}. */
  function open(name, given) {
    form = { name, given, spec: own.settings.forms[name], fields: [], isSending: false, touched: false };
    const dialog = own.parts.dialog;
    const page = make("form", `dialog-page ${form.spec.css}`);
    page.setAttribute("role", "dialog");
    page.setAttribute("aria-modal", "true");
    page.setAttribute("aria-label", form.spec.title);
    page.append(make("h2", "", form.spec.title), make("div", "dialog-about", given.about));
    for (const spec of form.spec.fields) page.append(drawField(spec));
    page.append(drawFoot());
    page.addEventListener("submit", (event) => {
      event.preventDefault();
      submit();
    });
    dialog.replaceChildren(page);
    dialog.hidden = false;
    fillFields();
    form.fields[0].focus();
    refresh();
  }

  function drawField(spec) {
    const field = wall.dutyFields.field(spec, { keep, next, blanks: (n) => word("duty.blanks", { n }) });
    field.note = field.note || make("span", "field-note");
    form.fields.push(field);
    const row = make("div", "field");
    const label = make("div", "field-label", spec.label);
    label.append(field.note);
    row.append(label, field.el);
    return row;
  }

  function drawFoot() {
    const foot = make("div", "dialog-foot");
    form.message = make("span", "dialog-message");
    form.message.setAttribute("role", "status");
    const cancel = make("button", "act quiet");
    cancel.type = "button";
    cancel.append(make("kbd", "", "Esc"), make("span", "", word("duty.cancel")));
    cancel.addEventListener("click", close);
    form.button = make("button", "act primary");
    form.button.type = "submit";
    const isLong = form.spec.fields.some((spec) => spec.kind === "area");
    form.button.append(make("kbd", "", isLong ? "Ctrl Enter" : "Enter"), make("span", "", form.spec.submit));
    foot.append(form.message, cancel, form.button);
    return foot;
  }

  async function fillFields() {
    const before = kept();
    for (const field of form.fields) field.set(before[field.spec.name] ?? form.given.values?.[field.spec.name] ?? "");
    const mine = form;
    for (const [name, address] of Object.entries(form.given.fetch || {})) {
      if (before[name]) continue;
      const field = form.fields.find((each) => each.spec.name === name);
      form.message.textContent = word("duty.loading");
      const text = await fetchText(address);
      if (form !== mine) return;
      if (!field.raw()) field.set(text ?? "");
      form.message.textContent = text === null ? word("duty.no_draft") : "";
      if (field.toBlank) field.toBlank();
    }
  }

  async function fetchText(address) {
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      return answer.ok ? (await answer.json()).text : null;
    } catch {
      return null;
    }
  }

  /** What is wrong with the form, told at its fields; null if nothing is. */
  function faultOf() {
    let fault = null;
    for (const field of form.fields) {
      const { spec } = field;
      const value = field.value();
      let why = "";
      if (spec.needed && value === null) why = word(field.raw().trim() ? (spec.point ? "duty.unknown_place" : "duty.choose_one") : "duty.needed");
      else if (spec.most && String(value ?? "").length > spec.most) why = word("duty.too_long", { n: String(value).length - spec.most });
      else if (field.blanks && field.blanks()) why = word("duty.blanks_left");
      if (why || !field.blanks) field.note.textContent = why;
      if (why && !fault) fault = { field, why };
    }
    return fault;
  }

  async function submit() {
    if (wall.orders.asked()) return void wall.orders.again();
    if (form.isSending || isBarred()) return;
    const fault = faultOf();
    if (fault) {
      if (fault.field.toBlank && fault.field.blanks()) fault.field.toBlank();
      else fault.field.focus();
      form.message.textContent = fault.why;
      return;
    }
    const mine = form;
    const values = Object.fromEntries(form.fields.map((field) => [field.spec.name, field.value()]).filter(([, value]) => value !== null));
    const where = place();
    form.isSending = true;
    refresh();
    const isTaken = await form.given.submit(values);
    if (isTaken) sessionStorage.removeItem(where);
    mine.isSending = false;
    if (form !== mine) return;
    if (isTaken) hide();
    else {
      form.message.textContent = own.parts.message.textContent;
      refresh();
    }
  }

  /** Why nothing can be sent now: the server is away, and what is typed waits here. Muting needs no server. */
  const isBarred = () => own.isOffline && form.name !== "mute";

  function refresh() {
    if (!form) return;
    const barred = isBarred();
    form.button.setAttribute("aria-disabled", form.isSending || barred ? "true" : "false");
    if (barred) form.message.textContent = `${word("why.offline")} · ${word("duty.kept")}`;
    else if (form.isSending) form.message.textContent = own.parts.message.textContent;
    else if (form.wasBarred) form.message.textContent = "";
    form.wasBarred = barred;
  }

  /** Leave the form; what was typed stays for when it is opened again. */
  function close() {
    if (form && form.touched && form.name !== "mute") wall.dutyActs.say(`${form.spec.title} · ${word("duty.kept")}`);
    hide();
  }

  function hide() {
    form = null;
    own.parts.dialog.hidden = true;
    own.parts.dialog.replaceChildren();
  }

  function onKey(event) {
    if (!form) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit();
    } else if (event.key === "Tab") trap(event);
  }

  /** The focus stays in the dialog. */
  function trap(event) {
    const stops = [...own.parts.dialog.querySelectorAll("button, input, textarea")].filter((el) => el.tabIndex >= 0);
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (document.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
  }

  function start(state, words) {
    if (!own) document.addEventListener("keydown", onKey, true);
    own = state;
    word = words;
    form = null;
  }

  wall.dutyForms = { start, open, close, refresh, isOpen: () => form !== null };
})((window.wall = window.wall || {}));
