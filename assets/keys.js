/* The keyboard and the few things that can be clicked. Dash's own switches stay the truth of what is on. */
(function (wall) {
  "use strict";

  let settings = null;
  let root = null;
  let layers = [];

  function toggle(layer) {
    layers = layers.includes(layer) ? layers.filter((each) => each !== layer) : [...layers, layer];
    window.dash_clientside.set_props(settings.ids.layers, { value: layers });
  }

  function help(is) {
    const page = root.querySelector('[data-live="help"]');
    page.hidden = is === undefined ? !page.hidden : !is;
  }

  function onKey(event) {
    if (!root || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest && event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    const key = event.key.toLowerCase();
    if (key === "0") wall.map.whole();
    else if (key === "f") wall.map.free();
    else if (key === "?") help();
    else if (key === "escape") help(false);
    else if (settings.keys[key]) toggle(settings.keys[key]);
    else wall.pages.press(key);
  }

  function onClick(event) {
    if (!root || !root.contains(event.target)) return;
    const act = event.target.closest("[data-act]");
    const centre = event.target.closest("[data-centre]");
    if (act && act.dataset.act === "free") wall.map.free();
    else if (act && act.dataset.act === "back") choose(settings.root);
    else if (centre) choose(centre.dataset.centre);
  }

  function choose(code) {
    window.dash_clientside.set_props(settings.ids.centre, { value: code });
  }

  /** Wire a screen; `root` is its element. */
  function start(element, given) {
    root = element;
    settings = given;
    layers = given.layers;
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.wall = {
    /** Called by Dash when the layer switches change. */
    show_layers(names) {
      layers = names || [];
      wall.map.showLayers(layers);
      return window.dash_clientside.no_update;
    },
    /** Called by Dash when a centre is chosen. */
    choose_centre(code) {
      if (code) wall.live.choose(code);
      return window.dash_clientside.no_update;
    },
  };
  wall.keys = { start };
})((window.wall = window.wall || {}));
