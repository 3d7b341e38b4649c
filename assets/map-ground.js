/* What the map stands on: outlines with names, and cells coloured by load where asked for. */
(function (wall) {
  "use strict";

  const TILE_PX = 512;
  const LOADS_EVERY_MS = 30000;
  const LOAD_FILLS = [0, 0.14, 0.28, 0.44, 0.62, 0.82].map((alpha) => ({ colour: "bar", alpha }));
  // By dashboard/patrol/figures.CellState: no record, in time, due soon, overdue; the last: not in the scope.
  const PATROL_FILLS = [
    { colour: "bar", alpha: 0.7, isHatched: true }, { colour: "bar", alpha: 0.16 }, { colour: "warn", alpha: 0.4 },
    { colour: "late", alpha: 0.8 }, { colour: "bar", alpha: 0 },
  ];
  const HATCH_PX = 8;

  function colours(root) {
    const names = ["land", "border", "border-soft", "ink-soft", "ground", "bar", "line", "warn", "late"];
    return Object.fromEntries(names.map((name) => [name, wall.mapCanvas.token(root, `--${name}`)]));
  }

  function areaOf(ring) {
    let twice = 0;
    for (let i = 0; i < ring.length - 2; i += 2) twice += ring[i] * ring[i + 3] - ring[i + 2] * ring[i + 1];
    return twice / 2;
  }

  /** The centre of gravity of the largest ring. */
  function middleOf(rings) {
    let best = null;
    for (const ring of rings) if (!best || Math.abs(areaOf(ring)) > Math.abs(areaOf(best))) best = ring;
    let x = 0;
    let y = 0;
    const area = areaOf(best);
    for (let i = 0; i < best.length - 2; i += 2) {
      const cross = best[i] * best[i + 3] - best[i + 2] * best[i + 1];
      x += (best[i] + best[i + 2]) * cross;
      y += (best[i + 1] + best[i + 3]) * cross;
    }
    return [x / (6 * area), y / (6 * area)];
  }

  function label(name) {
    return name.replace(/(街道办事处|街道)$/u, "").replace(/ Sub-?district$/iu, "");
  }

  /** Outlines as areas: {code, kind, name, rings, box, middle}. */
  function areasOf(collection, projected, lang) {
    return collection.features.map((feature) => {
      const { code, kind, name, name_en: nameEn } = feature.properties;
      const rings = wall.mapCanvas.ringsOf(feature.geometry, projected);
      return {
        code, kind, rings,
        name: label(lang === "zh" ? name : nameEn || name),
        box: wall.mapCanvas.boxOf(rings),
        middle: rings.length ? middleOf(rings) : [0, 0],
      };
    });
  }

  function ground(root, projected, state) {
    const paint = colours(root);
    return new wall.mapCanvas.PaddedCanvas("wall-ground", 210, projected, (context, view) => {
      context.clearRect(0, 0, view.width, view.height);
      const of = (kind) => state.areas.filter((area) => area.kind === kind);
      const stroke = (areas, colour, width) => {
        context.beginPath();
        for (const area of areas) wall.mapCanvas.trace(context, area.rings, view);
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.lineJoin = "round";
        context.stroke();
      };
      if (!state.cellsOn) {
        context.beginPath();
        for (const area of of("district")) wall.mapCanvas.trace(context, area.rings, view);
        context.fillStyle = paint.land;
        context.fill("evenodd");
      }
      stroke(of("community"), paint["border-soft"], Math.max(1, view.rem * 0.03));
      stroke(of("sub_district"), paint.border, Math.max(1, view.rem * 0.045));
      stroke(of("district"), paint.border, Math.max(1.5, view.rem * 0.08));
      const chosen = state.areas.find((area) => area.code === state.centre && area.kind !== "district");
      if (chosen) stroke([chosen], paint["ink-soft"], view.rem * 0.12);
    });
  }

  /** Names of sub-districts, above the units so that they can be read. */
  function names(map, projected, state) {
    const pane = map.createPane("wall-names");
    pane.style.zIndex = 250;
    pane.style.pointerEvents = "none";
    const elements = new Map();

    function place() {
      for (const [area, el] of elements) {
        const [x, y] = area.middle;
        const at = L.CRS.EPSG3857.unproject(L.point(x + projected.originX, y + projected.originY));
        L.DomUtil.setPosition(el, map.latLngToLayerPoint(at));
      }
    }

    map.on("moveend resize", place);
    return {
      show() {
        elements.clear();
        pane.replaceChildren();
        for (const area of state.areas) {
          if (area.kind !== "sub_district") continue;
          const el = document.createElement("div");
          el.className = "map-name";
          el.append(document.createElement("span"));
          el.firstChild.textContent = area.name;
          pane.append(el);
          elements.set(area, el);
        }
        place();
      },
    };
  }

  /** Class of a load: how many edges it reaches. */
  function classOf(load, edges) {
    let place = 0;
    while (place < edges.length && load >= edges[place]) place++;
    return place;
  }

  /** Stripes, for what is not known. */
  function hatch(context, colour) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = HATCH_PX;
    const pen = tile.getContext("2d");
    pen.strokeStyle = colour;
    pen.lineWidth = 1.5;
    pen.beginPath();
    for (const shift of [-HATCH_PX, 0, HATCH_PX]) {
      pen.moveTo(shift, HATCH_PX);
      pen.lineTo(shift + HATCH_PX, 0);
    }
    pen.stroke();
    return context.createPattern(tile, "repeat");
  }

  const CellTiles = L.GridLayer.extend({
    initialize(projected, paint) {
      L.setOptions(this, { tileSize: TILE_PX, pane: "wall-cells", updateWhenZooming: false, keepBuffer: 0 });
      this._projected = projected;
      this._paint = paint;
      this._cells = [];
      this.fills = LOAD_FILLS;
      this.classes = new Uint8Array(0);
    },

    setCells(cells) {
      this._cells = cells;
      this.redraw();
    },

    createTile(coords, done) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = TILE_PX;
      // One task a tile: a whole screen of cells at once would hold up the clocks.
      setTimeout(() => {
        this._drawTile(tile, coords);
        done(null, tile);
      }, 0);
      return tile;
    },

    _drawTile(tile, coords) {
      const context = tile.getContext("2d");
      const view = wall.mapCanvas.affine(this._projected, coords.z, coords.x * TILE_PX, coords.y * TILE_PX);
      const left = -view.dx / view.scale;
      const right = (TILE_PX - view.dx) / view.scale;
      const top = view.dy / view.scale;
      const bottom = (view.dy - TILE_PX) / view.scale;
      const byClass = this.fills.map(() => []);
      this._cells.forEach((cell, place) => {
        if (cell.box[0] > right || cell.box[2] < left || cell.box[1] > top || cell.box[3] < bottom) return;
        byClass[Math.min(this.classes[place] || 0, this.fills.length - 1)].push(cell.rings);
      });
      byClass.forEach((cells, place) => {
        context.beginPath();
        for (const rings of cells) wall.mapCanvas.trace(context, rings, view);
        context.globalAlpha = 1;
        context.fillStyle = this._paint.land;
        context.fill("evenodd");
        const { colour, alpha, isHatched } = this.fills[place];
        context.globalAlpha = alpha;
        context.fillStyle = isHatched ? hatch(context, this._paint[colour]) : this._paint[colour];
        context.fill("evenodd");
        context.globalAlpha = 1;
        context.strokeStyle = this._paint.ground;
        context.lineWidth = 1;
        context.stroke();
      });
    },
  });

  /** The cells layer: loaded when first shown, how its cells are asked for while it is shown. */
  function cells(map, root, projected, state) {
    const pane = map.createPane("wall-cells");
    pane.style.zIndex = 205;
    pane.style.pointerEvents = "none";
    const layer = new CellTiles(projected, colours(root));
    let loading = null;
    let timer = 0;

    let shown = null; // "loads" or "patrol"

    /** How the cells are now; of the past it is not known. */
    async function classesOf(what) {
      if (wall.replay.isOn()) return new Uint8Array(layer._cells.length).fill(what === "patrol" ? PATROL_FILLS.length : 0);
      const found = await wall.mapCanvas.fetchJson(`/wall/${what}.json?centre=${encodeURIComponent(state.centre)}`);
      return Uint8Array.from(found.states || found.loads, (each) => (found.states ? each : classOf(each, found.edges)));
    }

    async function refresh() {
      const what = shown;
      try {
        loading = loading || wall.mapCanvas.fetchJson(state.address("cells"));
        if (!layer._cells.length) {
          const mine = loading;
          const found = await mine;
          if (mine !== loading) return; // of another district meanwhile
          layer.setCells(found.features.map((feature) => {
            const rings = wall.mapCanvas.ringsOf(feature.geometry, projected);
            return { rings, box: wall.mapCanvas.boxOf(rings) };
          }));
        }
        const classes = await classesOf(what);
        if (what !== shown) return;
        layer.fills = what === "patrol" ? PATROL_FILLS : LOAD_FILLS;
        layer.classes = classes;
        layer.redraw();
      } catch (error) {
        loading = layer._cells.length ? loading : null;
        console.warn("cells:", error.message);
      }
    }

    return {
      /** Colour cells by "loads" or "patrol"; null: not at all. */
      show(what) {
        clearInterval(timer);
        shown = what;
        if (!what) return layer.remove();
        layer.addTo(map);
        refresh();
        timer = setInterval(refresh, LOADS_EVERY_MS);
      },
      /** The district is another one now. */
      forget() {
        loading = null;
        layer.setCells([]);
        if (shown) refresh();
      },
    };
  }

  wall.mapGround = { areasOf, ground, names, cells, classOf, middleOf };
})((window.wall = window.wall || {}));
