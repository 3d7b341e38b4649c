/* Puts panel payloads into the slots that the layout made (layouts/slots.py): text nodes, states, bars and pictures.
   The number of nodes never changes, nothing is parsed as markup, and what is the same as before is not touched. */
(function (wall) {
  "use strict";

  const ticking = new Set();
  let fitted = [];

  function makeSlot(el) {
    return { el, isText: el.childElementCount === 0 && el.tagName !== "IMG", text: null, state: null, due: null, since: null, span: null };
  }

  /** The rows of a list; the layout made the first, the others are its copies. */
  function rowsOf(list) {
    const rows = [...list.children].filter((row) => row.dataset.row !== undefined);
    for (let count = rows.length; count > 0 && count < Number(list.dataset.rows); count++) {
      rows.push(list.appendChild(rows[0].cloneNode(true)));
    }
    return rows;
  }

  /** The slots and lists under an element, rows of lists apart. */
  function index(el) {
    const node = { row: makeSlot(el), slots: {}, lists: {} };
    (function walk(parent) {
      for (const child of parent.children) {
        if (child.dataset.list !== undefined) {
          const rows = rowsOf(child).map(index);
          node.lists[child.dataset.list] = rows;
          if (child.dataset.fit !== undefined) fitted.push({ el: child, node, name: child.dataset.list, rests: [""] });
        } else {
          if (child.dataset.slot !== undefined) node.slots[child.dataset.slot] = makeSlot(child);
          walk(child);
        }
      }
    })(el);
    return node;
  }

  function setText(slot, text) {
    if (slot.text === text) return;
    slot.text = text;
    slot.el.textContent = text;
  }

  function setTicking(slot, value) {
    slot.due = value.due ?? null;
    slot.since = value.since ?? null;
    slot.span = value.span ?? null;
    slot.short = value.short === true;
    if (slot.due !== null || slot.since !== null || slot.span !== null) {
      ticking.add(slot);
      tick(slot, wall.clock.nowMs() / wall.clock.SECOND_MS);
    } else if (ticking.delete(slot)) {
      delete slot.el.dataset.over;
    }
  }

  function put(slot, value) {
    const { el } = slot;
    if (value.state !== undefined || slot.state !== null) {
      if (slot.state !== (value.state ?? null)) {
        slot.state = value.state ?? null;
        if (slot.state === null) delete el.dataset.state;
        else el.dataset.state = slot.state;
      }
    }
    if (value.hide !== undefined && el.hidden !== value.hide) el.hidden = value.hide;
    if (value.share !== undefined) setShare(slot, value.share);
    if (value.tip !== undefined && el.title !== value.tip) {
      el.title = value.tip;
      el.setAttribute("aria-label", value.tip);
    }
    if (value.centre !== undefined) el.dataset.centre = value.centre;
    if (value.src !== undefined && slot.src !== value.src) setPicture(slot, value.src);
    setTicking(slot, value);
    if (slot.isText && slot !== undefined && slot.due === null && slot.since === null) setText(slot, value.text ?? "");
  }

  function setShare(slot, share) {
    const rounded = String(Math.round(share * 1000) / 1000);
    if (slot.share === rounded) return;
    slot.share = rounded;
    slot.el.style.setProperty("--share", rounded);
  }

  function setPicture(slot, src) {
    slot.src = src;
    if (src) slot.el.src = src;
    else slot.el.removeAttribute("src");
  }

  function fill(node, payload) {
    for (const [name, value] of Object.entries(payload)) {
      if (Array.isArray(value)) fillRows(node.lists[name], value);
      else if (node.slots[name] && value !== null && typeof value === "object") put(node.slots[name], value);
    }
  }

  function fillRows(rows, values) {
    if (!rows) return;
    rows.forEach((row, place) => {
      const value = values[place];
      if (row.row.el.hidden !== (value === undefined)) row.row.el.hidden = value === undefined;
      if (value === undefined) return release(row);
      if (value.row) put(row.row, { hide: false, ...value.row });
      fill(row, value);
    });
  }

  /** A hidden row must not tick. */
  function release(node) {
    for (const slot of Object.values(node.slots)) ticking.delete(slot);
    for (const rows of Object.values(node.lists)) rows.forEach(release);
  }

  function tick(slot, nowS) {
    if (slot.due !== null) {
      const left = slot.due - nowS;
      setText(slot, wall.clock.countdown(left));
      const over = left < 0 ? "1" : "0";
      if (slot.el.dataset.over !== over) slot.el.dataset.over = over;
    } else if (slot.since !== null) {
      setText(slot, slot.short ? wall.clock.shortAge(nowS - slot.since) : wall.clock.age(nowS - slot.since));
    }
    if (slot.span !== null) {
      const [from, to] = slot.span;
      setShare(slot, Math.min(1, Math.max(0, (nowS - from) / (to - from || 1))));
    }
  }

  /** Every figure that time alone changes. */
  function tickAll(nowS) {
    for (const slot of ticking) tick(slot, nowS);
  }

  /** Say of a list that shows only as many as fit what it does not show. */
  function fit() {
    for (const list of fitted) {
      const filled = list.node.lists[list.name].map((row) => row.row.el).filter((el) => !el.hidden);
      const shown = filled.filter((el) => el.offsetTop === filled[0].offsetTop).length;
      const rest = list.node.slots.rest;
      if (rest) setText(rest, list.rests[shown] ?? "");
    }
  }

  /** Panels of a screen by name. */
  function bind(root) {
    ticking.clear();
    fitted = [];
    const panels = {};
    for (const el of root.querySelectorAll("[data-panel]")) panels[el.dataset.panel] = index(el);
    return panels;
  }

  function show(panels, name, payload) {
    const node = panels[name];
    if (!node) return;
    fill(node, payload);
    node.row.el.classList.remove("is-loading");
    if (payload.rests) {
      for (const list of fitted) if (list.node === node) list.rests = payload.rests;
      fit();
    }
  }

  wall.binder = { bind, show, tickAll, fit };
})((window.wall = window.wall || {}));
