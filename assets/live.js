/* The only socket: joins a room, hands each message to who shows it, and says when the picture is not live.
   Messages and their payloads: dashboard/messages.py. */
(function (wall) {
  "use strict";

  const TICK_MS = 250;
  const SAMPLES = 9;
  const SYNC_EVERY_MS = 60000;
  const JOIN_AGAIN_MS = 1000;
  const LATE_MS = 5000;
  const LOST_MS = 3000;
  const COME_BACK_MS = 2000;
  const ACTIVE_EVERY_MS = 60000;
  const HAND_MS = 3000;
  const LATENCY_EVERY_MS = 1000;
  const UNIT_PANELS = ["map", "forces"];

  const own = {
    socket: null, root: null, settings: null, panels: {}, parts: {}, asOf: [],
    epoch: 0, seq: 0, gaps: 0, sourceMs: 0, appliedMs: 0, asOfMs: 0,
    heardMs: 0, lostMs: 0, joinedMs: -Infinity, waiting: true, isSynchronised: false, latencyMs: 0,
    isComingBack: false, activeMs: 0,
  };
  const { clock } = wall;
  let ticking = 0;

  // -- messages ---------------------------------------------------------------------------------------------------

  function join() {
    if (clock.localMs() - own.joinedMs < JOIN_AGAIN_MS) return setTimeout(() => own.waiting && join(), JOIN_AGAIN_MS);
    own.joinedMs = clock.localMs();
    own.waiting = true;
    const { settings } = own;
    const wish = { screen: settings.screen, centre: settings.centre, lang: settings.lang, roster: settings.roster };
    return own.socket.emit("join", { ...wish, ...wall.replay.wish() }, (answer) => {
      wall.replay.joined();
      // A scope that is not ours: the server says which is.
      if (answer && answer.error && answer.centre) choose(answer.centre);
    });
  }

  /** Whether a numbered message follows the last one; if not, the picture is asked for anew. */
  function follows(epoch, seq) {
    own.heardMs = clock.localMs();
    if (own.waiting) return false;
    if (epoch === own.epoch && seq === own.seq + 1) {
      own.seq = seq;
      return true;
    }
    own.gaps += 1;
    setPart("gaps", String(own.gaps));
    own.waiting = true;
    join();
    return false;
  }

  function onSnapshot(message) {
    if (!wall.replay.hear(message, true)) return;
    own.heardMs = clock.localMs();
    if (message.epoch !== own.epoch) {
      wall.map.units()?.clear();
      own.sourceMs = own.appliedMs = 0;
    }
    own.epoch = message.epoch;
    own.seq = message.seq;
    own.waiting = false;
    wall.map.stand(message.replay ? message.replay.district : own.settings.district);
    showPanels(message);
    own.root.classList.remove("is-connecting");
    own.root.classList.toggle("is-home", message.centre === own.settings.root);
  }

  function onPanels(message) {
    if (!wall.replay.hear(message, false)) return;
    if (follows(message.epoch, message.seq)) showPanels(message);
  }

  function showPanels(message) {
    own.asOfMs = message.as_of_ms;
    for (const [name, payload] of Object.entries(message.panels)) {
      // One panel that fails must not take the others with it.
      try {
        showPanel(name, payload);
      } catch (error) {
        console.error(name, error);
      }
    }
  }

  function showPanel(name, payload) {
    if (own.take && own.take(name, payload, own.panels)) return undefined;
    if (name === "flow") return wall.charts.show(payload.chart);
    wall.binder.show(own.panels, name, payload);
    if (name === "playlist") return wall.pages.show(payload);
    return name === "map" ? wall.map.show(payload) : undefined;
  }

  /** Positions: from bytes to the glass in this one task. */
  function onUnits(buffer) {
    const frame = wall.frame.read(buffer);
    if (!frame) return;
    // The full frame after a snapshot carries the snapshot's own number.
    const isFull = !own.waiting && frame.epoch === own.epoch && frame.seq <= own.seq;
    if (!isFull && !follows(frame.epoch, frame.seq)) return;
    // The district was edited: this page is of before. A replay has the roster of its own time.
    if (frame.roster !== own.settings.roster && !wall.replay.isOn()) return void window.location.reload();
    const units = wall.map.units();
    if (!units) return;
    own.heardMs = clock.localMs();
    units.apply(frame);
    own.sourceMs = Math.max(own.sourceMs, frame.newestMs);
    own.appliedMs = clock.liveMs();
    if (!isFull && frame.newestMs >= own.sourceMs && frame.count) own.latencyMs = own.appliedMs - own.sourceMs;
  }

  // -- the clock --------------------------------------------------------------------------------------------------

  function synchronise(samples = []) {
    const sentMs = clock.localMs();
    own.socket.emit("tsync", (serverMs) => {
      samples.push({ sentMs, serverMs, receivedMs: clock.localMs() });
      if (samples.length < SAMPLES) return synchronise(samples);
      clock.adopt(samples);
      own.isSynchronised = true;
      return undefined;
    });
  }

  // -- what time alone changes --------------------------------------------------------------------------------------

  function setPart(name, text) {
    const el = own.parts[name];
    if (el && el.textContent !== text) el.textContent = text;
  }

  function tick() {
    if (!own.root || !own.root.isConnected) return;
    const nowMs = clock.nowMs();
    tellState();
    if (document.hidden) return;
    wall.binder.tickAll(nowMs / clock.SECOND_MS);
    if (Math.floor(nowMs / clock.SECOND_MS) === own.shownS && !wall.replay.isOn()) return; // a replay may stand still
    own.shownS = Math.floor(nowMs / clock.SECOND_MS);
    showClock(nowMs);
    showAges(clock.shownMs());
  }

  function showClock(nowMs) {
    const parts = Object.fromEntries(own.format.formatToParts(nowMs).map((part) => [part.type, part.value]));
    setPart("clock", `${parts.hour}:${parts.minute}:${parts.second}`);
    const date = `${parts.year}-${parts.month}-${parts.day}`;
    setPart("date", `${date} ${own.settings.weekdays[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7]}`);
    const { words } = own.settings;
    const isIn = own.isSynchronised && own.socket.connected;
    const step = `${words.synchronised} ±${Math.max(1, Math.ceil(clock.errorMs()))} ms`;
    setPart("sync", wall.replay.isOn() ? wall.replay.pace() : isIn ? step : words.not_synchronised);
    own.parts.sync.dataset.state = isIn || wall.replay.isOn() ? "good" : "lost";
    // The hand only moves while the server is heard: a frozen wall has a still hand.
    if (clock.localMs() - own.heardMs < HAND_MS) own.parts.hand.style.transform = `rotate(${Number(parts.second) * 6}deg)`;
    const liveMs = clock.liveMs();
    const isFresh = !wall.replay.isOn() && own.sourceMs && liveMs - own.appliedMs < LATE_MS;
    if (liveMs - (own.latencyShownMs || 0) >= LATENCY_EVERY_MS) {
      own.latencyShownMs = liveMs;
      setPart("latency", isFresh ? `${Math.max(0, Math.round(own.latencyMs))} ms` : own.settings.unknown);
    }
  }

  function showAges(nowMs) {
    const { words } = own.settings;
    const freshMs = Math.max(...own.settings.fresh_s) * clock.SECOND_MS;
    for (const { el, panel, name } of own.asOf) {
      // Positions have a rhythm of their own: they are late when none is fresh any more.
      const isSourceLate = UNIT_PANELS.includes(name) && own.sourceMs > 0 && nowMs - own.sourceMs > freshMs;
      const atMs = isSourceLate ? Math.min(own.asOfMs, own.sourceMs) : own.asOfMs;
      const isStale = atMs > 0 && nowMs - atMs > LATE_MS * Math.max(1, clock.speed());
      const late = clock.age((nowMs - atMs) / clock.SECOND_MS);
      const text = !atMs ? "" : isStale ? `${words.data_late} ${late}` : own.format.format(atMs).slice(-8);
      if (el.textContent !== text) el.textContent = text;
      const word = isStale || !atMs ? "" : words.as_of;
      if (el.dataset.word !== word) el.dataset.word = word;
      panel.classList.toggle("is-stale", isStale);
    }
  }

  /** Cover a wall that is not live: the server is gone or silent, or the situation does not move. */
  function tellState() {
    const nowMs = clock.localMs();
    const { settings, root } = own;
    const isGone = own.lostMs > 0 && nowMs - own.lostMs > LOST_MS;
    const isSilent = own.heardMs > 0 && nowMs - own.heardMs > settings.silence_s * clock.SECOND_MS;
    // When nobody led in a replay, that is what it says; its own silence is the server's.
    const isLate = own.asOfMs > 0 && clock.nowMs() - own.asOfMs > settings.engine_silence_s * clock.SECOND_MS;
    const isStopped = isLate && !wall.replay.isOn();
    const isDead = isGone || isSilent || isStopped;
    root.classList.toggle("is-dead", isDead);
    own.banner.hidden = !isDead;
    if (!isDead) return;
    const lost = own.asOfMs ? settings.words.connection_lost : settings.words.not_connected;
    setPart("banner", isGone || isSilent ? lost : settings.words.engine_lost);
    const sinceMs = own.asOfMs || nowMs;
    setPart("banner-age", own.asOfMs ? `${settings.words.last_word} ${own.format.format(sinceMs).slice(-8)} · ${clock.age((clock.nowMs() - sinceMs) / clock.SECOND_MS)}` : "");
  }

  // -- the screen -------------------------------------------------------------------------------------------------

  function connect() {
    const socket = window.io(own.settings.namespace, { transports: ["websocket"], reconnectionDelayMax: 3000 });
    own.socket = socket;
    learnName();
    socket.on("connect", () => {
      own.lostMs = 0;
      own.joinedMs = -Infinity;
      join();
      synchronise();
    });
    socket.on("disconnect", () => {
      own.lostMs = clock.localMs();
      own.waiting = true;
      own.isSynchronised = false;
      // Put out by the server, socket.io does not come back by itself.
      if (!socket.active) comeBack();
    });
    socket.on("connect_error", comeBack);
    socket.on("snapshot", onSnapshot);
    socket.on("panels", onPanels);
    socket.on("units", onUnits);
    own.lostMs = clock.localMs();
    setInterval(() => socket.connected && synchronise(), SYNC_EVERY_MS);
  }

  /** The server has put us out or did not let us in: sign in, if that is why; otherwise try again. */
  async function comeBack() {
    if (own.isComingBack) return;
    own.isComingBack = true;
    await new Promise((resolve) => setTimeout(resolve, COME_BACK_MS));
    own.isComingBack = false;
    try {
      const answer = await fetch("/me");
      // Signed out, or somebody else now: the page asks the server afresh, which leads to the sign-in page.
      if (answer.ok ? (await answer.json()).name !== own.name : answer.status === 401) return void window.location.reload();
    } catch {
      // The server is away; socket.io would try again as well.
    }
    if (!own.socket.active) own.socket.connect();
    return undefined;
  }

  /** Somebody is here: without that a session ends by itself after a while. */
  function tellActive() {
    if (clock.localMs() - own.activeMs < ACTIVE_EVERY_MS) return;
    own.activeMs = clock.localMs();
    fetch("/active", { method: "POST" }).catch(() => undefined);
  }

  async function learnName() {
    const answer = await fetch("/me").catch(() => null);
    if (answer && answer.ok) own.name = (await answer.json()).name;
  }

  function setRoot(settings) {
    const rows = wall.replay.rows();
    const auto = `min(100vh / ${rows}, 100vw / 96)`;
    const least = settings.least_root_px;
    const autoPx = Math.min(window.innerHeight / rows, window.innerWidth / 96);
    // Text may grow by a quarter; a display that needs more is too coarse for its distance, and panels would not fit.
    const most = settings.most_root_px ? `min(${auto}, ${settings.most_root_px}px)` : auto;
    const size = least > autoPx && least <= autoPx * 1.25 ? `${least}px` : `calc(${most})`;
    document.documentElement.style.fontSize = size;
    document.documentElement.dataset.theme = settings.theme;
  }

  /** Begin to serve a screen; called by the wall's map when it stands, and by the console. `take(name, payload,
      panels)` says whether the screen has put a panel in place itself. */
  function start(root, settings, take = null) {
    own.root = root;
    own.take = take;
    own.settings = { ...settings, root: JSON.parse(root.dataset.settings).centre };
    wall.grown.grow(root);
    own.panels = wall.binder.bind(root);
    own.parts = {};
    for (const el of root.querySelectorAll("[data-live]")) own.parts[el.dataset.live] = el;
    own.banner = root.querySelector(".banner");
    own.asOf = [...root.querySelectorAll("[data-as-of]")].map((el) => {
      const panel = el.closest("[data-panel]");
      return { el, panel, name: panel.dataset.panel };
    });
    own.format = new Intl.DateTimeFormat("en-CA", {
      timeZone: settings.zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit", second: "2-digit",
    });
    wall.replay.start(root, own.settings);
    setRoot(settings);
    if (settings.screen === "wall") {
      wall.keys.start(root, own.settings);
      wall.charts.start(settings);
      wall.pages.start(root, own.settings);
    }
    if (own.socket) {
      own.joinedMs = -Infinity;
      if (own.socket.connected) join();
    } else connect();
    if (settings.centre !== own.settings.root) window.dash_clientside.set_props(settings.ids.centre, { value: settings.centre });
    if (!ticking) ticking = setInterval(tick, TICK_MS);
  }

  /** Show another centre from now on; the address says so too. */
  function choose(code) {
    if (!own.settings || code === own.settings.centre) return;
    own.settings.centre = code;
    const address = new URL(window.location.href);
    if (code === own.settings.root) address.searchParams.delete("centre");
    else address.searchParams.set("centre", code);
    window.history.replaceState(window.history.state, "", address);
    wall.map.setCentre(code);
    own.joinedMs = -Infinity;
    if (own.socket && own.socket.connected) join();
    wall.replay.moved();
  }

  /** Ask anew for what is shown: another moment, or what is live. */
  function rejoin() {
    own.joinedMs = -Infinity;
    own.waiting = true;
    own.asOfMs = own.sourceMs = 0;
    setRoot(own.settings);
    if (own.socket && own.socket.connected) join();
  }

  /** Say how a replay shall go on; `then` gets the server's answer. */
  function steer(wish, then) {
    if (own.socket && own.socket.connected) own.socket.emit("steer", wish, then);
  }

  for (const sign of ["keydown", "pointerdown"]) window.addEventListener(sign, tellActive, { passive: true, capture: true });

  window.addEventListener("resize", () => {
    if (!own.root) return;
    setRoot(own.settings);
    wall.binder.fit();
  });

  /** What a bench or an operator asks: how live this picture is. */
  function stats() {
    const units = wall.map.units();
    return {
      epoch: own.epoch, seq: own.seq, gaps: own.gaps, units: units ? units.data.units.count : 0,
      sourceMs: own.sourceMs, appliedMs: own.appliedMs,
    };
  }

  wall.live = { start, choose, rejoin, steer, centre: () => (own.settings ? own.settings.centre : "") };
  wall.stats = stats;
})((window.wall = window.wall || {}));
