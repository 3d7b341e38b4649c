// Evaluated in a page: every visible text that is too small or too faint, as [{text, px, contrast}].
// least = {px, contrast, large_contrast}; text of 24 px or bold 18.7 px counts as large (WCAG 1.4.3). Map canvases are left out.
(least) => {
  const LARGE_PX = 24;
  const LARGE_BOLD_PX = 18.7;
  const rgba = (text) => {
    const parts = (text.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
    // color-mix() is reported as color(srgb 0..1 0..1 0..1).
    return text.startsWith("color(") ? parts.map((part, place) => (place < 3 ? part * 255 : part)) : parts;
  };
  const channel = (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const over = (top, under) => {
    const alpha = top[3] === undefined ? 1 : top[3];
    return top.slice(0, 3).map((part, place) => part * alpha + under[place] * (1 - alpha));
  };
  const groundOf = (el) => {
    const layers = [];
    for (let each = el; each; each = each.parentElement) {
      const colour = rgba(getComputedStyle(each).backgroundColor);
      if (colour[3] === 0) continue;
      layers.push(colour);
      if (colour[3] === undefined || colour[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [0, 0, 0]);
  };
  const opacityOf = (el) => {
    let opacity = 1;
    for (let each = el; each; each = each.parentElement) opacity *= Number(getComputedStyle(each).opacity);
    return opacity;
  };
  const faults = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    const el = texts.currentNode.parentElement;
    if (!text || !el.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (el.closest("script, style, .watermark, .js-plotly-plot, .map-name")) continue;
    const style = getComputedStyle(el);
    const px = parseFloat(style.fontSize);
    const ground = groundOf(el);
    const ink = over([...rgba(style.color).slice(0, 3), (rgba(style.color)[3] ?? 1) * opacityOf(el)], ground);
    const [light, dark] = [luminance(ink), luminance(ground)].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    const isLarge = px >= LARGE_PX || (px >= LARGE_BOLD_PX && Number(style.fontWeight) >= 700);
    if (px < least.px - 0.05 || contrast < (isLarge ? least.large_contrast : least.contrast)) {
      faults.push({ text: text.slice(0, 40), css: el.className, px, contrast: Math.round(contrast * 10) / 10 });
    }
  }
  return faults;
};
