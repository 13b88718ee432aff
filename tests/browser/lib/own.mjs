// What axe does not look at: our own checks of a page. Each function runs inside the page and gives one line for each
// fault; `access.test.mjs` plants every one of these faults and sees it reported.

/** Words that are cut off: a box hides what does not fit, and something does not fit. */
export function cutOff() {
  const lines = [];
  for (const box of document.querySelectorAll('body *')) {
    const style = getComputedStyle(box);
    if (!['hidden', 'clip'].includes(style.overflowX) && !['hidden', 'clip'].includes(style.overflowY)) continue;
    // Hidden from the eye on purpose, and read out.
    if (style.clipPath !== 'none' || box.clientWidth <= 1) continue;
    if (!box.checkVisibility() || !box.textContent.trim()) continue;
    if (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1) {
      lines.push(`cut-off: ${box.tagName.toLowerCase()}.${box.className} hides part of its words`);
    }
  }
  return lines;
}

/** Everything else that can be seen without pressing a key. */
export function ownChecks() {
  const LEAST_TARGET = 44;
  const STEP = 4;
  const lines = [];
  const name = (one) => `${one.tagName.toLowerCase()}${one.id ? `#${one.id}` : ''} "${(one.textContent || one.value || '').trim().slice(0, 40)}"`;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const shown = (one) => one.checkVisibility({ checkVisibilityCSS: true });

  for (const one of all('[style]')) lines.push(`inline-style: ${name(one)} has a style of its own`);

  const ids = new Map();
  for (const { id } of all('[id]')) ids.set(id, (ids.get(id) ?? 0) + 1);
  for (const [id, times] of ids) if (times > 1) lines.push(`twice: the id ${id} is there ${times} times`);

  for (const one of all('body, body *')) {
    const { textAlign } = getComputedStyle(one);
    if (textAlign === 'justify') lines.push(`justified: ${name(one)} has justified text`);
  }

  // Whoever speaks to the phone says the words they see (2.5.3). axe looks at what is named by its content; a field is
  // named by its label, unless something else speaks over it.
  const bare = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  for (const field of all('input, select, textarea, button, output, meter, progress')) {
    const named = field.getAttribute('aria-labelledby')?.split(/\s+/);
    const said = named ? named.map((id) => document.getElementById(id)?.textContent ?? '').join(' ') : field.getAttribute('aria-label');
    if (said === null) continue;
    for (const label of field.labels ?? []) {
      if (shown(label) && !bare(said).includes(bare(label.textContent))) lines.push(`label-in-name: ${name(label)} is what is seen, and "${said}" what is said`);
    }
  }

  // A summary of errors may take the focus when the page comes; nothing else may.
  for (const one of all('[autofocus]')) if (one.id !== 'errors') lines.push(`autofocus: ${name(one)} takes the focus by itself`);

  for (const field of all('[aria-invalid="true"]')) {
    const described = (field.closest('fieldset') ?? field).getAttribute('aria-describedby') ?? field.getAttribute('aria-describedby') ?? '';
    const words = described.split(' ').map((id) => document.getElementById(id))
      .filter((note) => note?.matches('.error') && shown(note)).map((note) => note.textContent.trim());
    if (!words.some((text) => text.length > 0)) lines.push(`unlabelled-error: ${name(field)} is marked wrong, and nothing says why`);
  }
  for (const link of all('#errors a')) {
    const field = document.getElementById(link.getAttribute('href').slice(1));
    if (!field) lines.push(`unlabelled-error: ${name(link)} leads nowhere`);
  }

  const motion = document.getAnimations().filter((animation) => animation.effect?.getTiming().iterations === Infinity);
  if (motion.length > 0) lines.push('motion: something moves without end');

  // Targets. A link in a line of text may be as small as the line; anything else needs 44 by 44 px that lead to it.
  const leadsTo = (control, x, y) => {
    const hit = document.elementFromPoint(x, y);
    if (!hit) return false;
    if (control.contains(hit)) return true;
    const label = hit.closest('label');
    return label?.control === control;
  };
  const inText = (control) => {
    if (control.tagName !== 'A' || getComputedStyle(control).display !== 'inline') return false;
    const around = control.closest('p, li, dd, td, dt, h2, h3') ?? control.parentElement;
    return around.textContent.trim().length > control.textContent.trim().length;
  };
  const { scrollX, scrollY } = globalThis;
  for (const control of all('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (!shown(control) || inText(control) || control.matches('.skip:not(:focus)')) continue;
    const outer = control.getBoundingClientRect();
    if (outer.width >= LEAST_TARGET && outer.height >= LEAST_TARGET) continue;
    control.scrollIntoView({ block: 'center', inline: 'nearest' });
    // A label leads to its field, so it counts as part of it.
    const boxes = [control, ...(control.labels ?? [])].map((box) => box.getBoundingClientRect());
    const [left, top] = ['left', 'top'].map((side) => Math.min(...boxes.map((box) => box[side])));
    const [right, bottom] = ['right', 'bottom'].map((side) => Math.max(...boxes.map((box) => box[side])));
    const [x0, y0] = [left - LEAST_TARGET, top - LEAST_TARGET];
    const across = Math.min(140, Math.ceil((right - left + 2 * LEAST_TARGET) / STEP));
    const down = Math.min(140, Math.ceil((bottom - top + 2 * LEAST_TARGET) / STEP));
    const need = LEAST_TARGET / STEP;
    // Mostly the square in its middle leads to it, and then no other needs to be looked at.
    const [row0, column0] = [down, across].map((count) => Math.max(0, Math.round((count - need) / 2)));
    const square = [...Array(need * need).keys()].map((n) => [row0 + Math.floor(n / need), column0 + (n % need)]);
    if (square.every(([row, column]) => leadsTo(control, x0 + column * STEP, y0 + row * STEP))) continue;
    // The largest square of points that lead to the control, found row by row.
    let above = new Array(across + 1).fill(0);
    let largest = 0;
    for (let row = 0; row <= down && largest < need; row += 1) {
      const sizes = new Array(across + 1).fill(0);
      for (let column = 0; column <= across; column += 1) {
        if (!leadsTo(control, x0 + column * STEP, y0 + row * STEP)) continue;
        sizes[column] = 1 + (row === 0 || column === 0 ? 0 : Math.min(above[column], above[column - 1], sizes[column - 1]));
        largest = Math.max(largest, sizes[column]);
      }
      above = sizes;
    }
    if (largest < need) lines.push(`target: ${name(control)} is ${Math.round(outer.width)} by ${Math.round(outer.height)} px`);
  }
  scrollTo(scrollX, scrollY);
  return lines;
}

/** How far what was already there has jumped since the page came, as the browser counts it. Nothing may jump. */
export function layoutShift() {
  return new Promise((resolve) => {
    let sum = 0;
    const parts = [];
    const take = (list) => {
      for (const entry of list.getEntries()) {
        if (entry.hadRecentInput) continue;
        sum += entry.value;
        for (const { node } of entry.sources) parts.push(node?.id || node?.className || node?.nodeName || '?');
      }
    };
    const observer = new PerformanceObserver(take);
    observer.observe({ type: 'layout-shift', buffered: true });
    // Two frames, so that whatever was about to move has moved.
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
      take({ getEntries: () => observer.takeRecords() });
      observer.disconnect();
      resolve(sum === 0 ? [] : [`layout-shift: ${sum.toFixed(4)} by ${parts.join(', ')}`]);
    }, 50)));
  });
}
