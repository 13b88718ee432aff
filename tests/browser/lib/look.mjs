// Everything that must hold for a page as somebody finds it, whatever page it is. The page's context must bypass the
// Content-Security-Policy, so that axe can be put into it.

import { ownChecks } from './own.mjs';
import { walk } from './walk.mjs';
import { inEveryWay, inSecondFamily, show, WAYS } from './ways.mjs';

const HAND = { width: 412, height: 823 };

/**
 * What is wrong with a page, one line each: axe in every way, our own checks, a walk with the Tab key, and the page in
 * the second family of letters.
 */
export async function look(page, ways = WAYS) {
  const before = page.viewportSize();
  await show(page, HAND);
  const problems = [...await page.evaluate(ownChecks), ...await walk(page), ...await inEveryWay(page, ways), ...await inSecondFamily(page)];
  if (before) await page.setViewportSize(before);
  return problems;
}
