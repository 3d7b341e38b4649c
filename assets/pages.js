/* Which page the wall shows. Python says where the playlist is; here is only what this one screen was told by hand.
   A page is an attribute of the wall: the same panels stand in another order (pages.css), so nothing loads or flashes. */
(function (wall) {
  "use strict";

  const own = { root: null, settings: null, told: null, byHand: null, follows: null };

  /** Whether this screen turns: as its address or key P says, else as the operator set. */
  function follows() {
    if (own.follows !== null) return own.follows;
    const asked = new URLSearchParams(window.location.search).get("playlist");
    return asked === null ? Boolean(own.told && own.told.is_on) : asked === "1";
  }

  /** The page for what is known: an emergency first, then what was chosen here, then the playlist. */
  function pageOf({ told, byHand, turns, home }) {
    if (!told) return byHand || home;
    if (told.emergency && (turns || byHand)) return home;
    return byHand || (turns ? told.page : home);
  }

  function draw() {
    if (!own.root) return;
    const turns = follows();
    const page = pageOf({ told: own.told, byHand: own.byHand, turns, home: own.settings.home });
    const isHeld = Boolean(own.told && own.told.emergency) && (turns || own.byHand !== null);
    own.plate.hidden = !turns && own.byHand === null;
    own.plate.dataset.state = isHeld ? "held" : own.byHand ? "hand" : "turning";
    own.plate.querySelector('[data-live="playlist-mode"]').textContent =
      own.words[isHeld ? "playlist.emergency" : own.byHand ? "playlist.by_hand" : "playlist.follows"];
    for (const name of own.plate.querySelectorAll("[data-page-name]")) {
      name.classList.toggle("is-shown", name.dataset.pageName === page);
    }
    if (own.root.dataset.page === page) return;
    own.root.dataset.page = page;
    // Map, charts and lists measure their place anew.
    window.dispatchEvent(new Event("resize"));
  }

  /** What the playlist's panel says. */
  function show(payload) {
    own.told = payload;
    draw();
  }

  /** A key; answers whether it was one of ours. */
  function press(key) {
    if (!own.root) return false;
    if (key === "p") {
      own.follows = !(follows() && own.byHand === null);
      own.byHand = null;
    } else if (own.settings.keys[key]) {
      const page = own.settings.keys[key];
      own.byHand = page === own.settings.home && !follows() ? null : page;
    } else return false;
    draw();
    return true;
  }

  function start(root, settings) {
    Object.assign(own, { root, settings: settings.playlist, words: settings.words, byHand: null, told: null });
    own.plate = root.querySelector('[data-panel="playlist"]');
    draw();
  }

  wall.pages = { start, show, press, pageOf };
})((window.wall = window.wall || {}));
