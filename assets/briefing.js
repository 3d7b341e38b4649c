/* The briefing in the browser: keys of the page, slides by the keyboard, files with their progress. What is read and
   what is written works without this file. */
(function (wall) {
  "use strict";

  const ASK_MS = 1000;
  const WIRE_MS = 300;

  /** Whether a key is meant for a field, or for the browser. */
  function isElsewhere(event) {
    return event.ctrlKey || event.metaKey || event.altKey || Boolean(event.target.closest("input, select, textarea"));
  }

  /** The slide that a step from one leads to. */
  function stepped(place, step, count) {
    return Math.min(Math.max(place + step, 0), count - 1);
  }

  // -- the page -------------------------------------------------------------------------------------------------------

  const PAGE_KEYS = { p: '[data-act="present"]', ArrowLeft: 'a[rel="prev"]', ArrowRight: 'a[rel="next"]' };

  function startPage(page) {
    document.addEventListener("keydown", (event) => {
      const wanted = PAGE_KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (wanted && !isElsewhere(event)) page.querySelector(wanted)?.click();
    });
    page.addEventListener("submit", (event) => {
      const sure = event.target.dataset.confirm;
      if (sure && !window.confirm(sure)) event.preventDefault();
      if (event.target.dataset.export) {
        event.preventDefault();
        take(event.target, page.querySelector(".export-state"));
      }
    });
  }

  /** Has a file made, tells how far that is, and offers it. */
  async function take(form, state) {
    const fields = Object.fromEntries(new FormData(form));
    const told = (text) => { state.textContent = text; };
    told(`${state.dataset.working}…`);
    try {
      const { id } = await asked(form.action, fields);
      for (;;) {
        const job = await asked(`/briefing/exports/${encodeURIComponent(id)}`);
        if (job.state === "done") {
          told("");
          return state.append(Object.assign(document.createElement("a"), {
            href: job.url, download: "", textContent: `${state.dataset.ready} ${fields.format}`,
          }));
        }
        if (job.state === "failed") throw new Error(job.why || "");
        told(`${state.dataset.working}… ${Math.round(100 * (job.share || 0))}%`);
        await new Promise((later) => { window.setTimeout(later, ASK_MS); });
      }
    } catch (error) {
      told(`${state.dataset.failed}${error.message}`);
    }
  }

  /** The answer to a question, or to fields that are sent; what the server says where it refuses. */
  async function asked(path, fields) {
    const headers = { Accept: "application/json", ...(fields && { "Content-Type": "application/json" }) };
    const sent = fields && { method: "POST", body: JSON.stringify(fields) };
    const answer = await window.fetch(path, { headers, ...sent });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(body.why || `${answer.status}`);
    return body;
  }

  // -- slides ---------------------------------------------------------------------------------------------------------

  function startDeck(deck) {
    const root = document.documentElement;
    const slides = [...deck.querySelectorAll(".slide")];
    let place = 0;
    let replay = null;

    function show(next) {
      place = stepped(next, 0, slides.length);
      slides.forEach((slide, each) => slide.classList.toggle("is-shown", each === place));
      window.history.replaceState(null, "", `#${place + 1}`);
    }

    function full() {
      if (document.fullscreenElement) document.exitFullscreen();
      else root.requestFullscreen().catch(() => undefined);
    }

    function leave() {
      if (replay && !replay.closed) replay.close();
      else if (root.classList.contains("is-black")) root.classList.remove("is-black");
      else window.location.assign(deck.dataset.leave);
    }

    /** The wall as it was, in a window of its own: no page of ours may be framed. Escape there comes back here. */
    function look() {
      const link = slides[place].querySelector("[data-replay]");
      if (!link) return;
      replay = window.open(link.href, "wall-replay", `popup,width=${window.screen.width},height=${window.screen.height}`);
      const wiring = window.setInterval(() => {
        if (!replay || replay.closed) return window.clearInterval(wiring);
        if (replay.document.readyState !== "complete" || replay.wallWired) return undefined;
        replay.wallWired = true;
        return replay.addEventListener("keydown", (event) => event.key === "Escape" && replay.close());
      }, WIRE_MS);
    }

    const keys = {
      ArrowRight: () => show(place + 1), ArrowDown: () => show(place + 1), PageDown: () => show(place + 1),
      " ": () => show(place + 1), Enter: () => show(place + 1),
      ArrowLeft: () => show(place - 1), ArrowUp: () => show(place - 1), PageUp: () => show(place - 1),
      Backspace: () => show(place - 1), Home: () => show(0), End: () => show(slides.length - 1),
      f: full, b: () => root.classList.toggle("is-black"), n: () => root.classList.toggle("with-notes"), r: look,
      Escape: leave,
    };

    document.addEventListener("keydown", (event) => {
      const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!act || isElsewhere(event)) return;
      event.preventDefault();
      act();
    });
    deck.addEventListener("click", (event) => {
      if (!event.target.closest("[data-replay]")) return;
      event.preventDefault();
      look();
    });
    show(Number(window.location.hash.slice(1)) - 1 || 0);
  }

  function start() {
    const deck = document.querySelector(".deck");
    const page = document.querySelector(".briefing");
    if (deck) startDeck(deck);
    else if (page) startPage(page);
  }

  wall.briefing = { stepped };
  document.addEventListener("DOMContentLoaded", start);
})((window.wall = window.wall || {}));
