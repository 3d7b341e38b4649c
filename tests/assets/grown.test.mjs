import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./wall.mjs";

const { make } = load("grown.js").grown;

const page = {
  createTextNode: (text) => ({ text }),
  createElement: (tag) => ({
    tag, attributes: {}, children: [],
    setAttribute(name, value) {
      this.attributes[name] = value;
    },
    append(...nodes) {
      this.children.push(...nodes);
    },
  }),
};

test("a part is made with its attributes and what is in it", () => {
  const props = { className: "row", hidden: true, disabled: false, "data-slot": "a", children: ["x", { type: "B", props: { children: 1 } }] };
  const el = make(page, { type: "Div", props });
  assert.equal(el.tag, "div");
  assert.deepEqual({ ...el.attributes }, { class: "row", hidden: "", "data-slot": "a" });
  assert.equal(el.children[0].text, "x");
  assert.equal(el.children[1].children[0].text, "1");
});
test("text is never markup", () => {
  const el = make(page, { type: "P", props: { children: "<img src=x onerror=alert(1)>" } });
  assert.deepEqual(el.children.map((child) => child.text), ["<img src=x onerror=alert(1)>"]);
});
