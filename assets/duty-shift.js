/* The shift: the handover as it is drafted, shown, signed and taken over, earlier ones, and the roster ahead. Documents
   come from the server as lines and are shown as text (callbacks/duty_records.py). */
(function (wall) {
  "use strict";

  const SEARCH_MS = 250;

  let own = null;
  let word = null;
  let shown = null; // id of the handover in sight
  let found = null; // what a search found, instead of the latest
  let timer = 0;

  async function ask(address, body) {
    const options = { credentials: "same-origin" };
    if (body) Object.assign(options, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    try {
      const answer = await fetch(address, options);
      const content = await answer.json();
      return answer.ok ? content : { why: content.why || String(answer.status) };
    } catch {
      return { why: word("why.offline") };
    }
  }

  const about = (more = {}) => new URLSearchParams({ centre: wall.live.centre(), lang: own.settings.lang, ...more });

  function make(tag, css, text) {
    const el = document.createElement(tag);
    el.className = css;
    el.textContent = text;
    return el;
  }

  /** A document's lines: headings, and entries behind a dash. */
  function showLines(lines, digest, note) {
    const el = own.parts.handover;
    const rows = lines.map((line, place) => {
      if (place === 0) return make("h3", "handover-title", line);
      return line.startsWith("- ") ? make("div", "handover-entry", line.slice(2)) : make("div", "handover-heading", line);
    });
    el.replaceChildren(make("div", "handover-note", note), ...rows, make("div", "handover-digest num", `${word("duty.digest")} ${digest}`));
    el.scrollTop = 0;
  }

  function showNote(text) {
    own.parts.handover.replaceChildren(make("div", "empty", text));
  }

  async function fetchDraft(notes) {
    const body = { centre: wall.live.centre(), lang: own.settings.lang, notes };
    const content = await ask("/handover/draft", body);
    if (content.lines) {
      shown = null;
      showLines(content.lines, content.digest, word("duty.is_draft"));
    } else showNote(content.why);
    wall.dutyMay.refresh();
    return content.lines ? { centre: body.centre, text: content.text, digest: content.digest } : null;
  }

  async function readDraft() {
    showNote(word("duty.loading"));
    await fetchDraft("");
  }

  /** Who goes adds notes and signs: the document is drafted anew with them, and that text is what is signed. */
  function handOver(give) {
    wall.dutyForms.open("hand_over", {
      target: wall.live.centre(), about: "",
      submit: async ({ text = "" }) => {
        const signed = await fetchDraft(text);
        if (!signed) return false;
        const order = { verb: "hand_over", target: signed.centre, text: signed.text, ref: signed.digest };
        const isTaken = await give([order], own.settings.done.hand_over);
        if (isTaken) own.parts.handover.firstChild.textContent = word("duty.signed");
        return isTaken;
      },
    });
  }

  /** Who comes sees the document first; the same key again signs for it. */
  async function takeOver(give) {
    const { waiting } = own.payloads.shift;
    if (shown !== waiting.id) {
      await read(waiting.id, word("duty.read_then_sign"));
      return;
    }
    await give([{ verb: "take_over", target: wall.live.centre(), ref: waiting.id }], own.settings.done.take_over);
  }

  async function read(id, note = "") {
    showNote(word("duty.loading"));
    const content = await ask(`/handovers/${encodeURIComponent(id)}?${about()}`);
    if (content.lines) {
      shown = id;
      showLines(content.lines, content.digest, note);
    } else showNote(content.why);
    wall.dutyMay.refresh();
  }

  /** Show one of the list, by its place. */
  function show(place) {
    const ids = found ? found.map((each) => each.id) : own.payloads.shift.ids;
    if (ids[place]) read(ids[place]);
  }

  // -- the list and the roster --------------------------------------------------------------------------------------

  const time = (seconds) => new Intl.DateTimeFormat("en-CA", {
    timeZone: own.settings.zone, month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).format(seconds * 1000).replace(",", "");

  function rowOf(each) {
    return {
      row: { state: each.state }, at: { text: time(each.at) }, gives: { text: each.gives.by },
      takes: { text: each.takes ? each.takes.by : word("not_taken") }, digest: { text: each.digest.slice(0, 8) },
    };
  }

  async function search() {
    const words = document.getElementById(own.settings.ids.search).value.trim();
    const content = words ? await ask(`/handovers?${about({ q: words })}`) : null;
    found = content && content.handovers ? content.handovers.slice(0, own.payloads.shift.most) : null;
    take(own.payloads.shift);
  }

  /** The pane's payload came; a search stays as it is. */
  function take(payload) {
    if (!payload) return;
    const earlier = found ? found.map(rowOf) : payload.earlier;
    const none = found ? { text: word("duty.nothing_found"), hide: found.length > 0 } : payload.no_earlier;
    wall.binder.show(own.panels, "shift", { ...payload, earlier, no_earlier: none });
  }

  function forget() {
    shown = found = null;
    showNote(word("duty.choose_handover"));
  }

  function start(state, words) {
    own = state;
    word = words;
    forget();
    document.getElementById(own.settings.ids.search).addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(search, SEARCH_MS);
    });
  }

  wall.dutyShift = { start, take, draft: readDraft, handOver, takeOver, show, forget };
})((window.wall = window.wall || {}));
