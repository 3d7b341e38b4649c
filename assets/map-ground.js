/* What the map stands on: outlines with names, and cells coloured by load where asked for. */
(function (wall) {
  "use strict";

  const TILE_PX = 512;
  const LOADS_EVERY_MS = 30000;
  const CLASS_ALPHA = [0, 0.14, 0.28, 0.44, 0.62, 0.82];

  function colours(root) {
    const names = ["land", "border", "border-soft", "ink-soft", "ground", "bar", "line"];
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

  const CellTiles = L.GridLayer.extend({
    initialize(projected, paint) {
      L.setOptions(this, { tileSize: TILE_PX, pane: "wall-cells", updateWhenZooming: false, keepBuffer: 0 });
      this._projected = projected;
      this._paint = paint;
      this._cells = [];
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
      const byClass = CLASS_ALPHA.map(() => []);
      this._cells.forEach((cell, place) => {
        if (cell.box[0] > right || cell.box[2] < left || cell.box[1] > top || cell.box[3] < bottom) return;
        byClass[Math.min(this.classes[place] || 0, CLASS_ALPHA.length - 1)].push(cell.rings);
      });
      byClass.forEach((cells, place) => {
        context.beginPath();
        for (const rings of cells) wall.mapCanvas.trace(context, rings, view);
        context.globalAlpha = 1;
        context.fillStyle = this._paint.land;
        context.fill("evenodd");
        context.globalAlpha = CLASS_ALPHA[place];
        context.fillStyle = this._paint.bar;
        context.fill("evenodd");
        context.globalAlpha = 1;
        context.strokeStyle = this._paint.ground;
        context.lineWidth = 1;
        context.stroke();
      });
    },
  });

  /** The cells layer: loaded when first shown, its loads asked for while it is shown. */
  function cells(map, root, projected, state) {
    const pane = map.createPane("wall-cells");
    pane.style.zIndex = 205;
    pane.style.pointerEvents = "none";
    const layer = new CellTiles(projected, colours(root));
    let loading = null;
    let timer = 0;

    async function refresh() {
      try {
        loading = loading || wall.mapCanvas.fetchJson("/wall/cells.json");
        if (!layer._cells.length) {
          const found = await loading;
          layer.setCells(found.features.map((feature) => {
            const rings = wall.mapCanvas.ringsOf(feature.geometry, projected);
            return { rings, box: wall.mapCanvas.boxOf(rings) };
          }));
        }
        // How loaded cells are is known of now alone.
        const { loads, edges } = wall.replay.isOn() ? { loads: layer._cells.map(() => 0), edges: [Infinity] } : await wall.mapCanvas.fetchJson(`/wall/loads.json?centre=${encodeURIComponent(state.centre)}`);
        layer.classes = Uint8Array.from(loads, (load) => classOf(load, edges));
        layer.redraw();
      } catch (error) {
        loading = layer._cells.length ? loading : null;
        console.warn("cells:", error.message);
      }
    }

    return {
      show(on) {
        clearInterval(timer);
        if (!on) return layer.remove();
        layer.addTo(map);
        refresh();
        timer = setInterval(refresh, LOADS_EVERY_MS);
      },
    };
  }

  wall.mapGround = { areasOf, ground, names, cells, classOf, middleOf };
})((window.wall = window.wall || {}));
