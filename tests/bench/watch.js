/* Runs in a page before the page's own scripts; does nothing until it is asked to. Times are epoch milliseconds. */
(() => {
  const CLOCK_LOOK_MS = 5;
  const MARK = /bench-[0-9a-f]+-\d+/g;
  const bench = (window.bench = { updates: [], sights: {}, longTasks: [], shownMs: 0 });
  let correctionMs = 0;

  /** Date.now() is the system's clock cut to whole milliseconds: its greatest lead over the fine clock is the offset. */
  bench.settleClock = () => {
    let lead = -Infinity;
    for (const until = performance.now() + CLOCK_LOOK_MS; performance.now() < until;)
      lead = Math.max(lead, Date.now() - (performance.timeOrigin + performance.now()));
    correctionMs = lead;
  };
  const nowMs = (bench.nowMs = () => performance.timeOrigin + performance.now() + correctionMs);

  /** From now on note each change of the newest applied position: [source, first frame that has it, the frame after]. */
  bench.watchPositions = () => {
    let newestMs = 0;
    let seen = null;
    const frame = () => {
      const atMs = nowMs();
      if (seen) {
        bench.updates.push([...seen, atMs]);
        seen = null;
      }
      const sourceMs = window.wall?.stats?.().sourceMs ?? 0;
      if (sourceMs > newestMs) {
        newestMs = sourceMs;
        seen = [sourceMs, atMs];
      }
      requestAnimationFrame(frame);
    };
    bench.settleClock();
    requestAnimationFrame(frame);
  };

  /** From now on note the first frame in which each text of the form bench-<run>-<number> can be seen. */
  bench.watchTexts = () => {
    const note = (mark, element) =>
      requestAnimationFrame(() => {
        if (!(mark in bench.sights) && element?.checkVisibility()) bench.sights[mark] = nowMs();
      });
    const look = (node) => {
      for (const [mark] of (node.textContent ?? "").matchAll(MARK))
        if (!(mark in bench.sights)) note(mark, node instanceof Element ? node : node.parentElement);
    };
    new MutationObserver((changes) => {
      for (const change of changes) {
        if (change.type === "characterData") look(change.target);
        for (const node of change.addedNodes) look(node);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  };

  /** From now on look in each frame whether `isShown()` holds; note when it first does. */
  bench.watchShown = (isShown) => {
    const frame = () => {
      let shown = false;
      try {
        shown = isShown();
      } catch {
        // the page is not that far yet
      }
      if (shown) bench.shownMs = nowMs();
      else requestAnimationFrame(frame);
    };
    bench.settleClock();
    requestAnimationFrame(frame);
  };

  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) bench.longTasks.push([task.startTime, task.duration]);
  }).observe({ type: "longtask" });
})();
