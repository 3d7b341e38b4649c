/* Runs in a page behind watch.js: what a wall or a console shows of the calls that send_orders takes, and what a key
   brings about. */
(() => {
  const { bench } = window;
  const MARK = /bench-[0-9a-f]+-\d+/;
  const PATIENCE_MS = 3000;

  const markIn = (el) => el?.textContent.match(MARK)?.[0];
  const all = (selector, under = document) => [...under.querySelectorAll(selector)].filter((el) => el.checkVisibility());

  /** The cards of the wall: whose call, acknowledged or not, who is under way. */
  function onWall() {
    return all(".card").flatMap((card) => {
      const mark = markIn(card.querySelector(".card-title"));
      if (!mark) return [];
      const isAcknowledged = card.querySelector(".card-ack").dataset.state === "acknowledged";
      const coming = all(".leg-detail", card).map((el) => el.textContent.split(" → ")).filter((parts) => parts.length > 1);
      return [mark, ...(isAcknowledged ? [`${mark} acknowledged`] : []), ...coming.map(([unit]) => `${mark} → ${unit}`)];
    });
  }

  /** The list of incidents of a console, and the page of the one that is chosen. */
  function onConsole() {
    const listed = all('[data-list="incidents"] .task-name').filter(markIn);
    const fresh = listed.find((name) => !(markIn(name) in bench.sights));
    if (fresh) fresh.click(); // the officer looks at the new call
    return [...listed.map(markIn), ...onPage()];
  }

  function onPage() {
    const page = document.querySelector('[data-panel="incident"]');
    const mark = markIn(page?.querySelector(".incident-title"));
    if (!mark) return [];
    const units = all('[data-list="units"] > [data-row]:not([data-state="stood_down"]) [data-slot="sign"]', page);
    const facts = units.map((el) => `${mark} → ${el.textContent}`);
    if (page.querySelector('[data-slot="acknowledged"]').dataset.state === "acknowledged") facts.push(`${mark} acknowledged`);
    if (page.querySelector('[data-slot="closed"]').checkVisibility()) facts.push(`${mark} closed`);
    return [...facts, ...all(".deed-text").map((el) => el.textContent).filter((text) => MARK.test(text))];
  }

  /** From now on note in `bench.sights` the first frame in which each fact stands there. */
  bench.watchOrders = (isConsole) => {
    const look = isConsole ? onConsole : onWall;
    let waits = false;
    const note = () => {
      waits = false;
      const atMs = bench.nowMs();
      for (const fact of look()) bench.sights[fact] ??= atMs;
    };
    bench.settleClock();
    const observer = new MutationObserver(() => {
      if (!waits) requestAnimationFrame(note);
      waits = true;
    });
    bench.stopOrders = () => observer.disconnect();
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  };

  /** Wait for the next key: `bench.reaction` becomes [ms from the key to the first frame in which `isShown(before)`
      holds, ms to the frame after], or null. `before` is what `isShown()` answered when this began. */
  bench.awaitKey = (isShown) => {
    const before = isShown();
    bench.reaction = new Promise((resolve) => {
      addEventListener("keydown", ({ timeStamp }) => {
        const frame = () => {
          const seenMs = performance.now() - timeStamp;
          if (isShown(before) === true) requestAnimationFrame(() => resolve([seenMs, performance.now() - timeStamp]));
          else if (seenMs > PATIENCE_MS) resolve(null);
          else requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }, { capture: true, once: true });
    });
  };

  /** What the browser itself says: ms from each key to the next paint, in steps of 8; short ones it leaves out. */
  bench.keyEvents = [];
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (each.name === "keydown") bench.keyEvents.push(each.duration);
  }).observe({ type: "event", durationThreshold: 16 });
})();
