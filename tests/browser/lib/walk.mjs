// Through a page with the Tab key alone: everything that can be used is reached, in the order in which it stands, each
// with a ring that can be seen, and the way leads out again.

// One press more than there are stops, to see where the end leads; and a date is up to four stops in one.
const PRESSES = (stops, dates) => stops + 1 + 3 * dates;

/** What is wrong on the way through a page, one line each. */
export async function walk(page) {
  const { stops, dates } = await page.evaluate(begin);
  const cdp = await page.context().newCDPSession(page);
  const key = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };
  // The browser takes them in this order, so none has to wait for the answer to the one before.
  const types = Array(PRESSES(stops, dates)).fill(['rawKeyDown', 'keyUp']).flat();
  await Promise.all(types.map((type) => cdp.send('Input.dispatchKeyEvent', { type, ...key })));
  await cdp.detach();
  return page.evaluate(end);
}

// Runs in the page: works out where Tab should go, and begins to write down where it goes.
function begin() {
  const radios = new Set();
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex], [contenteditable]')].filter((one) => {
    if (one.tabIndex < 0 || one.disabled || one.type === 'hidden') return false;
    if (one.closest('[inert], [hidden]') || !one.checkVisibility({ checkVisibilityCSS: true })) return false;
    if (one.type !== 'radio') return true;
    // Of a group, the one that is chosen, or else the first.
    const group = `${one.form?.id} ${one.name}`;
    const chosen = [...document.querySelectorAll('input[type=radio]')].find((other) => other.name === one.name && other.form === one.form && other.checked);
    if (chosen ? chosen !== one : radios.has(group)) return false;
    radios.add(group);
    return true;
  });
  const rgb = (text) => {
    const parts = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0];
    return { colour: parts.slice(0, 3), alpha: parts[3] ?? 1 };
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (one) => {
    for (let box = one; box; box = box.parentElement) {
      const { colour, alpha } = rgb(getComputedStyle(box).backgroundColor);
      if (alpha === 1) return colour;
    }
    return [255, 255, 255];
  };
  const ring = (one) => {
    const { outlineStyle, outlineWidth, outlineColor, outlineOffset } = getComputedStyle(one);
    if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return `a ring of ${outlineStyle} ${outlineWidth}`;
    const [a, b] = [rgb(outlineColor).colour, ground(parseFloat(outlineOffset) >= 0 ? one.parentElement : one)].map(luminance);
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return contrast < 3 ? `a ring with a contrast of ${contrast.toFixed(1)}` : null;
  };
  const unseen = (one) => {
    const { width, height, left, right, top, bottom } = one.getBoundingClientRect();
    if (width < 2 || height < 2) return 'has no size';
    if (right <= 0 || bottom <= 0 || left >= innerWidth || top >= innerHeight) return 'is off the screen';
    if (Number(getComputedStyle(one).opacity) < 0.1) return 'is transparent';
    return null;
  };
  const state = { stops, went: [], lines: [] };
  const name = (one) => `${one.tagName.toLowerCase()}${one.id ? `#${one.id}` : ''} "${(one.textContent || one.value || '').trim().slice(0, 40)}"`;
  state.name = name;
  state.listen = ({ target }) => {
    state.went.push(target);
    if (state.went.length > stops.length) return;
    const weak = ring(target);
    if (weak) state.lines.push(`focus-ring: ${name(target)} has ${weak}`);
    const why = unseen(target);
    if (why) state.lines.push(`focus-unseen: ${name(target)} has the focus and ${why}`);
  };
  globalThis.pledgeWalk = state;
  // Tab goes on from where the focus was last, so it is set to the very beginning.
  const start = document.createElement('span');
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  start.remove();
  document.addEventListener('focusin', state.listen);
  return { stops: stops.length, dates: stops.filter((one) => one.type === 'date').length };
}

// Runs in the page: what was written down.
function end() {
  const { stops, went, lines, listen, name } = globalThis.pledgeWalk;
  document.removeEventListener('focusin', listen);
  delete globalThis.pledgeWalk;
  document.activeElement?.blur();
  const wrong = stops.findIndex((stop, at) => went[at] !== stop);
  if (wrong >= 0) {
    const got = went[wrong];
    const stuck = wrong > 0 && (!got || got === stops[wrong - 1] || went.slice(0, wrong).includes(got));
    lines.push(stuck
      ? `focus-trap: after ${name(stops[wrong - 1])} the focus goes to ${got ? name(got) : 'nothing'}, not to ${name(stops[wrong])}`
      : `focus-order: ${got ? name(got) : 'nothing'} comes where ${name(stops[wrong])} stands`);
  } else if (went.length > stops.length && went[stops.length] !== stops[0]) {
    lines.push(`focus-trap: the end of the page leads to ${name(went[stops.length])}`);
  }
  return lines;
}
