/* What every map layer of ours stands on: metres around the district's origin to pixels, and one padded canvas a layer
   that is redrawn on data and when a move ends, never while moving. */
(function (wall) {
  "use strict";

  const EARTH_M = 2 * Math.PI * 6378137;
  const TILE_PX = 256;
  const PADDING = 0.08; // of the map's size, on each side

  /** Web-Mercator metres of a place around the origin. */
  function projector(origin) {
    const at = L.CRS.EPSG3857.project(L.latLng(origin.lat, origin.lon));
    return {
      originX: at.x,
      originY: at.y,
      of(lat, lon) {
        const point = L.CRS.EPSG3857.project(L.latLng(lat, lon));
        return [point.x - at.x, point.y - at.y];
      },
    };
  }

  /** px = x * scale + dx and py = dy - y * scale, for a picture whose top left is at this global pixel. */
  function affine(projected, zoom, left, top) {
    const world = TILE_PX * 2 ** zoom;
    const scale = world / EARTH_M;
    return {
      scale,
      dx: projected.originX * scale + world / 2 - left,
      dy: world / 2 - projected.originY * scale - top,
    };
  }

  /** A Leaflet layer with one canvas; `draw(context, view, canvas)` fills it, view = {scale, dx, dy, width, height, rem}. */
  const PaddedCanvas = L.Layer.extend({
    initialize(pane, order, projected, draw, options) {
      L.setOptions(this, options);
      this._paneName = pane;
      this._order = order;
      this._projected = projected;
      this._draw = draw;
    },

    onAdd(map) {
      const pane = map.getPane(this._paneName) || map.createPane(this._paneName);
      pane.style.zIndex = this._order;
      pane.style.pointerEvents = "none";
      this.canvas = L.DomUtil.create("canvas", "", pane);
      this._context = this.canvas.getContext("2d", { willReadFrequently: this.options.readable === true });
      this.reset();
    },

    onRemove() {
      this.canvas.remove();
      this.canvas = null;
    },

    getEvents() {
      return { moveend: this.reset, resize: this.reset };
    },

    /** Take the map's present place, then draw. */
    reset() {
      const map = this._map;
      if (!map || !this.canvas) return;
      const size = map.getSize();
      const pad = L.point(Math.round(size.x * PADDING), Math.round(size.y * PADDING));
      const topLeft = map.containerPointToLayerPoint(pad.multiplyBy(-1)).round();
      const width = size.x + 2 * pad.x;
      const height = size.y + 2 * pad.y;
      if (this.canvas.width !== width || this.canvas.height !== height) {
        this.canvas.width = width;
        this.canvas.height = height;
      }
      L.DomUtil.setPosition(this.canvas, topLeft);
      const at = map.getPixelOrigin().add(topLeft);
      this.view = affine(this._projected, map.getZoom(), at.x, at.y);
      this.view.width = width;
      this.view.height = height;
      this.view.topLeft = topLeft;
      this.view.rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
      this.redraw();
    },

    redraw() {
      // On a page of the wall without a map there is nothing to draw on.
      if (this.view && this.canvas && this.view.width > 0) this._draw(this._context, this.view, this.canvas);
    },
  });

  /** Rings of a GeoJSON geometry as flat [x, y, ...] metres around the origin. */
  function ringsOf(geometry, projected) {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    const rings = [];
    for (const polygon of polygons) {
      for (const ring of polygon) {
        const flat = new Float32Array(ring.length * 2);
        ring.forEach(([lon, lat], place) => flat.set(projected.of(lat, lon), place * 2));
        rings.push(flat);
      }
    }
    return rings;
  }

  function boxOf(rings) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i += 2) {
        if (ring[i] < box[0]) box[0] = ring[i];
        if (ring[i + 1] < box[1]) box[1] = ring[i + 1];
        if (ring[i] > box[2]) box[2] = ring[i];
        if (ring[i + 1] > box[3]) box[3] = ring[i + 1];
      }
    }
    return box;
  }

  /** Add rings to the context's path. */
  function trace(context, rings, view) {
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i += 2) {
        const px = ring[i] * view.scale + view.dx;
        const py = view.dy - ring[i + 1] * view.scale;
        if (i === 0) context.moveTo(px, py);
        else context.lineTo(px, py);
      }
      context.closePath();
    }
  }

  async function fetchJson(address) {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  }

  /** A colour or size of the theme. */
  const token = (el, name) => getComputedStyle(el).getPropertyValue(name).trim();

  wall.mapCanvas = { PaddedCanvas, projector, affine, ringsOf, boxOf, trace, fetchJson, token };
})((window.wall = window.wall || {}));
