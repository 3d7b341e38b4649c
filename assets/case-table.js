/* The table of cases: what keys and buttons do with the cases chosen, when the grid asks for its pages anew, and which
   case stands in detail. Pages, texts and permissions come from Python (callbacks/case_table.py, layouts/case_table.py). */
(function (wall) {
  "use strict";

  const ASK_MS = 2000;
  const STALE_MS = 30000; // what is left of a limit changes by time alone
  const SOON_AFTER_MS = 300;
  const SETTLE_MS = 120;
  const DAY_MS = 86400000;
  const TEXT_MOST = 80;

  const own = { mark: null, asked: 0, refreshedMs: 0, centre: "", may: {}, filter: {}, done: [], typed: {}, shown: null, timer: 0 };

  // -- pure ---------------------------------------------------------------------------------------------------------

  /** The values of the filter bar as backlog.query.Filter. */
  function filterOf([text, stages, items, departments, places, age, flags], soonS) {
    const wish = {};
    const lists = { stages, items, departments, places };
    for (const [name, list] of Object.entries(lists)) if (list && list.length) wish[name] = list;
    if (text && text.trim()) wish.text = text.trim().slice(0, TEXT_MOST);
    if (age) wish.older_than_s = Number(age);
    for (const flag of flags || []) if (flag === "soon") wish.due_within_s = soonS; else wish[flag] = true;
    return wish;
  }

  /** How far a zone's clocks are ahead of UTC at an epoch time, in ms. */
  function offsetMs(epochMs, zone) {
    const style = { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" };
    const part = {};
    for (const { type, value } of new Intl.DateTimeFormat("en", style).formatToParts(epochMs)) part[type] = Number(value);
    const local = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute);
    return local - Math.floor(epochMs / 60000) * 60000;
  }

  /** `2026-11-25T18:00` on the clocks of a zone, as an instant in ISO 8601; "" if it is no time. */
  function instant(local, zone) {
    const face = Date.parse(`${local}Z`);
    if (Number.isNaN(face)) return "";
    const first = face - offsetMs(face, zone);
    return new Date(face - offsetMs(first, zone)).toISOString();
  }

  /** An instant on the clocks of a zone, as an input of type datetime-local takes it. */
  const localTime = (epochMs, zone) => new Date(epochMs + offsetMs(epochMs, zone)).toISOString().slice(0, 16);

  const fill = (text, parts) => text.replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);

  /** What came of some orders, in one line. */
  function outcome(results, what, words) {
    const good = results.filter((each) => each.status === "accepted" || each.status === "repeated").length;
    const bad = results.filter((each) => each.status !== "accepted" && each.status !== "repeated");
    const reasons = new Set(bad.map((each) => [each.why, each.by].filter(Boolean).join(" · ")));
    const parts = [];
    if (good) parts.push(fill(words.done, { what, n: good }));
    if (bad.length) parts.push(fill(words.failed, { n: bad.length, why: [...reasons].join("; ") }));
    return parts.join(" · ");
  }

  // -- the page -----------------------------------------------------------------------------------------------------

  const root = () => document.querySelector(".cases[data-settings]");
  const part = (name) => root().querySelector(`[data-cases="${name}"]`);
  const setProps = (id, props) => window.dash_clientside.set_props(id, props);

  /** The settings that Python wrote into the frame. */
  function settings() {
    const el = root();
    if (el.settings === undefined) el.settings = JSON.parse(el.dataset.settings);
    return el.settings;
  }

  /** The grid's interface; null as long as there is none. */
  function grid() {
    if (!root() || !window.dash_ag_grid) return null;
    try {
      const api = window.dash_ag_grid.getApi(settings().ids.grid);
      return api && !api.isDestroyed() ? api : null;
    } catch {
      return null;
    }
  }

  /** Whether the console that the table stands in has lost the server (assets/live.js). */
  const isOffline = () => root().closest(".is-dead, .is-connecting") !== null;

  const isVisible = () => Boolean(root()) && root().offsetParent !== null && !document.hidden;

  function setText(name, text) {
    if (root() && part(name).textContent !== text) part(name).textContent = text;
  }

  // -- rows that change -----------------------------------------------------------------------------------------------

  function ask() {
    own.asked += 1;
    setProps(settings().ids.ask, { data: { mark: own.mark, asked: own.asked } });
  }

  /** Ask for the pages in sight anew; selection and scroll stay. */
  function refresh() {
    const api = grid();
    if (!api) return;
    own.refreshedMs = performance.now();
    api.refreshInfiniteCache();
    if (own.shown) show(own.shown);
  }

  function show(key) {
    own.shown = key;
    setProps(settings().ids.shown, { data: key });
  }

  function enable() {
    for (const each of root().querySelectorAll("[data-case-key]")) each.disabled = !own.may.act || isOffline();
    for (const each of root().querySelectorAll("[data-cases=export]")) each.hidden = !own.may.export;
  }

  setInterval(() => {
    if (!isVisible() || !grid()) return;
    enable();
    ask();
    if (performance.now() - own.refreshedMs > STALE_MS) refresh();
  }, ASK_MS);

  // -- orders -------------------------------------------------------------------------------------------------------

  /** Keys of the cases chosen; without a choice, of the one that has the focus. */
  function chosen(api) {
    const keys = api.getSelectedNodes().map((node) => node.id);
    if (keys.length) return keys;
    const cell = api.getFocusedCell();
    const node = cell && api.getDisplayedRowAtIndex(cell.rowIndex);
    return node && node.data ? [node.id] : [];
  }

  async function send(orders, what) {
    const { words } = settings();
    setText("result", "…");
    let results = [];
    try {
      results = await wall.orders.send(orders, `${what} ${orders.length}`);
    } catch {
      setText("result", words.unsent);
      return [];
    }
    setText("result", outcome(results, what, words));
    setTimeout(() => root() && ask(), SOON_AFTER_MS);
    return orders.filter((order) => results.some((each) => each.id === order.id && (each.status === "accepted" || each.status === "repeated")));
  }

  async function act(key) {
    const api = grid();
    const { actions, words, zone } = settings();
    const action = actions[key];
    if (!api || !own.may.act) return;
    if (isOffline()) {
      setText("result", words.offline);
      return;
    }
    if (action.verb === "retract") {
      await undo();
      return;
    }
    const keys = chosen(api);
    if (!keys.length) {
      setText("result", words.nothing);
      return;
    }
    const answer = action.needs.length || action.confirm ? await question(action, keys.length) : {};
    if (!answer) return;
    const fields = { verb: action.verb, centre: own.centre };
    if (answer.reason) fields.reason = answer.reason;
    if (answer.until) fields.until = instant(answer.until, zone);
    const orders = keys.map((target) => ({ id: wall.orders.newId(), target, ...fields }));
    const taken = await send(orders, action.word);
    if (taken.length) own.done.push({ verb: action.verb, word: action.word, orders: taken });
    if (taken.length === orders.length) delete own.typed[action.verb];
  }

  /** Take the last orders back, where that is safe. */
  async function undo() {
    const { undoable, words, actions } = settings();
    const last = own.done[own.done.length - 1];
    if (!last) {
      setText("result", words.nothing_to_undo);
      return;
    }
    if (!undoable.includes(last.verb)) {
      setText("result", fill(words.cannot_undo, { what: last.word }));
      return;
    }
    own.done.pop();
    const back = last.orders.map((order) => ({
      id: wall.orders.newId(), verb: "retract", target: order.target, centre: own.centre, ref: order.id,
    }));
    const taken = await send(back, `${actions.z.word}${last.word}`);
    const left = last.orders.filter((order) => !taken.some((each) => each.ref === order.id));
    if (left.length) own.done.push({ ...last, orders: left });
  }

  // -- questions ------------------------------------------------------------------------------------------------------

  function field(name, type, value) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { name, type, value, required: true, maxLength: 400, autocomplete: "off" });
    label.append(settings().words[name], input);
    return label;
  }

  function button(text, value) {
    const made = document.createElement("button");
    Object.assign(made, { textContent: text, value, className: "act", type: "submit", formNoValidate: !value });
    return made;
  }

  /** Ask what an action needs; resolves to the answers, or null. What was typed comes back if the orders failed. */
  function question(action, count) {
    const { words, zone } = settings();
    const typed = own.typed[action.verb] || {};
    const dialog = document.createElement("dialog");
    const form = document.createElement("form");
    const title = document.createElement("h3");
    dialog.className = "cases-question";
    form.method = "dialog";
    title.textContent = `${action.word} × ${count}`;
    form.append(title);
    if (action.confirm) form.append(Object.assign(document.createElement("p"), { textContent: action.confirm }));
    if (action.needs.includes("until")) {
      form.append(field("until", "datetime-local", typed.until || localTime(Date.now() + DAY_MS, zone)));
    }
    if (action.needs.includes("reason")) form.append(field("reason", "text", typed.reason || ""));
    form.append(button(action.word, "yes"), button(words.cancel, ""));
    dialog.append(form);
    root().append(dialog);
    const before = document.activeElement;
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => {
        const answer = Object.fromEntries(new FormData(form));
        own.typed[action.verb] = answer;
        dialog.remove();
        if (before) before.focus();
        resolve(dialog.returnValue === "yes" ? answer : null);
      });
      dialog.showModal();
    });
  }

  // -- keys and clicks ------------------------------------------------------------------------------------------------

  function onKey(event) {
    if (!isVisible() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest && event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
    const key = event.key.toLowerCase();
    if (key === "/") {
      event.preventDefault();
      document.getElementById(settings().ids.text).focus();
    } else if (settings().actions[key] && !event.repeat) {
      event.preventDefault();
      act(key);
    }
  }

  function onClick(event) {
    const pressed = event.target.closest && event.target.closest("[data-case-key], [data-cases=export]");
    if (!pressed || !root() || !root().contains(pressed)) return;
    if (pressed.dataset.caseKey) act(pressed.dataset.caseKey);
    else pressed.href = exportLink(new URL(pressed.href).pathname);
  }

  /** The export of what the table shows: the same centre, filter, order and language. */
  function exportLink(path) {
    const columns = grid() ? grid().getColumnState().filter((each) => each.sort) : [];
    const order = columns.sort((a, b) => a.sortIndex - b.sortIndex).map(({ colId, sort }) => ({ colId, sort }));
    const query = { centre: own.centre, filter: JSON.stringify(own.filter), order: JSON.stringify(order), lang: settings().lang };
    return `${path}?${new URLSearchParams(query)}`;
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);

  // -- what Dash and the grid call --------------------------------------------------------------------------------------

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.cases = {
    /** Called by Dash when the filter bar changes; answers the filter. */
    choose: (...values) => (root() ? filterOf(values, settings().soon_s) : {}),
    /** Called by Dash when the filter or the centre changes: other cases, from the top. */
    start_over(filter, centre) {
      Object.assign(own, { filter: filter || {}, centre: centre || "", mark: null, shown: null, refreshedMs: performance.now() });
      const api = grid();
      if (api) {
        api.deselectAll();
        api.purgeInfiniteCache();
      }
      return window.dash_clientside.no_update;
    },
    /** Called by Dash with the answer to `ask`. */
    hear(news) {
      if (news && root()) {
        own.mark = news.mark;
        setText("news", news.text);
        if (news.changed) refresh();
      }
      return window.dash_clientside.no_update;
    },
    /** Called by Dash when it is known what who looks may do. */
    permit(may) {
      own.may = may || {};
      if (root()) enable();
      return window.dash_clientside.no_update;
    },
  };

  window.dashAgGridFunctions = window.dashAgGridFunctions || {};
  /** Called by the grid when a cell gets the focus: its case is shown in detail. */
  window.dashAgGridFunctions.caseFocused = (event) => {
    const node = event.rowIndex === null || event.rowIndex === undefined ? null : event.api.getDisplayedRowAtIndex(event.rowIndex);
    if (!node || !node.data || node.id === own.shown) return;
    clearTimeout(own.timer);
    own.timer = setTimeout(() => show(node.id), SETTLE_MS);
  };
  /** Called by the grid when the choice changes. */
  window.dashAgGridFunctions.casesChosen = (event) => {
    const count = event.api.getSelectedNodes().length;
    if (root()) setText("chosen", count ? `${part("chosen").dataset.word} ${count}` : "");
  };

  wall.cases = { filterOf, instant, localTime, outcome };
})((window.wall = window.wall || {}));
