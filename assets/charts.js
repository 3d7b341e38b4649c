/* Puts the payload's numbers into the Plotly figures that the layout made (layouts/charts.py), seldom and never while hidden. */
(function (wall) {
  "use strict";

  const LEAST_GAP_MS = 2500;
  const TEXT_REM = 0.8;
  const LINE_REM = 0.09;
  const AXIS_REM = 1.15;

  let target = null;
  let waiting = null;
  let timer = 0;
  let shown = "";

  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

  function graph() {
    const found = target && document.querySelector(`#${target} .js-plotly-plot`);
    return found && window.Plotly && found.data ? found : null;
  }

  function draw() {
    timer = 0;
    const figure = graph();
    if (waiting === null) return;
    if (!figure || document.hidden) return later(LEAST_GAP_MS / 5);
    const { clientWidth: width, clientHeight: height } = document.getElementById(target);
    const key = `${JSON.stringify(waiting)} ${rem()} ${width}x${height}`;
    if (key === shown) return;
    shown = key;
    const traces = figure.data.map((trace, place) => ({ ...trace, ...waiting[place] }));
    traces[1].line = { ...traces[1].line, width: Math.max(1.5, LINE_REM * rem()) };
    const margin = { ...figure.layout.margin, b: AXIS_REM * rem() };
    const font = { ...figure.layout.font, size: TEXT_REM * rem() };
    const layout = { ...figure.layout, margin, font, width, height, autosize: false };
    window.Plotly.react(figure, traces, layout, { staticPlot: true, displayModeBar: false });
  }

  function later(delayMs) {
    if (!timer) timer = setTimeout(draw, delayMs);
  }

  /** The columns of the chart's traces, in order. */
  function show(traces) {
    waiting = traces;
    later(shown === "" ? 0 : LEAST_GAP_MS);
  }

  function start(settings) {
    target = settings.ids.flow;
    shown = "";
  }

  window.addEventListener("resize", () => later(LEAST_GAP_MS / 5));
  wall.charts = { start, show };
})((window.wall = window.wall || {}));
