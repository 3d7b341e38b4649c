/* The sound of the alarm that nobody has answered: one tone pattern a level, one at a time, until it is answered.
   Which alarm that is, Python says (layouts/alarm_list.py ring). Tones are made here; no file is fetched. */
(function (wall) {
  "use strict";

  const SECOND_MS = 1000;
  const MUTE_MS = 600000;
  const VOLUME = 0.25;
  const EDGE_S = 0.012; // tones begin and end softly: a click is no tone
  const KEPT = "wall:mute";

  // By level: notes as [Hz, seconds], and how long until the pattern comes again; 0: once.
  const PATTERNS = {
    1: { notes: [[880, 0.18], [660, 0.18], [880, 0.18], [660, 0.18]], every_s: 1.6 },
    2: { notes: [[740, 0.22], [740, 0.22]], every_s: 3.5 },
    3: { notes: [[587, 0.25]], every_s: 8 },
    4: { notes: [[440, 0.2]], every_s: 0 },
  };

  const own = { context: null, ring: null, timer: 0, mute: null, played: 0, told: "", onState: () => {} };

  function context() {
    if (!own.context && window.AudioContext) {
      own.context = new AudioContext();
      own.context.addEventListener("statechange", tell);
    }
    return own.context;
  }

  function play(level) {
    const audio = context();
    if (!audio || audio.state !== "running" || isMuted()) return;
    own.played += 1;
    let at = audio.currentTime + EDGE_S;
    for (const [hertz, seconds] of PATTERNS[level].notes) {
      const tone = audio.createOscillator();
      const gain = audio.createGain();
      tone.frequency.value = hertz;
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(VOLUME, at + EDGE_S);
      gain.gain.setValueAtTime(VOLUME, at + seconds - EDGE_S);
      gain.gain.linearRampToValueAtTime(0, at + seconds);
      tone.connect(gain).connect(audio.destination);
      tone.start(at);
      tone.stop(at + seconds);
      at += seconds + EDGE_S;
    }
  }

  /** Sound for this alarm from now on, or for none: {key, level, at}. A new ring of the same alarm starts anew. */
  function ring(wanted) {
    const isSame = wanted && own.ring && wanted.key === own.ring.key && wanted.at === own.ring.at;
    if (isSame || (!wanted && !own.ring)) return;
    own.ring = wanted;
    clearInterval(own.timer);
    own.timer = 0;
    // Whoever muted the room has not heard of a level I that came later.
    if (wanted && wanted.level === 1 && own.mute && wanted.at * SECOND_MS > own.mute.sinceMs) unmute();
    if (wanted) {
      const { every_s } = PATTERNS[wanted.level];
      play(wanted.level);
      if (every_s) own.timer = setInterval(() => play(own.ring.level), every_s * SECOND_MS);
    }
    tell();
  }

  function isMuted() {
    if (own.mute && own.mute.untilMs <= Date.now()) unmute();
    return own.mute !== null;
  }

  /** Silence for ten minutes, for a reason that stays in sight. */
  function mute(reason) {
    own.mute = { reason, sinceMs: Date.now(), untilMs: Date.now() + MUTE_MS };
    sessionStorage.setItem(KEPT, JSON.stringify(own.mute));
    setTimeout(isMuted, MUTE_MS + SECOND_MS);
    tell();
  }

  function unmute() {
    own.mute = null;
    sessionStorage.removeItem(KEPT);
    tell();
  }

  /** on, muted, blocked (the browser wants a gesture first) or none (it cannot make a sound). */
  function state() {
    if (own.mute) return "muted";
    const audio = context();
    if (!audio) return "none";
    return audio.state === "running" ? "on" : "blocked";
  }

  function tell() {
    own.onState({ state: state(), ring: own.ring, mute: own.mute });
  }

  /** A key or a click is what browsers wait for. */
  function wake() {
    const audio = own.context;
    if (audio && audio.state === "suspended") audio.resume().then(() => own.ring && play(own.ring.level), () => {});
  }

  function start(onState) {
    own.onState = onState;
    try {
      own.mute = JSON.parse(sessionStorage.getItem(KEPT) || "null");
    } catch {
      own.mute = null;
    }
    isMuted();
    context();
    document.addEventListener("pointerdown", wake, true);
    document.addEventListener("keydown", wake, true);
    tell();
  }

  wall.sounds = { start, ring, mute, unmute, state, isMuted, played: () => own.played, PATTERNS };
})((window.wall = window.wall || {}));
