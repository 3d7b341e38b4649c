/* The fields of the console's forms (layouts/duty_forms.py): one of a few, one of a list, a line, a text. Each has el,
   raw() as typed, value() as it is sent (null: not fit to be sent), set(raw) and focus(). The form that hosts them keeps
   what is typed, and goes on to the next field. */
(function (wall) {
  "use strict";

  const LISTED = 8;
  const BLANK = /【[\s\u3000]*】/g;
  const POINT = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/;

  function make(tag, css = "", text = "") {
    const el = document.createElement(tag);
    if (css) el.className = css;
    if (text) el.textContent = text;
    return el;
  }

  function choiceField(spec, host) {
    const el = make("div", "choice");
    el.setAttribute("role", "radiogroup");
    el.setAttribute("aria-label", spec.label);
    let chosen = "";
    const buttons = spec.options.map(([value, label], at) => {
      const button = make("button", "choice-option");
      button.type = "button";
      button.setAttribute("role", "radio");
      button.append(make("kbd", "", String(at + 1)), make("span", "", label));
      button.addEventListener("click", () => pick(at));
      el.append(button);
      return button;
    });
    function pick(at) {
      chosen = spec.options[at][0];
      buttons.forEach((button, each) => button.setAttribute("aria-checked", each === at ? "true" : "false"));
      buttons.forEach((button, each) => (button.tabIndex = each === at ? 0 : -1));
      host.keep();
      host.next(spec.name);
    }
    el.addEventListener("keydown", (event) => {
      const at = Number(event.key) - 1;
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (buttons[at]) pick(at);
      else if (step) buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length].focus();
      else return;
      event.preventDefault();
    });
    return {
      spec, el, raw: () => chosen, value: () => (chosen ? (spec.number ? Number(chosen) : chosen) : null),
      focus: () => (buttons.find((button) => button.getAttribute("aria-checked") === "true") || buttons[0]).focus(),
      set(raw) {
        const at = spec.options.findIndex((option) => option[0] === raw);
        chosen = at < 0 ? "" : raw;
        buttons.forEach((button, each) => button.setAttribute("aria-checked", each === at ? "true" : "false"));
      },
    };
  }

  /** A text with a list of what it may be; words of one's own where `free`. */
  function listField(spec, host) {
    const el = make("div", "combo");
    const input = make("input");
    const menu = make("div", "combo-menu");
    menu.hidden = true;
    input.autocomplete = "off";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-label", spec.label);
    el.append(input, menu);
    let found = [];
    let at = 0;
    const named = () => spec.options.find((option) => option[1] === input.value.trim());
    function list() {
      const wanted = input.value.trim().toLowerCase();
      const starts = spec.options.filter((option) => option[1].toLowerCase().startsWith(wanted));
      const holds = spec.options.filter((option) => !starts.includes(option) && option[1].toLowerCase().includes(wanted));
      found = [...starts, ...holds].slice(0, LISTED);
      at = spec.free ? -1 : 0;
      draw();
    }
    function draw() {
      menu.replaceChildren(...found.map((option, each) => {
        const row = make("div", "combo-row", option[1]);
        row.setAttribute("aria-selected", each === at ? "true" : "false");
        row.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          pick(each);
        });
        return row;
      }));
      menu.hidden = !found.length || document.activeElement !== input;
    }
    function pick(each) {
      if (found[each]) input.value = found[each][1];
      menu.hidden = true;
      host.keep();
      host.next(spec.name);
    }
    input.addEventListener("input", () => {
      list();
      host.keep();
    });
    input.addEventListener("focus", () => {
      input.select();
      if (named()) found = [];
      else list();
    });
    input.addEventListener("blur", () => (menu.hidden = true));
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && menu.hidden) list();
      else if (step) {
        at = (at + step + found.length) % found.length;
        draw();
      } else if (event.key === "Enter" && !menu.hidden && at >= 0 && !named()) pick(at);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    return {
      spec, el, raw: () => input.value, focus: () => input.focus(),
      value() {
        const option = named();
        if (option) return option[0];
        const text = input.value.trim();
        if (spec.point) return POINT.test(text) ? text.match(POINT).slice(1).join(",") : null;
        return spec.free && text ? text : null;
      },
      set(raw) {
        const option = spec.options.find((each) => each[0] === raw);
        input.value = option ? option[1] : raw || "";
      },
    };
  }

  function lineField(spec, host) {
    const input = make("input");
    input.autocomplete = "off";
    input.maxLength = spec.most;
    input.setAttribute("aria-label", spec.label);
    input.addEventListener("input", host.keep);
    return textOf(spec, input, input);
  }

  /** A text of several lines; its blanks 【】 are marked behind it, and F2 goes from one to the next. */
  function areaField(spec, host) {
    const el = make("div", "area");
    const input = make("textarea");
    const behind = make("div", "area-behind");
    behind.setAttribute("aria-hidden", "true");
    input.rows = spec.rows;
    input.setAttribute("aria-label", spec.label);
    el.append(behind, input);
    const field = textOf(spec, el, input);
    field.mark = () => {
      if (!spec.blanks) return;
      const parts = input.value.split(BLANK);
      const blanks = input.value.match(BLANK) || [];
      behind.replaceChildren(...parts.flatMap((part, each) => [part, ...(blanks[each] ? [make("mark", "", blanks[each])] : [])]), "\n");
      field.note.textContent = blanks.length ? host.blanks(blanks.length) : "";
    };
    field.blanks = () => (spec.blanks ? (input.value.match(BLANK) || []).length : 0);
    field.toBlank = () => {
      BLANK.lastIndex = input.selectionEnd;
      const found = BLANK.exec(input.value) || ((BLANK.lastIndex = 0), BLANK.exec(input.value));
      BLANK.lastIndex = 0;
      if (!found) return;
      input.focus();
      input.setSelectionRange(found.index, found.index + found[0].length);
    };
    input.addEventListener("input", () => {
      host.keep();
      field.mark();
    });
    input.addEventListener("scroll", () => (behind.scrollTop = input.scrollTop));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "F2") return;
      event.preventDefault();
      field.toBlank();
    });
    return field;
  }

  function textOf(spec, el, input) {
    return {
      spec, el, note: make("span", "field-note"), raw: () => input.value, value: () => input.value.trim() || null,
      set(raw) {
        input.value = raw || "";
        if (this.mark) this.mark();
      },
      focus: () => input.focus(),
    };
  }

  const KINDS = { choice: choiceField, list: listField, line: lineField, area: areaField };

  /** A field of a form. host: {keep() what is typed, next(name) field, blanks(n) in words}. */
  const field = (spec, host) => KINDS[spec.kind](spec, host);

  wall.dutyFields = { field, make };
})((window.wall = window.wall || {}));
