/* Time in the browser: the server's clock as measured, or the clock of a replay, and how spans are written. Deadlines are
   absolute; nothing counts down. */
(function (wall) {
  "use strict";

  const SECOND_MS = 1000;
  const MINUTE_S = 60;
  const HOUR_S = 3600;
  const DAY_S = 86400;
  const AHEAD_MS = 2000; // a replay that is not heard for so long stands still

  let offsetMs = 0;
  let roundTripMs = Infinity;
  let past = null; // of a replay: {atMs, speed, heardMs}

  const two = (value) => String(value).padStart(2, "0");

  /** The browser's clock in epoch ms, finer than Date. */
  const localMs = () => performance.timeOrigin + performance.now();

  /** The server's clock in epoch ms. */
  const liveMs = () => localMs() + offsetMs;

  /** What every clock, age and countdown of the page goes by: the server's clock, or the replayed one. */
  const nowMs = () => (past ? past.atMs + Math.min(localMs() - past.heardMs, AHEAD_MS) * past.speed : liveMs());

  /** The moment of what is shown: a fast replay's clock runs ahead of it between two messages. */
  const shownMs = () => (past ? past.atMs : liveMs());

  /** Go by a replay's clock that stands at `atMs` now and runs `speed` times as fast, 0: stands; null: live again. */
  function follow(atMs, speed = 0) {
    past = atMs === null ? null : { atMs, speed, heardMs: localMs() };
  }

  /** m:ss below an hour, h:mm:ss below a day, then days; seconds are whole and not negative. */
  function span(seconds) {
    if (seconds >= DAY_S) return `${Math.floor(seconds / DAY_S)}d ${Math.floor((seconds % DAY_S) / HOUR_S)}h`;
    const hours = Math.floor(seconds / HOUR_S);
    const minutes = Math.floor((seconds % HOUR_S) / MINUTE_S);
    const rest = two(seconds % MINUTE_S);
    return hours ? `${hours}:${two(minutes)}:${rest}` : `${two(minutes)}:${rest}`;
  }

  /** What is left until a deadline; past it, how much over, with a plus. */
  function countdown(leftS) {
    return leftS >= 0 ? span(Math.ceil(leftS)) : `+${span(Math.floor(-leftS))}`;
  }

  /** How old something is: 3s, 02:13, 5h, 2d. Short enough for the feed strip. */
  function shortAge(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    if (whole < MINUTE_S) return `${whole}s`;
    if (whole < HOUR_S) return span(whole);
    return whole < DAY_S ? `${Math.floor(whole / HOUR_S)}h` : `${Math.floor(whole / DAY_S)}d`;
  }

  /** The offset of the sample with the least round trip. Samples: {sentMs, serverMs, receivedMs}. */
  function bestOffset(samples) {
    let best = null;
    for (const sample of samples) {
      const roundTrip = sample.receivedMs - sample.sentMs;
      if (best === null || roundTrip < best.roundTripMs) {
        best = { roundTripMs: roundTrip, offsetMs: sample.serverMs - (sample.sentMs + roundTrip / 2) };
      }
    }
    return best;
  }

  function adopt(samples) {
    const best = bestOffset(samples);
    if (best) ({ offsetMs, roundTripMs } = best);
  }

  wall.clock = {
    SECOND_MS, localMs, liveMs, nowMs, shownMs, follow, span, countdown, shortAge, bestOffset, adopt,
    age: (seconds) => span(Math.max(0, Math.floor(seconds))),
    errorMs: () => roundTripMs / 2,
    speed: () => (past ? past.speed : 1),
  };
})((window.wall = window.wall || {}));
