import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./wall.mjs";

const { stepped } = load("briefing.js").briefing;

test("a step leads to the next slide", () => assert.equal(stepped(3, 1, 10), 4));
test("behind the last slide there is none", () => assert.equal(stepped(9, 1, 10), 9));
test("before the first slide there is none", () => assert.equal(stepped(0, -1, 10), 0));
test("an address that names no slide leads to the first", () => assert.equal(stepped(NaN || 0, 0, 10), 0));
