/* Units on one canvas. Their shapes are made once as lists of pixels; a redraw writes pixels into one buffer and puts it
   on the canvas once. That is faster than any drawing call, and the same work whatever the shape. */
(function (wall) {
  "use strict";

  const TIERS = 6;
  const KINDS = { fresh: 0, sent: 1, stale: 2 };
  const STATE = { off: 0, available: 1, committed: 2, onScene: 3 };
  const MS = 1000;

  /** How a tier is drawn, as a path around (0, 0) with half-width r. */
  const SHAPES = [
    (c, r) => c.arc(0, 0, r * 0.82, 0, 2 * Math.PI), // volunteer: disc
    (c, r) => polygon(c, [[0, -r * 1.15], [r * 1.15, 0], [0, r * 1.15], [-r * 1.15, 0]]), // auxiliary: diamond
    (c, r) => c.rect(-r, -r, 2 * r, 2 * r), // police: square
    (c, r) => c.arc(0, 0, r * 0.6, 0, 2 * Math.PI), // warden: small disc
    (c, r) => polygon(c, [[0, -r * 1.2], [r * 1.15, r], [-r * 1.15, r]]), // drone: triangle
    (c, r) => c.rect(-r * 1.45, -r * 0.75, 2.9 * r, 1.5 * r), // vehicle: bar
  ];

  function polygon(context, points) {
    points.forEach(([x, y], place) => (place ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
  }

  /** Draw one tier's shape in the middle of a context. */
  function drawShape(context, tier, kind, radius, colour) {
    context.beginPath();
    SHAPES[tier](context, radius);
    if (kind === KINDS.stale) {
      context.strokeStyle = colour;
      context.lineWidth = Math.max(1, radius * 0.4);
      context.stroke();
    } else {
      context.fillStyle = colour;
      context.fill();
    }
  }

  /** The pixels of every tier and kind: {dx, dy, colour} columns, colour as the canvas keeps it. */
  function sprites(root, rem) {
    const radius = Math.max(1.7, rem * 0.085);
    const made = [];
    for (let tier = 0; tier < TIERS; tier++) {
      for (const kind of Object.values(KINDS)) {
        const name = kind === KINDS.sent ? "--unit-sent" : kind === KINDS.stale ? "--unit-stale" : `--tier-${tier}`;
        made.push(pixelsOf(tier, kind, kind === KINDS.sent ? radius * 1.6 : radius, wall.mapCanvas.token(root, name)));
      }
    }
    return made;
  }

  function pixelsOf(tier, kind, radius, colour) {
    const half = Math.ceil(radius * 1.6) + 1;
    const size = 2 * half + 1;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.translate(half + 0.5, half + 0.5);
    drawShape(context, tier, kind, radius, colour);
    const seen = new Uint32Array(context.getImageData(0, 0, size, size).data.buffer);
    const places = [...seen.keys()].filter((place) => seen[place] >>> 24 > 40);
    return {
      dx: Int16Array.from(places, (place) => (place % size) - half),
      dy: Int16Array.from(places, (place) => Math.floor(place / size) - half),
      colour: Uint32Array.from(places, (place) => seen[place]),
      half,
    };
  }

  /** Offsets of a sprite's pixels in a picture of this width. */
  function offsetsFor(made, width) {
    return made.map((sprite) => ({
      offset: Int32Array.from(sprite.dx, (dx, place) => sprite.dy[place] * width + dx),
      colour: sprite.colour,
      half: sprite.half,
    }));
  }

  /** Write units into pixels; those that are sent last, so that they lie on top. Returns how many were written. */
  function paint(pixels, view, units, tiers, drawn, settings, nowMs) {
    const { width, height, scale, dx, dy } = view;
    const { known, count, x, y, seenMs, state } = units;
    let written = 0;
    pixels.fill(0);
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < count; i++) {
        const u = known[i];
        const isSent = state[u] >= STATE.committed;
        if (state[u] === STATE.off || isSent !== (pass === 1)) continue;
        const ageMs = nowMs - seenMs[u];
        if (ageMs > settings.offMs) continue;
        const tier = tiers[u];
        const kind = ageMs > settings.freshMs[tier] ? KINDS.stale : isSent ? KINDS.sent : KINDS.fresh;
        const sprite = drawn[tier * 3 + kind];
        const px = (x[u] * scale + dx) | 0;
        const py = (dy - y[u] * scale) | 0;
        const { half, offset, colour } = sprite;
        if (px < half || py < half || px >= width - half || py >= height - half) continue;
        const at = py * width + px;
        for (let k = 0; k < offset.length; k++) pixels[at + offset[k]] = colour[k];
        written++;
      }
    }
    return written;
  }

  /** The layer, its data, and what is under the pointer. */
  function layer(root, projected, settings) {
    const freshness = { freshMs: settings.fresh_s.map((s) => s * MS), offMs: settings.off_s * MS };
    const nobody = wall.frame.columns(0);
    // `roster`: the checksum of that whose call-signs and tiers are known; `told`: of that which frames are read by.
    const own = { units: wall.frame.columns(4096), tiers: new Uint8Array(4096).fill(3), callSigns: [], roster: null, told: null };
    let image = null;
    let pixels = null;
    let drawn = null;
    let key = "";

    const canvas = new wall.mapCanvas.PaddedCanvas("wall-units", 240, projected, (context, view) => {
      const wanted = `${view.width}x${view.height}@${view.rem}`;
      if (key !== wanted) {
        key = wanted;
        image = new ImageData(view.width, view.height);
        pixels = new Uint32Array(image.data.buffer);
        drawn = offsetsFor(sprites(root, view.rem), view.width);
      }
      if (own.tiers.length < own.units.size) own.tiers = widen(own.tiers, own.units.size);
      paint(pixels, view, shown(), own.tiers, drawn, freshness, wall.clock.shownMs());
      context.putImageData(image, 0, 0);
    }, { readable: true });

    /** The units, unless what is known of the roster is of another district: then nobody, for a moment. */
    const shown = () => (own.roster === null || own.told === null || own.roster === own.told ? own.units : nobody);

    function widen(tiers, size) {
      const wider = new Uint8Array(size).fill(3);
      wider.set(tiers);
      return wider;
    }

    /** One frame onto the glass: data and picture in the same task. */
    function apply(frame) {
      own.told = frame.roster;
      own.units = wall.frame.apply(own.units, frame);
      if (canvas._map && !document.hidden) canvas.redraw();
    }

    /** Call-signs and tiers by place in the roster. */
    function know(found) {
      own.roster = found.checksum;
      own.callSigns = found.call_signs;
      own.tiers = widen(Uint8Array.from(found.tiers), Math.max(found.tiers.length, own.units.size));
      canvas.redraw();
    }

    function clear() {
      own.units = wall.frame.columns(own.units.size);
      own.told = null;
    }

    /** The unit nearest to a layer point, within reach px: {text parts} or null. */
    function under(point, reach) {
      const { view } = canvas;
      if (!canvas._map || !view) return null;
      const px = point.x - view.topLeft.x;
      const py = point.y - view.topLeft.y;
      let best = -1;
      let least = reach * reach;
      const units = shown();
      for (let i = 0; i < units.count; i++) {
        const u = units.known[i];
        const ex = units.x[u] * view.scale + view.dx - px;
        const ey = view.dy - units.y[u] * view.scale - py;
        const far = ex * ex + ey * ey;
        if (far < least && units.state[u] !== STATE.off) {
          least = far;
          best = u;
        }
      }
      if (best < 0) return null;
      return { callSign: own.callSigns[best] || `#${best}`, tier: own.tiers[best], ageS: (wall.clock.shownMs() - units.seenMs[best]) / MS };
    }

    return { canvas, apply, know, clear, under, data: own };
  }

  /** The legend's shapes. */
  function drawGlyphs(root, rem) {
    for (const glyph of root.querySelectorAll("canvas.tier-glyph")) {
      const size = Math.round(rem * 0.9);
      glyph.width = glyph.height = size;
      const context = glyph.getContext("2d");
      context.translate(size / 2, size / 2);
      const tier = Number(glyph.dataset.tier);
      drawShape(context, tier, KINDS.fresh, size * 0.24, wall.mapCanvas.token(root, `--tier-${tier}`));
    }
  }

  wall.mapUnits = { KINDS, STATE, layer, paint, offsetsFor, drawGlyphs };
})((window.wall = window.wall || {}));
