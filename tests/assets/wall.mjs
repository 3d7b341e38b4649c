// The wall's scripts in a window of their own, for tests of their pure parts.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const ASSETS = new URL("../../assets/", import.meta.url);

export const load = (...names) => loadWith({}, ...names);

/** The same in a page that has more than the scripts' own window: a server, a store, a clock. */
export function loadWith(more, ...names) {
  const window = more.window || {};
  const page = { document: { addEventListener: () => null }, setInterval: () => 0, ...more };
  const leaflet = { Layer: { extend: () => null }, GridLayer: { extend: () => null } };
  const context = vm.createContext({ performance, console, L: leaflet, ...page, window });
  for (const name of names) vm.runInContext(readFileSync(new URL(name, ASSETS), "utf8"), context, { filename: name });
  return window.wall;
}
