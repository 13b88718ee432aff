// Runs axe on a page. Its source is put into the page, so the page's context must bypass the Content-Security-Policy.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
// Rules that these tags leave out: the AAA contrast of 7:1, and rules that axe still calls experimental.
const ALSO = ['color-contrast-enhanced', 'label-content-name-mismatch', 'css-orientation-lock',
  'table-fake-caption', 'td-has-header', 'focus-order-semantics'];

// The rules that depend on colours, sizes and positions. Every other rule reads the elements and which of them are shown.
const OF_LAYOUT = ['color-contrast', 'color-contrast-enhanced', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'];

// What axe cannot decide by itself, and why each such line is known to be right.
const EXPLAINED = JSON.parse(readFileSync(new URL('../undecided.json', import.meta.url), 'utf8'));

/**
 * What axe finds, one line for each element, and what it could not decide and nobody has explained. With `layoutOnly`
 * only the rules that depend on colours, sizes and positions are asked.
 */
export async function axe(page, { layoutOnly = false } = {}) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(SOURCE);
  const { violations, incomplete } = await page.evaluate(async ([tags, also, only]) => {
    const found = await globalThis.axe.run(document, {
      ...(only ? { runOnly: { type: 'rule', values: only } } : {
        runOnly: { type: 'tag', values: tags },
        rules: Object.fromEntries(also.map((rule) => [rule, { enabled: true }])),
      }),
      resultTypes: ['violations', 'incomplete'],
    });
    // Whole results are large; only these words are needed.
    const slim = (results) => results.map(({ id, help, nodes }) => ({
      id, help, nodes: nodes.map(({ target, any, all, none }) => ({
        target, why: [...any, ...all, ...none].map(({ message }) => message).join('; '),
      })),
    }));
    return { violations: slim(found.violations), incomplete: slim(found.incomplete) };
  }, [TAGS, ALSO, layoutOnly ? OF_LAYOUT : null]);
  const lines = (results) => results.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')} (${rule.help}: ${node.why})`));
  return { violations: lines(violations), undecided: lines(incomplete).filter((line) => !isExplained(line)) };
}

/** Whether `undecided.json` says why this line is right. */
export function isExplained(line) {
  return EXPLAINED.some(({ rule, element, message }) => line.startsWith(`${rule}: `) && line.includes(element) && line.includes(message));
}
