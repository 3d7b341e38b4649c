/* Parts of a screen that Python wrote as data (layouts/grown.py) and that are made into elements here, once, before
   anything is bound to them. Text becomes text nodes; nothing is parsed as markup. */
(function (wall) {
  "use strict";

  const NAMES = { className: "class", tabIndex: "tabindex" };

  function make(document, node) {
    if (node === null || typeof node !== "object") return document.createTextNode(String(node));
    const el = document.createElement(node.type.toLowerCase());
    for (const [name, value] of Object.entries(node.props)) {
      if (name === "children") continue;
      if (value === true) el.setAttribute(NAMES[name] || name, "");
      else if (value !== false) el.setAttribute(NAMES[name] || name, String(value));
    }
    el.append(...[node.props.children ?? []].flat().map((child) => make(document, child)));
    return el;
  }

  /** Make every part below an element that is still data. */
  function grow(root) {
    for (const el of root.querySelectorAll("[data-grown]")) {
      const nodes = JSON.parse(el.dataset.grown);
      el.removeAttribute("data-grown");
      el.replaceChildren(...nodes.map((node) => make(el.ownerDocument, node)));
    }
  }

  wall.grown = { grow, make };
})((window.wall = window.wall || {}));
