//! Scripts that measure a page.

/// By how many pixels the page is wider than the screen.
pub(crate) const OVERFLOW: &str =
    "Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)";

/// Every visible text whose contrast is below 4.5, or below 3 where it is large, as WCAG 2 reckons.
pub(crate) const CONTRAST: &str = r"
(() => {
  const rgba = text => {
    const parts = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return parts.length < 4 ? [...parts, 1] : parts;
  };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const canvas = matchMedia('(prefers-color-scheme: dark)').matches
    && getComputedStyle(document.documentElement).colorScheme.includes('dark')
    ? [18, 18, 18, 1] : [255, 255, 255, 1];
  // What is behind an element, and how much of it is seen: of each element once.
  const grounds = new Map([[null, { ground: canvas, opacity: 1 }]]);
  const behind = element => {
    let known = grounds.get(element);
    if (!known) {
      const around = behind(element.parentElement);
      const style = getComputedStyle(element);
      const ground = over(rgba(style.backgroundColor), around.ground);
      known = { ground, opacity: around.opacity * Number(style.opacity) };
      grounds.set(element, known);
    }
    return known;
  };
  const light = colour => {
    const [r, g, b] = colour.slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const text = node.textContent.trim();
    const element = node.parentElement;
    if (!text || ['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE'].includes(element.tagName)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    if (!range.getClientRects().length) continue;
    const style = getComputedStyle(element);
    if (style.visibility === 'hidden' || element.closest('[disabled]')) continue;
    const { ground, opacity } = behind(element);
    const own = rgba(style.color);
    own[3] *= opacity;
    const pair = [light(over(own, ground)), light(ground)].sort((a, b) => b - a);
    const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (large ? 3 : 4.5)) faint.push(`${contrast.toFixed(2)}: ${text.slice(0, 60)}`);
  }
  return faint;
})()
";
