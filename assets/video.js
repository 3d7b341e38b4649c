/* Live views and recordings in a <video>: HLS by hls.js, WebRTC by WHEP, a recording as it is.
   The address of a live view comes from the server, which first puts the sight of it on record. */
(function (wall) {
  "use strict";

  const HLS_SCRIPT = "/assets/vendor/hls.light.min.js"; // a quarter of a megabyte: fetched when somebody looks
  const GATHER_MS = 1500;
  const SECOND_MS = 1000;
  const STATUS_MS = 1000;
  const STALL_S = 8;
  const playing = new Map(); // <video> -> how to end what it plays

  function note(video, text) {
    const place = document.querySelector(`[data-video-note="${video.dataset.video}"]`);
    if (!place) return;
    place.textContent = text;
    place.hidden = !text;
  }

  /** End what a <video> plays and let go of its connection. */
  function stop(video) {
    const end = playing.get(video);
    playing.delete(video);
    if (end) end();
    video.pause();
    video.removeAttribute("src");
    video.srcObject = null;
    video.load();
    video.hidden = true;
    note(video, "");
  }

  function loadHls() {
    if (window.Hls) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = HLS_SCRIPT;
      script.onload = resolve;
      script.onerror = () => reject(new Error("hls.js"));
      document.head.append(script);
    });
  }

  function playHls(video, url, fail) {
    let hls = null;
    let isOver = false;
    loadHls()
      .then(() => {
        if (isOver) return;
        if (!window.Hls.isSupported()) throw new Error("HLS");
        // No worker: it would be a script from a blob, which our pages do not allow.
        hls = new window.Hls({ enableWorker: false, liveSyncDurationCount: 2 });
        hls.on(window.Hls.Events.ERROR, (_, data) => data.fatal && fail(data.details));
        hls.loadSource(url);
        hls.attachMedia(video);
      })
      .catch((error) => fail(error.message));
    return () => {
      isOver = true;
      if (hls) hls.destroy();
    };
  }

  function gathered(peer) {
    return new Promise((resolve) => {
      if (peer.iceGatheringState === "complete") return resolve();
      const over = setTimeout(resolve, GATHER_MS);
      return peer.addEventListener("icegatheringstatechange", () => {
        if (peer.iceGatheringState !== "complete") return;
        clearTimeout(over);
        resolve();
      });
    });
  }

  /** WHEP (draft-ietf-wish-whep): one offer posted, one answer back; DELETE of its resource ends it. */
  function playWhep(video, url, fail) {
    const peer = new RTCPeerConnection();
    let resource = null;
    peer.addTransceiver("video", { direction: "recvonly" });
    peer.addEventListener("track", (event) => {
      [video.srcObject] = event.streams.length ? event.streams : [new MediaStream([event.track])];
    });
    peer.addEventListener("connectionstatechange", () => peer.connectionState === "failed" && fail("WebRTC"));
    (async () => {
      await peer.setLocalDescription(await peer.createOffer());
      await gathered(peer);
      const answer = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/sdp" },
        body: peer.localDescription.sdp,
      });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      resource = answer.headers.get("Location");
      await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
    })().catch((error) => fail(error.message));
    return () => {
      peer.close();
      if (resource) fetch(new URL(resource, url), { method: "DELETE" }).catch(() => {});
    };
  }

  /** Say so when pictures do not come, or stop: a frozen picture must not pass for a live one. */
  function watch(video, words, name) {
    let lastTime = null;
    let isMoving = false;
    let stillS = 0;
    const timer = setInterval(() => {
      const moved = lastTime !== null && video.currentTime !== lastTime && !video.paused;
      lastTime = video.currentTime;
      isMoving = isMoving || moved;
      stillS = moved ? 0 : stillS + STATUS_MS / SECOND_MS;
      if (stillS >= STALL_S) note(video, words["video.lost"].replace("{w}", `${Math.round(stillS)} s`));
      else if (isMoving) note(video, words["video.live"].replace("{n}", name));
    }, STATUS_MS);
    return () => clearInterval(timer);
  }

  /** Play what is at `url`; `kind`: "hls", "whep" or "clip". */
  function play(video, { kind, url, name }, words) {
    stop(video);
    video.hidden = false;
    video.muted = true; // browsers start nothing by themselves that can be heard
    video.autoplay = true;
    note(video, words["video.opening"].replace("{n}", name));
    const fail = (why) => {
      if (!playing.has(video)) return;
      stop(video);
      note(video, words["video.lost"].replace("{w}", why));
    };
    let end = () => {};
    playing.set(video, () => end());
    if (kind === "clip") {
      video.src = url;
      video.onerror = () => fail(video.error ? video.error.message : "");
      note(video, words["video.clip"]);
    } else {
      const endPlay = kind === "hls" ? playHls(video, url, fail) : playWhep(video, url, fail);
      const endWatch = watch(video, words, name);
      end = () => {
        endWatch();
        endPlay();
      };
      if (!playing.has(video)) end();
    }
  }

  /** Ask where a camera's live view is (which puts it on record) and play it. `why`: the key of what it is looked at for. */
  async function show(video, device, why, words) {
    video.hidden = false;
    note(video, words["video.opening"].replace("{n}", device));
    try {
      const answer = await fetch(`/video/${encodeURIComponent(device)}?why=${encodeURIComponent(why)}`);
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.why || `HTTP ${answer.status}`);
      return play(video, told, words);
    } catch (error) {
      return note(video, words["video.lost"].replace("{w}", error.message));
    }
  }

  // -- a window of its own ----------------------------------------------------------------------------------------

  function make(tag, css, parent, facts = {}) {
    const el = parent.appendChild(document.createElement(tag));
    el.className = css;
    Object.assign(el.dataset, facts);
    return el;
  }

  /** The live view of a camera over whatever the console shows; Escape or its button closes it. */
  function open(device, why) {
    const root = document.querySelector(".duty[data-settings]");
    const { words } = JSON.parse(root.dataset.settings);
    const window_ = make("div", "video-window", root);
    window_.setAttribute("role", "dialog");
    window_.setAttribute("aria-label", words["video.live"].replace("{n}", device));
    const video = make("video", "video-window-picture", window_, { video: "window" });
    const foot = make("div", "video-window-foot", window_);
    make("span", "video-note", foot, { videoNote: "window" });
    const button = make("button", "act", foot);
    button.textContent = `Esc ${words["video.close"]}`;
    const close = (event) => {
      if (event.type === "keydown" && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      document.removeEventListener("keydown", close, true);
      stop(video);
      window_.remove();
    };
    button.addEventListener("click", close);
    document.addEventListener("keydown", close, true);
    button.focus();
    return show(video, device, why, words);
  }

  /** Close the window, if there is one. */
  function close() {
    document.querySelector(".video-window-foot button")?.click();
  }

  wall.video = { open, close, show, play, stop };
})((window.wall = window.wall || {}));
