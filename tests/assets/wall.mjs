// The wall's scripts in a window of their own, for tests of their pure parts.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const ASSETS = new URL("../../assets/", import.meta.url);

export function load(...names) {
  const window = {};
  const page = { document: { addEventListener: () => null }, setInterval: () => 0 };
  const leaflet = { Layer: { extend: () => null }, GridLayer: { extend: () => null } };
  const context = vm.createContext({ window, performance, console, L: leaflet, ...page });
  for (const name of names) vm.runInContext(readFileSync(new URL(name, ASSETS), "utf8"), context, { filename: name });
  return window.wall;
}
