import assert from "node:assert/strict";
import test from "node:test";
import { webcrypto } from "node:crypto";
import { loadWith } from "./wall.mjs";

const plain = (value) => JSON.parse(JSON.stringify(value));
const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** A page with a server that answers from a function, a clock that the test turns, and a store. */
function page(answers, kept = {}) {
  const own = { sent: [], timers: [], nowMs: 0, kept, told: [] };
  const more = {
    crypto: webcrypto, AbortController, location: { search: "?lang=en" },
    Date: { now: () => own.nowMs },
    sessionStorage: {
      getItem: (key) => own.kept[key] ?? null,
      setItem: (key, value) => (own.kept[key] = value),
      removeItem: (key) => delete own.kept[key],
    },
    setTimeout: (run, ms) => own.timers.push({ run, ms }),
    clearTimeout: () => null,
    async fetch(url, { body }) {
      const orders = JSON.parse(body);
      own.sent.push(orders);
      const [status, content] = answers(orders, own.sent.length);
      if (status === 0) throw new TypeError("nobody answers");
      return { status, json: async () => content };
    },
  };
  own.wall = loadWith(more, "orders.js");
  own.orders = own.wall.orders;
  own.orders.listen((event) => own.told.push(event));
  /** Let the retry of the last attempt come due. */
  own.retry = () => own.timers.filter((timer) => timer.ms < 5000).pop().run();
  return own;
}

const accepted = (orders) => [200, orders.map((order) => ({ id: order.id, status: "accepted", by: "李" }))];

test("an order is done when the server says so, and not before", async () => {
  const own = page(accepted);
  const done = own.orders.send([{ verb: "acknowledge", target: "cad/I1" }], "确认");
  assert.equal(own.orders.pending(), 1);
  assert.deepEqual(plain((await done).map((each) => each.status)), ["accepted"]);
  assert.equal(own.orders.pending(), 0);
  assert.deepEqual(own.told, ["sending", "answered"]);
  assert.equal(Object.keys(own.kept).length, 0);
});

test("what met no server is sent again under the same id", async () => {
  const own = page((orders, count) => (count === 1 ? [503, { error: "journal_away" }] : accepted(orders)));
  const done = own.orders.send([{ verb: "note", target: "cad/I1", text: "x" }], "");
  await settled();
  assert.deepEqual(own.told, ["sending", "waiting"]);
  own.retry();
  await done;
  assert.equal(own.sent[0][0].id, own.sent[1][0].id);
});

test("after ten seconds only the officer sends it again", async () => {
  const own = page((orders, count) => (count === 1 ? [0] : accepted(orders)));
  const done = own.orders.send([{ verb: "note", target: "cad/I1", text: "x" }], "");
  own.nowMs = 10001;
  await settled();
  assert.ok(own.orders.asked());
  assert.equal(own.sent.length, 1);
  own.orders.again();
  assert.equal((await done)[0].status, "accepted");
  assert.equal(own.sent[0][0].id, own.sent[1][0].id);
});

test("what the officer gives up is not sent again and counts as not done", async () => {
  const own = page(() => [0]);
  const done = own.orders.send([{ verb: "close", target: "cad/I1" }], "");
  own.nowMs = 10001;
  await settled();
  assert.ok(own.orders.drop());
  assert.equal((await done)[0].status, "refused");
  assert.equal(own.orders.pending(), 0);
});

test("a lost race and a refusal are answers: they are told and not repeated", async () => {
  const own = page((orders) => [409, [{ id: orders[0].id, status: "conflict", why: "已由 李 处理" }]]);
  const [result] = await own.orders.send([{ verb: "acknowledge", target: "cad/I1" }], "");
  assert.deepEqual([result.status, result.why, own.sent.length], ["conflict", "已由 李 处理", 1]);
});

test("an answer that names no order leaves none without a result", async () => {
  const own = page(() => [403, { error: "refused", why: "another site may not write here" }]);
  const results = await own.orders.send([{ verb: "note" }, { verb: "note" }], "");
  assert.deepEqual(plain(results.map((each) => [each.status, each.why])), [
    ["refused", "another site may not write here"], ["refused", "another site may not write here"],
  ]);
});

test("what a reload left unanswered waits for the officer", async () => {
  const before = page(() => [0]);
  before.orders.send([{ verb: "note", target: "cad/I1", text: "x" }], "记录");
  await settled();
  const after = page(accepted, before.kept);
  after.orders.revive();
  assert.equal(after.orders.asked().words, "记录");
  assert.equal(after.sent.length, 0);
  after.orders.again();
  await settled();
  assert.equal(after.sent[0][0].id, before.sent[0][0].id);
});

test("more orders than a request may hold go in several", async () => {
  const own = page(accepted);
  const results = await own.orders.send(Array.from({ length: 45 }, () => ({ verb: "acknowledge_alarm" })), "");
  assert.deepEqual(own.sent.map((orders) => orders.length), [20, 20, 5]);
  assert.equal(results.length, 45);
});

test("in a replay nothing is sent, and it says why", async () => {
  const own = page(accepted);
  own.wall.replay = { isOn: () => true, word: () => "a replay" };
  const [result] = await own.orders.send([{ verb: "note", target: "cad/I1", text: "x" }]);
  assert.deepEqual([result.status, result.why, own.sent.length], ["refused", "a replay", 0]);
});
