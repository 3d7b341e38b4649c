import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./wall.mjs";

const { pageOf } = load("pages.js").pages;
const told = (page, emergency = "") => ({ page, emergency, is_on: true });
const of = (more) => pageOf({ told: told("backlog"), byHand: null, turns: true, home: "situation", ...more });

test("a screen that turns shows the playlist's page", () => assert.equal(of({}), "backlog"));
test("one that does not stays where it is", () => assert.equal(of({ turns: false }), "situation"));
test("a page chosen by hand goes before the playlist", () => assert.equal(of({ byHand: "video" }), "video"));
test("an emergency goes before both", () => {
  assert.equal(of({ told: told("situation", "cad/1"), byHand: "video" }), "situation");
  assert.equal(of({ told: told("situation", "cad/1") }), "situation");
});
test("before the first word it is at home", () => assert.equal(of({ told: null }), "situation"));
