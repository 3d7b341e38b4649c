/* Plays the tracks of a page: where each unit was at a moment, with a tail behind it; one can be followed. */
(function () {
  "use strict";

  const root = document.querySelector("[data-tracks]");
  if (!root) return;
  const { units, from, to, zone, words } = JSON.parse(root.dataset.tracks);
  const svg = document.querySelector(".tracks-map");
  const bar = root.querySelector("input[type=range]");
  const told = root.querySelector("output");
  const follow = root.querySelector("select[name=follow]");
  const tail = root.querySelector("select[name=tail]");
  const button = root.querySelector("button");
  const whole = svg.getAttribute("viewBox");
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  const SPAN_MS = 60000; // all of it in a minute
  const NEAR = 240; // pixels of the map around the unit that is followed
  const names = [...svg.querySelectorAll(".way")];
  let playing = 0;

  const made = units.map((unit) => {
    const group = document.createElementNS(svg.namespaceURI, "g");
    const line = document.createElementNS(svg.namespaceURI, "polyline");
    const dot = document.createElementNS(svg.namespaceURI, "circle");
    line.setAttribute("fill", "none");
    line.setAttribute("stroke", unit.hue);
    line.setAttribute("stroke-width", "6");
    line.setAttribute("stroke-opacity", "0.55");
    dot.setAttribute("r", "8");
    dot.setAttribute("fill", unit.hue);
    dot.setAttribute("stroke", "#FFFFFF");
    dot.setAttribute("stroke-width", "2");
    group.append(line, dot);
    svg.append(group);
    return { group, line, dot };
  });

  /** The last fix at or before a moment; -1: none yet, or its way from there is not known. */
  function placeAt(unit, at) {
    let low = 0;
    let high = unit.at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (unit.at[middle] <= at) low = middle + 1;
      else high = middle;
    }
    const place = low - 1;
    return place >= 0 && at - unit.at[place] <= unit.gap ? place : -1;
  }

  function show(at) {
    const since = at - Number(tail.value);
    const said = [];
    units.forEach((unit, each) => {
      const { group, line, dot } = made[each];
      const place = placeAt(unit, at);
      group.style.display = place < 0 ? "none" : "";
      if (place < 0) return;
      const points = [];
      for (let back = place; back >= 0 && unit.at[back] >= since; back--) {
        if (back < place && unit.at[back + 1] - unit.at[back] > unit.gap) break;
        points.push(`${unit.x[back]},${unit.y[back]}`);
      }
      line.setAttribute("points", points.join(" "));
      dot.setAttribute("cx", unit.x[place]);
      dot.setAttribute("cy", unit.y[place]);
      if (String(each) !== follow.value) return;
      svg.setAttribute("viewBox", `${unit.x[place] - NEAR} ${unit.y[place] - NEAR * 0.65} ${NEAR * 2} ${NEAR * 1.3}`);
      const speed = unit.speed[place];
      said.push(`${unit.name} ${speed === null ? "—" : `${(speed * 3.6).toFixed(0)} km/h`}`);
      const stay = unit.stays.find(([a, b]) => a <= at && at <= b);
      if (stay) said.push(`${words.dwell} ${Math.round((at - stay[0]) / 60)} min`);
    });
    if (follow.value === "") svg.setAttribute("viewBox", whole);
    told.textContent = [format.format(at * 1000).replace(",", ""), ...said].join(" · ");
    names.forEach((way) => { way.style.opacity = "0.35"; });
  }

  const moment = () => from + (to - from) * Number(bar.value);

  function stop() {
    window.cancelAnimationFrame(playing);
    playing = 0;
    button.textContent = words.play;
  }

  function play() {
    if (playing) return stop();
    if (Number(bar.value) >= 1) bar.value = "0";
    button.textContent = words.pause;
    let last = performance.now();
    const step = (now) => {
      bar.value = String(Math.min(1, Number(bar.value) + (now - last) / SPAN_MS));
      last = now;
      show(moment());
      if (Number(bar.value) < 1) playing = window.requestAnimationFrame(step);
      else stop();
    };
    playing = window.requestAnimationFrame(step);
    return undefined;
  }

  button.addEventListener("click", play);
  for (const control of [bar, follow, tail]) control.addEventListener("input", () => show(moment()));
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.target.closest("input:not([type=range]), textarea, select, button")) return;
    event.preventDefault();
    play();
  });
  show(moment());
})();
