// Runs axe on a page. Its source is put into the page, so the page's context must bypass the Content-Security-Policy.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds, one line for each element, and how many it could not decide. */
export async function axe(page) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(SOURCE);
  const { violations, incomplete } = await page.evaluate((tags) => globalThis.axe.run(document, {
    runOnly: { type: 'tag', values: tags },
    resultTypes: ['violations', 'incomplete'],
  }), TAGS);
  const lines = (results) => results.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')} (${rule.help})`));
  return { violations: lines(violations), undecided: lines(incomplete) };
}

/** How a page is shown: the narrowest phone and a desk, in light and dark. */
export const MODES = [
  { width: 320, height: 640, colorScheme: 'light' },
  { width: 320, height: 640, colorScheme: 'dark' },
  { width: 1280, height: 900, colorScheme: 'dark' },
  { width: 1280, height: 900, colorScheme: 'light' },
];

/** Shows a page in one of these ways, and waits until every colour has changed. What is folded away never changes. */
export async function show(page, { width, height, colorScheme }) {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height });
  await page.evaluate(() => Promise.race([
    Promise.allSettled(document.getAnimations().map((animation) => animation.finished)),
    new Promise((resolve) => { setTimeout(resolve, 1000); }),
  ]));
}
