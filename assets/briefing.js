/* Presenting the briefing: its sections as slides, by the keyboard. Without this script it is a page to read. */
(function () {
  "use strict";

  const root = document.documentElement;
  const slides = [...document.querySelectorAll(".slide")];
  const number = document.createElement("p");
  number.className = "slide-number num";
  let place = 0;

  const isPresenting = () => root.classList.contains("is-presenting");

  function show(next) {
    place = Math.min(Math.max(next, 0), slides.length - 1);
    slides.forEach((slide, each) => slide.classList.toggle("is-shown", each === place));
    number.textContent = `${place + 1} / ${slides.length}`;
    window.history.replaceState(null, "", `#${place + 1}`);
  }

  function begin() {
    if (!number.isConnected) document.body.append(number);
    root.classList.add("is-presenting");
    show(Number(window.location.hash.slice(1)) - 1 || 0);
  }

  function end() {
    root.classList.remove("is-presenting", "is-black", "with-notes");
    number.remove();
    slides[place].scrollIntoView();
  }

  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else root.requestFullscreen().catch(() => undefined);
  }

  const keys = {
    ArrowRight: () => show(place + 1), PageDown: () => show(place + 1), " ": () => show(place + 1),
    ArrowLeft: () => show(place - 1), PageUp: () => show(place - 1),
    Home: () => show(0), End: () => show(slides.length - 1),
    f: full, b: () => root.classList.toggle("is-black"), n: () => root.classList.toggle("with-notes"),
    r: () => document.querySelector(".slide.is-shown [data-replay]")?.click(),
    Escape: end,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!isPresenting()) {
      if (key === "p") begin();
      return;
    }
    if (!keys[key]) return;
    event.preventDefault();
    keys[key]();
  });
  document.addEventListener("click", (event) => event.target.closest('[data-act="present"]') && begin());
  if (new URLSearchParams(window.location.search).get("present") === "1") begin();
})();
