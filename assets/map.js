/* The map: reaches the Leaflet map that dash-leaflet makes, stacks the layers, and keeps its view. */
(function (wall) {
  "use strict";

  const REACH_REM = 0.5;
  const CLOSEST_ZOOM = 15;
  const MOST = 0.6;
  const REDRAW_MS = 5000;
  const FILES = ["roster", "outlines", "places"];

  let current = null;

  function adopt(map) {
    const root = map.getContainer().closest("[data-settings]");
    if (!root || root.dataset.settings === undefined) return;
    map.whenReady(() => {
      const settings = JSON.parse(root.dataset.settings);
      settings.centre = new URLSearchParams(window.location.search).get("centre") || settings.centre;
      current = begin(map, root, settings);
      wall.live.start(root, settings);
    });
  }

  function begin(map, root, settings) {
    const projected = wall.mapCanvas.projector(settings.origin);
    const state = {
      areas: [], incidents: [], still: {}, on: new Set(settings.layers), centre: settings.centre, cellsOn: false, cells: null,
      district: settings.district, // the edition of the district that it stands on, or is about to
      address: (name) => `/wall/${name}.json${state.district === settings.district ? "" : `?version=${state.district}`}`,
    };
    const layers = {
      ground: wall.mapGround.ground(root, projected, state).addTo(map),
      names: wall.mapGround.names(map, projected, state),
      cells: wall.mapGround.cells(map, root, projected, state),
      places: wall.mapMarks.places(root, projected, state).addTo(map),
      units: wall.mapUnits.layer(root, projected, settings),
      alerts: wall.mapMarks.alerts(map),
      incidents: wall.mapMarks.incidents(map),
    };
    layers.units.canvas.addTo(map);
    const own = { map, root, settings, state, layers, projected, touched: false, fittedTo: null, steering: false };
    watchTouch(own);
    watchPointer(own);
    load(own);
    // Units grow stale by time alone; a screen that was replaced must not draw on.
    const timer = setInterval(() => {
      if (own !== current) clearInterval(timer);
      else if (!document.hidden && layers.units.canvas._map) layers.units.canvas.redraw();
    }, REDRAW_MS);
    return own;
  }

  async function load(own) {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    wall.mapUnits.drawGlyphs(own.root, rem);
    const { district } = own.state;
    const tasks = FILES.map(async (name) => {
      const found = await wall.mapCanvas.fetchJson(own.state.address(name));
      if (own.state.district === district) take[name](own, found);
    });
    for (const done of await Promise.allSettled(tasks)) if (done.status === "rejected") console.warn("map:", done.reason.message);
  }

  /** What becomes of each file of the district. */
  const take = {
    roster: (own, found) => own.layers.units.know(found),
    outlines(own, found) {
      own.state.areas = wall.mapGround.areasOf(found, own.projected, own.settings.lang);
      own.layers.ground.redraw();
      own.layers.names.show();
      fit(own, true);
    },
    places(own, found) {
      own.state.still = wall.mapMarks.stillOf(found, own.projected);
      own.layers.places.redraw();
      for (const el of own.root.querySelectorAll("[data-still]")) {
        el.textContent = own.state.still[el.dataset.still].x.length.toLocaleString("en-US");
      }
    },
  };

  /** Stand on the district as its files were in that version, all of it at once as soon as it is here. */
  async function stand(version) {
    const own = current;
    if (!own || own.state.district === version) return;
    own.state.district = version;
    try {
      const found = await Promise.all(FILES.map((name) => wall.mapCanvas.fetchJson(own.state.address(name))));
      if (own !== current || own.state.district !== version) return;
      Object.assign(own.projected, wall.mapCanvas.projector(found[0].origin));
      const { ground, places, units, cells } = own.layers;
      for (const layer of [ground, places, units.canvas]) layer.reset();
      FILES.forEach((name, place) => take[name](own, found[place]));
      cells.forget();
    } catch (error) {
      if (own.state.district === version) own.state.district = null; // the next snapshot tries again
      console.warn("map:", error.message);
    }
  }

  // -- the view ---------------------------------------------------------------------------------------------------

  function watchTouch(own) {
    const touch = () => {
      if (own.steering) return;
      own.touched = true;
      locked(own, true);
    };
    const container = own.map.getContainer();
    container.addEventListener("wheel", touch, { passive: true });
    container.addEventListener("touchstart", touch, { passive: true });
    own.map.on("dragstart dblclick", touch);
    own.map.on("resize", () => own === current && fit(own, true));
    // Panels beside it change their height, and a replay's bar takes some: no window resizes then.
    new ResizeObserver(() => own === current && own.map.invalidateSize({ animate: false })).observe(container);
  }

  function locked(own, is) {
    const tools = own.root.querySelector('[data-live="locked"]');
    if (tools) tools.hidden = !is;
  }

  /** The ground that the scope covers, as Leaflet bounds. */
  function scopeBounds(own) {
    const area = own.state.areas.find((each) => each.code === own.state.centre && each.kind !== "department");
    if (!area) {
      const [south, west, north, east] = own.settings.bounds;
      return L.latLngBounds([south, west], [north, east]);
    }
    const corner = (x, y) => L.CRS.EPSG3857.unproject(L.point(x + own.projected.originX, y + own.projected.originY));
    return L.latLngBounds(corner(area.box[0], area.box[1]), corner(area.box[2], area.box[3]));
  }

  /** Show every open incident with its reach; none: the scope's ground. */
  function fit(own, always) {
    if (own.touched) return;
    const keys = own.state.incidents.map((mark) => mark.key).sort().join(" ");
    if (!always && keys === own.fittedTo) return;
    own.fittedTo = keys;
    const bounds = L.latLngBounds([]);
    for (const mark of own.state.incidents) {
      bounds.extend(L.latLng(mark.lat, mark.lon).toBounds(2.2 * Math.max(1000, ...mark.reach_m)));
    }
    const whole = scopeBounds(own);
    steer(own, bounds.isValid() && !isMost(bounds, whole) ? bounds : whole);
  }

  /** Incidents spread over most of the scope are better seen on the whole of it. */
  function isMost(bounds, whole) {
    const height = (b) => b.getNorth() - b.getSouth();
    const width = (b) => b.getEast() - b.getWest();
    return height(bounds) > MOST * height(whole) || width(bounds) > MOST * width(whole);
  }

  function steer(own, bounds) {
    own.steering = true;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const legend = own.root.querySelector(".legend");
    const left = legend ? legend.offsetWidth + rem : rem;
    own.map.fitBounds(bounds, {
      paddingTopLeft: [left, rem], paddingBottomRight: [rem, rem], maxZoom: CLOSEST_ZOOM, animate: false,
    });
    own.steering = false;
  }

  function free() {
    if (!current) return;
    current.touched = false;
    locked(current, false);
    fit(current, true);
  }

  /** The whole scope, and stay there. */
  function whole() {
    if (!current) return;
    current.touched = true;
    locked(current, true);
    steer(current, scopeBounds(current));
  }

  // -- what it shows ----------------------------------------------------------------------------------------------

  function show(payload) {
    if (!current) return;
    const { state, layers } = current;
    state.incidents = payload.incidents;
    layers.incidents.show(payload.incidents);
    layers.alerts.show(payload.alerts);
    layers.places.redraw();
    const moved = payload.centre !== state.centre;
    state.centre = payload.centre;
    if (moved) layers.ground.redraw();
    fit(current, moved);
  }

  function showLayers(names) {
    if (!current) return;
    const { state, layers, map } = current;
    const on = new Set(names);
    state.on = on;
    // Both colour the cells: patrol, which few ask for, comes before.
    const cells = on.has("patrol") ? "patrol" : on.has("cells") ? "loads" : null;
    if (state.cells !== cells) {
      state.cells = cells;
      state.cellsOn = cells !== null;
      layers.cells.show(cells);
      layers.ground.redraw();
    }
    layers.incidents.toggle(on.has("incidents"));
    layers.alerts.toggle(on.has("alerts"));
    if (on.has("units") && !layers.units.canvas._map) layers.units.canvas.addTo(map);
    if (!on.has("units")) layers.units.canvas.remove();
    layers.places.redraw();
  }

  function watchPointer(own) {
    const tip = own.root.querySelector('[data-live="tip"]');
    let waiting = null;
    const look = () => {
      const event = waiting;
      waiting = null;
      const found = under(own, event.layerPoint);
      tip.hidden = !found;
      if (!found) return;
      tip.textContent = found;
      tip.style.transform = `translate(${event.containerPoint.x}px, ${event.containerPoint.y}px)`;
    };
    own.map.on("mousemove", (event) => {
      if (!waiting) requestAnimationFrame(look);
      waiting = event;
    });
    own.map.on("mouseout movestart", () => (tip.hidden = true));
  }

  function under(own, point) {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const unit = own.state.on.has("units") && own.layers.units.under(point, rem * REACH_REM);
    if (unit) return `${unit.callSign} · ${own.settings.tiers[unit.tier]} · ${wall.clock.shortAge(unit.ageS)}`;
    const { view } = own.layers.places;
    if (!view) return null;
    for (const [layer, points] of Object.entries(own.state.still)) {
      if (!own.state.on.has(layer) || layer === "camera") continue;
      for (let i = 0; i < points.x.length; i++) {
        const ex = points.x[i] * view.scale + view.dx + view.topLeft.x - point.x;
        const ey = view.dy - points.y[i] * view.scale + view.topLeft.y - point.y;
        if (Math.hypot(ex, ey) < rem * REACH_REM) return points.name[i];
      }
    }
    return null;
  }

  wall.map = {
    show, showLayers, free, whole, stand,
    units: () => current && current.layers.units,
    setCentre(code) {
      if (current) current.touched = false;
      if (current) locked(current, false);
      return code;
    },
  };
  L.Map.addInitHook(function () {
    adopt(this);
  });
})((window.wall = window.wall || {}));
