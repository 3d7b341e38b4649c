/* Frames of units (dashboard/wire.py pack_units) into persistent columns. No DOM, and no object per unit. */
(function (wall) {
  "use strict";

  const MAGIC = 0x31544e55; // "UNT1"
  const HEADER_BYTES = 32;
  const MS = 1000;

  /** Header and columns of one frame as views over its bytes; null if it is not one. */
  function read(buffer) {
    if (buffer.byteLength < HEADER_BYTES) return null;
    const head = new DataView(buffer);
    const count = head.getUint32(16, true);
    if (head.getUint32(0, true) !== MAGIC || buffer.byteLength < HEADER_BYTES + 17 * count) return null;
    const column = (place) => HEADER_BYTES + 4 * count * place;
    return {
      epoch: head.getUint32(4, true),
      seq: head.getUint32(8, true),
      roster: head.getUint32(12, true),
      newestMs: head.getFloat64(20, true),
      count,
      unit: new Uint32Array(buffer, column(0), count),
      x: new Float32Array(buffer, column(1), count),
      y: new Float32Array(buffer, column(2), count),
      age: new Float32Array(buffer, column(3), count),
      state: new Uint8Array(buffer, column(4), count),
    };
  }

  /** Columns by place in the roster; `known` lists the places that have a position, in order of appearance. */
  function columns(size) {
    return {
      size,
      count: 0,
      known: new Uint32Array(size),
      isKnown: new Uint8Array(size),
      x: new Float32Array(size),
      y: new Float32Array(size),
      seenMs: new Float64Array(size),
      state: new Uint8Array(size),
      newestMs: 0,
    };
  }

  function grow(units, size) {
    const larger = columns(Math.max(size, units.size * 2));
    for (const name of ["known", "isKnown", "x", "y", "seenMs", "state"]) larger[name].set(units[name]);
    larger.count = units.count;
    larger.newestMs = units.newestMs;
    return larger;
  }

  /** Write a frame into the columns; returns them, larger if they had to be. An older position never replaces a newer one. */
  function apply(units, frame) {
    let highest = -1;
    for (let i = 0; i < frame.count; i++) if (frame.unit[i] > highest) highest = frame.unit[i];
    const into = highest < units.size ? units : grow(units, highest + 1);
    const { unit, x, y, age, state } = frame;
    for (let i = 0; i < frame.count; i++) {
      const u = unit[i];
      const seenMs = frame.newestMs - age[i] * MS;
      if (into.isKnown[u] === 0) {
        into.isKnown[u] = 1;
        into.known[into.count++] = u;
      } else if (seenMs < into.seenMs[u] - 1) {
        into.state[u] = state[i];
        continue;
      }
      into.x[u] = x[i];
      into.y[u] = y[i];
      into.seenMs[u] = seenMs;
      into.state[u] = state[i];
    }
    if (frame.newestMs > into.newestMs) into.newestMs = frame.newestMs;
    return into;
  }

  wall.frame = { HEADER_BYTES, read, columns, apply };
})((window.wall = window.wall || {}));
