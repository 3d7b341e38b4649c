/* Orders to the server. One counts as done only when the server has said so; until then it keeps its id, so that
   sending it again cannot do it twice. What is not answered outlives a reload. Used by every pane of the console. */
(function (wall) {
  "use strict";

  const URL = "/orders";
  const KEPT = "wall:orders";
  const RETRY_MS = 1500;
  const PATIENCE_MS = 10000;
  const ANSWER_MS = 8000;
  const MOST_AT_ONCE = 20;
  const PASSING = new Set([0, 429, 500, 502, 503, 504]); // the server may take the same order later

  const batches = []; // {orders, words, sinceMs, state: sending|waiting|asking, resolve}
  const listeners = new Set();

  const newId = () => (crypto.randomUUID ? crypto.randomUUID() : randomId());

  /** Without TLS and off loopback browsers have no randomUUID. */
  function randomId() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function keep() {
    const kept = batches.map(({ orders, words, sinceMs }) => ({ orders, words, sinceMs }));
    if (kept.length) sessionStorage.setItem(KEPT, JSON.stringify(kept));
    else sessionStorage.removeItem(KEPT);
  }

  function tell(event, batch, results) {
    for (const listener of listeners) listener(event, batch, results);
  }

  /** One attempt; answers {status, results}, status 0 when nobody answered. */
  async function post(orders) {
    const halt = new AbortController();
    const timer = setTimeout(() => halt.abort(), ANSWER_MS);
    try {
      const answer = await fetch(URL + location.search, { // whose lang says in which language to answer
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(orders),
        credentials: "same-origin", signal: halt.signal,
      });
      const body = await answer.json().catch(() => null);
      return { status: answer.status, results: resultsOf(body, orders, answer.status) };
    } catch {
      return { status: 0, results: [] };
    } finally {
      clearTimeout(timer);
    }
  }

  /** A result for each order, whatever the server said. */
  function resultsOf(body, orders, status) {
    const rows = Array.isArray(body) ? body : Array.isArray(body?.results) ? body.results : [];
    const byId = new Map(rows.map((row) => [row.id, row]));
    const why = (body && !Array.isArray(body) && body.why) || String(status);
    return orders.map((order) => byId.get(order.id) || { id: order.id, status: "refused", why });
  }

  async function attempt(batch) {
    batch.state = "sending";
    tell("sending", batch);
    const { status, results } = await post(batch.orders);
    if (!batches.includes(batch)) return;
    if (!PASSING.has(status)) return finish(batch, status === 401 ? "signed_out" : "answered", results);
    // An officer who has waited that long may have acted otherwise: from then on only they can send it again.
    if (Date.now() - batch.sinceMs > PATIENCE_MS) {
      batch.state = "asking";
      tell("asking", batch);
      return;
    }
    batch.state = "waiting";
    tell("waiting", batch);
    setTimeout(() => batches.includes(batch) && batch.state === "waiting" && attempt(batch), RETRY_MS);
  }

  function finish(batch, event, results) {
    batches.splice(batches.indexOf(batch), 1);
    keep();
    tell(event, batch, results);
    batch.resolve(results);
  }

  /** Send orders (fields of an order without its id; `words` says them to the officer). Answers a result for each:
      {id, status: accepted|repeated|conflict|refused, why, by, centre, at}. It waits as long as nobody answers. */
  function send(orders, words = "") {
    // What is replayed has been decided long ago.
    if (wall.replay?.isOn()) return Promise.resolve(orders.map((order) => ({ id: newId(), ...order, status: "refused", why: wall.replay.word("why.replay") })));
    const named = orders.slice(0, MOST_AT_ONCE).map((order) => ({ id: newId(), ...order }));
    const batch = { orders: named, words, sinceMs: Date.now(), state: "sending" };
    const done = new Promise((resolve) => (batch.resolve = resolve));
    batches.push(batch);
    keep();
    attempt(batch);
    if (orders.length <= MOST_AT_ONCE) return done;
    return Promise.all([done, send(orders.slice(MOST_AT_ONCE), words)]).then((parts) => parts.flat());
  }

  const asked = () => batches.find((batch) => batch.state === "asking");

  /** The officer says of what was not answered that it shall be sent again, under the same id. */
  function again() {
    const batch = asked();
    if (!batch || wall.replay?.isOn()) return false;
    batch.sinceMs = Date.now();
    keep();
    attempt(batch);
    return true;
  }

  function drop() {
    const batch = asked();
    if (!batch) return false;
    finish(batch, "dropped", batch.orders.map((order) => ({ id: order.id, status: "refused", why: "dropped" })));
    return true;
  }

  /** What a reload left unanswered: the officer decides. */
  function revive() {
    let kept = [];
    try {
      kept = JSON.parse(sessionStorage.getItem(KEPT) || "[]");
    } catch {
      sessionStorage.removeItem(KEPT);
    }
    for (const each of kept) {
      const batch = { ...each, state: "asking", resolve: () => {} };
      batches.push(batch);
      tell("asking", batch);
    }
  }

  wall.orders = {
    send, again, drop, revive, asked, newId,
    /** `listener(event, batch, results)`: sending, waiting, asking, answered, signed_out, dropped. */
    listen: (listener) => listeners.add(listener),
    pending: () => batches.length,
  };
})((window.wall = window.wall || {}));
