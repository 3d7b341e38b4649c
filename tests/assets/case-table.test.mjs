import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./wall.mjs";

const { cases } = load("case-table.js");
const plain = (value) => JSON.parse(JSON.stringify(value)); // objects of the scripts' window have prototypes of their own

test("the filter names only what is chosen", () => {
  assert.deepEqual(plain(cases.filterOf([null, null, [], null, null, null, []], 7200)), {});
  assert.deepEqual(plain(cases.filterOf([" 井盖 ", ["held"], ["I1"], ["D1"], ["S1"], "86400", ["soon", "urged"]], 7200)), {
    stages: ["held"], items: ["I1"], departments: ["D1"], places: ["S1"],
    text: "井盖", older_than_s: 86400, due_within_s: 7200, urged: true,
  });
  assert.equal(cases.filterOf(["x".repeat(200), null, null, null, null, null, null], 0).text.length, 80);
});

test("a time on the district's clocks becomes an instant, across a clock change too", () => {
  assert.equal(cases.instant("2026-11-25T18:00", "Asia/Shanghai"), "2026-11-25T10:00:00.000Z");
  assert.equal(cases.instant("2026-03-29T12:00", "Europe/Berlin"), "2026-03-29T10:00:00.000Z");
  assert.equal(cases.instant("2026-03-28T12:00", "Europe/Berlin"), "2026-03-28T11:00:00.000Z");
  assert.equal(cases.instant("", "Asia/Shanghai"), "");
});

test("an instant is shown on the district's clocks", () => {
  assert.equal(cases.localTime(Date.UTC(2026, 10, 25, 16, 30), "Asia/Shanghai"), "2026-11-26T00:30");
});

test("what came of orders is one line: how many are done, and why the others are not", () => {
  const words = { done: "已{what} {n} 件", failed: "{n} 件未成：{why}" };
  const results = [
    { status: "accepted" }, { status: "repeated" },
    { status: "conflict", why: "已有人处理", by: "李" }, { status: "refused", why: "已结案" },
  ];
  assert.equal(cases.outcome(results, "挂账", words), "已挂账 2 件 · 2 件未成：已有人处理 · 李; 已结案");
  assert.equal(cases.outcome([], "挂账", words), "");
});
