/* Marks on the map: incidents with name and reach, alerts, and what stands still. Names are text nodes. */
(function (wall) {
  "use strict";

  const CLUSTER_REM = 2.2;
  const STILL = { standby: ["standby"], key_area: ["key_area"], camera: ["camera", "ai_camera"], sensors: ["gauge", "slope"] };

  function element(css, parent, tag = "div") {
    const el = document.createElement(tag);
    el.className = css;
    parent.append(el);
    return el;
  }

  /** Marks by key in a pane; elements are kept and moved, not made anew. */
  function marks(map, pane, order, make, update) {
    const box = map.createPane(pane);
    box.style.zIndex = order;
    const byKey = new Map();
    let shown = [];

    function place() {
      const taken = [];
      const corner = map.containerPointToLayerPoint([0, 0]);
      const size = map.getSize();
      const edge = [corner.x, corner.y, corner.x + size.x, corner.y + size.y];
      for (const mark of shown) {
        const el = byKey.get(mark.key);
        const at = map.latLngToLayerPoint([mark.lat, mark.lon]);
        L.DomUtil.setPosition(el, at);
        arrange(el, at, taken, edge);
      }
    }

    function show(list) {
      const keys = new Set(list.map((mark) => mark.key));
      for (const [key, el] of byKey) {
        if (keys.has(key)) continue;
        el.remove();
        byKey.delete(key);
      }
      for (const mark of list) {
        if (!byKey.has(mark.key)) byKey.set(mark.key, make(box));
        update(byKey.get(mark.key), mark);
      }
      shown = list;
      place();
    }

    map.on("moveend resize", place);
    return { show, toggle: (on) => (box.hidden = !on), list: () => shown };
  }

  /** Put a mark's name where it covers no other: right, left, below, above; else leave it out. */
  function arrange(el, at, taken, edge) {
    const name = el.querySelector(".mark-name");
    if (!name) return;
    const w = name.offsetWidth;
    const h = name.offsetHeight;
    const r = el.firstElementChild.offsetWidth / 2;
    const gap = r * 0.25;
    taken.push([at.x - r, at.y - r, at.x + r, at.y + r]);
    const spots = [[r + gap, -h / 2], [-r - gap - w, -h / 2], [-w / 2, r + gap], [-w / 2, -r - gap - h]];
    for (const [x, y] of spots) {
      const box = [at.x + x, at.y + y, at.x + x + w, at.y + y + h];
      if (box[0] < edge[0] || box[1] < edge[1] || box[2] > edge[2] || box[3] > edge[3]) continue;
      if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
      taken.push(box);
      name.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
      name.style.visibility = "visible";
      return;
    }
    name.style.visibility = "hidden";
  }

  function incidents(map) {
    const make = (box) => {
      const el = element("mark", box);
      element("chip mark-chip", el);
      element("mark-name", el);
      return el;
    };
    return marks(map, "wall-incidents", 620, make, (el, mark) => {
      const [chip, name] = el.children;
      chip.textContent = mark.numeral;
      chip.dataset.state = mark.state;
      name.textContent = mark.drill ? `${mark.drill} · ${mark.name}` : mark.name;
      el.dataset.state = mark.waiting ? "waiting" : "open";
      el.setAttribute("aria-label", `${mark.numeral} ${mark.name}`);
    });
  }

  function alerts(map) {
    const make = (box) => {
      const el = element("mark mark-alert", box);
      element("mark-camera", el);
      return el;
    };
    return marks(map, "wall-alerts", 610, make, (el, mark) => {
      el.firstElementChild.dataset.state = mark.state;
      el.setAttribute("aria-label", mark.name);
    });
  }

  /** Reach rings and standing places share a canvas under the units. */
  function places(root, projected, state) {
    const paint = Object.fromEntries(
      ["ink-soft", "ink-mute", "bar", "land", "panel", "raised"].map((name) => [name, wall.mapCanvas.token(root, `--${name}`)]),
    );
    return new wall.mapCanvas.PaddedCanvas("wall-places", 230, projected, (context, view) => {
      context.clearRect(0, 0, view.width, view.height);
      if (state.on.has("rings")) drawRings(context, view, state.incidents, projected, paint);
      if (state.on.has("camera")) drawClusters(context, view, state.still.camera, paint);
      if (state.on.has("standby")) drawPoints(context, view, state.still.standby, paint, square);
      if (state.on.has("key_area")) drawPoints(context, view, state.still.key_area, paint, diamond);
      if (state.on.has("sensors")) drawPoints(context, view, state.still.sensors, paint, triangle);
    });
  }

  function drawRings(context, view, list, projected, paint) {
    context.strokeStyle = paint["ink-mute"];
    for (const mark of list) {
      const [x, y] = projected.of(mark.lat, mark.lon);
      const stretch = 1 / Math.cos((mark.lat * Math.PI) / 180);
      mark.reach_m.forEach((reach, place) => {
        context.beginPath();
        context.arc(x * view.scale + view.dx, view.dy - y * view.scale, reach * stretch * view.scale, 0, 2 * Math.PI);
        context.globalAlpha = 0.75 - 0.15 * place;
        context.lineWidth = Math.max(1, view.rem * 0.045);
        context.setLineDash(place === 0 ? [] : [view.rem * 0.12 * (4 - place), view.rem * 0.16]);
        context.stroke();
      });
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  const square = (c, x, y, r) => c.rect(x - r, y - r, 2 * r, 2 * r);
  const diamond = (c, x, y, r) => poly(c, [[x, y - 1.3 * r], [x + 1.3 * r, y], [x, y + 1.3 * r], [x - 1.3 * r, y]]);
  const triangle = (c, x, y, r) => poly(c, [[x, y - 1.2 * r], [x + 1.2 * r, y + r], [x - 1.2 * r, y + r]]);

  function poly(context, points) {
    points.forEach(([x, y], place) => (place ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
  }

  function drawPoints(context, view, points, paint, shape) {
    if (!points) return;
    context.beginPath();
    for (let i = 0; i < points.x.length; i++) {
      shape(context, Math.round(points.x[i] * view.scale + view.dx), Math.round(view.dy - points.y[i] * view.scale), view.rem * 0.16);
    }
    context.fillStyle = paint.land;
    context.fill();
    context.strokeStyle = paint["ink-mute"];
    context.lineWidth = Math.max(1, view.rem * 0.05);
    context.stroke();
  }

  /** Points counted in squares that stand still on the ground, so that they do not dance when the map moves. */
  function cluster(points, view, sizePx) {
    const step = sizePx / view.scale;
    const bins = new Map();
    for (let i = 0; i < points.x.length; i++) {
      const px = points.x[i] * view.scale + view.dx;
      const py = view.dy - points.y[i] * view.scale;
      if (px < -sizePx || py < -sizePx || px > view.width + sizePx || py > view.height + sizePx) continue;
      const key = Math.floor(points.x[i] / step) * 65536 + Math.floor(points.y[i] / step);
      const bin = bins.get(key);
      if (bin) {
        bin.count++;
        bin.px += px;
        bin.py += py;
      } else bins.set(key, { count: 1, px, py });
    }
    return [...bins.values()].map((bin) => ({ count: bin.count, px: bin.px / bin.count, py: bin.py / bin.count }));
  }

  function drawClusters(context, view, points, paint) {
    if (!points) return;
    const bins = cluster(points, view, view.rem * CLUSTER_REM);
    context.font = `500 ${view.rem * 0.8}px ${getComputedStyle(document.body).fontFamily}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = Math.max(1, view.rem * 0.04);
    for (const bin of bins) {
      const single = bin.count === 1;
      context.beginPath();
      context.arc(bin.px, bin.py, view.rem * (single ? 0.18 : 0.62 + 0.2 * Math.log10(bin.count)), 0, 2 * Math.PI);
      context.fillStyle = paint.raised;
      context.fill();
      context.strokeStyle = paint.bar;
      context.stroke();
      if (single) continue;
      context.fillStyle = paint["ink-soft"];
      context.fillText(bin.count < 1000 ? bin.count : `${(bin.count / 1000).toFixed(1)}k`, bin.px, bin.py);
    }
  }

  /** Columns of /wall/places.json as layers: {x, y, name} in metres around the origin. */
  function stillOf(found, projected) {
    const still = {};
    for (const [layer, kinds] of Object.entries(STILL)) {
      const x = [];
      const y = [];
      const name = [];
      for (const kind of kinds) {
        const columns = found[kind] || { lat: [], lon: [] };
        columns.lat.forEach((lat, place) => {
          const [px, py] = projected.of(lat, columns.lon[place]);
          x.push(px);
          y.push(py);
          name.push(columns.name ? columns.name[place] : columns.id ? columns.id[place] : "");
        });
      }
      still[layer] = { x: Float32Array.from(x), y: Float32Array.from(y), name };
    }
    return still;
  }

  wall.mapMarks = { STILL, incidents, alerts, places, stillOf, cluster };
})((window.wall = window.wall || {}));
