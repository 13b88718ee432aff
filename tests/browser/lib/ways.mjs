// The eight ways in which people see a page, and what must hold in each: axe finds nothing and leaves nothing
// undecided, the page cannot be pushed sideways, and no words are cut off.

import { axe } from './axe.mjs';
import { cutOff, ownChecks } from './own.mjs';
import { sideways } from './watch.mjs';

// Criterion 1.4.12: the spaces a reader may set for themselves.
const SPACING = `* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
  p { margin-block-end: 2em !important }`;

/**
 * Name, size in CSS pixels, and what is set beside it. Together they hold narrow and wide in light and in dark. axe runs
 * whole in one narrow and one wide way, because the width decides which elements are shown, and with its rules of layout
 * in all of them.
 */
export const WAYS = [
  { name: '320 px', width: 320, height: 640, whole: true },
  { name: '1280 px at 400 %', width: 320, height: 256, scale: 4 },
  { name: 'forced colours', width: 412, height: 823, forcedColors: 'active' },
  { name: 'dark', width: 1280, height: 900, colorScheme: 'dark', whole: true },
  { name: 'reduced motion', width: 1280, height: 900, reducedMotion: 'reduce' },
  { name: 'text spacing', width: 320, height: 640, style: SPACING },
  { name: 'text at 200 %', width: 412, height: 823, textSize: 32 },
  { name: 'right to left', width: 320, height: 640, colorScheme: 'dark', direction: 'rtl' },
];

/** The family that most phones show, which the browser uses by itself. */
export const FIRST_FAMILY = 'Roboto';

/** The other family, in the widths of phones. Its letters are wider than Roboto's. */
export const SECOND_FAMILY = [[320, 640], [412, 823]].map(([width, height]) => ({
  name: `Noto Sans, ${width} px`, width, height, style: 'html { font-family: "Noto Sans", "Noto Sans Arabic" !important }',
}));

const BROWSER_TEXT = { standard: 16, fixed: 13 };
const LONGEST_CHANGE_MS = 1000;

/** What is wrong with a page in any of the ways, one line each. The page is left as it was. */
export async function inEveryWay(page, ways = WAYS) {
  const problems = [];
  const cdp = await page.context().newCDPSession(page);
  const before = page.viewportSize();
  const language = await page.evaluate(() => document.documentElement.dir);
  for (const way of ways) {
    await show(page, way, cdp);
    const complain = (lines) => problems.push(...lines.map((line) => `${way.name}: ${line}`));
    const over = await sideways(page);
    if (over > 0) complain([`scrolls sideways by ${over} px`]);
    complain(await page.evaluate(cutOff));
    const { violations, undecided } = await axe(page, { layoutOnly: !way.whole });
    complain(violations);
    complain(undecided.map((line) => `undecided ${line}`));
    await restore(page, way, cdp, language);
  }
  if (before) await page.setViewportSize(before);
  await cdp.detach();
  return problems;
}

/** What is wrong with a page in the second family: pushed sideways, words cut off, a target too small or covered. */
export async function inSecondFamily(page) {
  const problems = [];
  const cdp = await page.context().newCDPSession(page);
  const before = page.viewportSize();
  for (const way of SECOND_FAMILY) {
    await show(page, way, cdp);
    const over = await sideways(page);
    const lines = [...await page.evaluate(cutOff), ...await page.evaluate(ownChecks)];
    if (over > 0) lines.push(`scrolls sideways by ${over} px`);
    problems.push(...lines.map((line) => `${way.name}: ${line}`));
    await restore(page, way, cdp, await page.evaluate(() => document.documentElement.dir));
  }
  if (before) await page.setViewportSize(before);
  await cdp.detach();
  return problems;
}

/**
 * Shows a page in a way, and waits until every colour has changed. What is folded away never changes; what a busy machine
 * has not changed by then is taken to its end, so that no colour is measured on its way.
 */
export async function show(page, way, cdp) {
  await page.emulateMedia({
    colorScheme: way.colorScheme ?? 'light', forcedColors: way.forcedColors ?? 'none', reducedMotion: way.reducedMotion ?? 'no-preference',
  });
  await page.setViewportSize({ width: way.width, height: way.height });
  if (way.scale) {
    await cdp.send('Emulation.setDeviceMetricsOverride', { width: way.width, height: way.height, deviceScaleFactor: way.scale, mobile: false });
  }
  if (way.textSize) {
    await cdp.send('Page.setFontSizes', { fontSizes: { standard: way.textSize, fixed: way.textSize } });
  }
  await page.evaluate(([style, direction, patience]) => {
    if (style) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      document.adoptedStyleSheets = [sheet];
    }
    if (direction) document.documentElement.dir = direction;
    return Promise.race([
      Promise.allSettled(document.getAnimations().map((animation) => animation.finished)),
      new Promise((resolve) => { setTimeout(resolve, patience); }),
    ]).then(() => {
      for (const animation of document.getAnimations()) {
        // One that never ends has no end to be taken to.
        if (Number.isFinite(animation.effect.getComputedTiming().endTime)) animation.finish();
      }
    });
  }, [way.style, way.direction, LONGEST_CHANGE_MS]);
}

/** Shows a page as it was before a way. `language` is the direction of its language. */
export async function restore(page, way, cdp, language) {
  if (way.scale) await cdp.send('Emulation.clearDeviceMetricsOverride');
  if (way.textSize) await cdp.send('Page.setFontSizes', { fontSizes: BROWSER_TEXT });
  if (way.style || way.direction) {
    await page.evaluate((dir) => {
      document.adoptedStyleSheets = [];
      document.documentElement.dir = dir;
    }, language);
  }
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', reducedMotion: 'no-preference' });
}
