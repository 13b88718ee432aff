// Runs axe on a page. Its source is put into the page, so the page's context must bypass the Content-Security-Policy.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
// The AAA contrast is the AA contrast with larger figures. axe runs both and leaves to each what the other reports; here the
// AAA rule reports whatever is under its own figures, and a line is named after the AA rule if it is under those too.
const [CONTRAST, CONTRAST_AAA] = ['color-contrast', 'color-contrast-enhanced'];
const LEAST_AA = { '7:1': 4.5, '4.5:1': 3 };
const AAA_ALONE = {
  checks: [{
    id: CONTRAST_AAA,
    // axe's own options, without the least figures.
    options: {
      ignoreUnicode: true, ignoreLength: false, ignorePseudo: false, boldValue: 700, boldTextPt: 14, largeTextPt: 18,
      contrastRatio: { normal: { expected: 7 }, large: { expected: 4.5 } },
      pseudoSizeThreshold: 0.25, shadowOutlineEmMax: 0.1, textStrokeEmMin: 0.03,
    },
  }],
};
// Rules that the tags leave out: the AAA contrast, and rules that axe still calls experimental.
const ALSO = [CONTRAST_AAA, 'label-content-name-mismatch', 'css-orientation-lock',
  'table-fake-caption', 'td-has-header', 'focus-order-semantics'];

// The rules that depend on colours, sizes and positions. Every other rule reads the elements and which of them are shown.
const OF_LAYOUT = [CONTRAST_AAA, 'link-in-text-block', 'scrollable-region-focusable', 'target-size'];

// What axe cannot decide by itself, and why each such line is known to be right.
const EXPLAINED = JSON.parse(readFileSync(new URL('../undecided.json', import.meta.url), 'utf8'));

/**
 * What axe finds, one line for each element, and what it could not decide and nobody has explained. With `layoutOnly`
 * only the rules that depend on colours, sizes and positions are asked.
 */
export async function axe(page, { layoutOnly = false } = {}) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) {
    await page.evaluate(SOURCE);
    await page.evaluate((checks) => globalThis.axe.configure(checks), AAA_ALONE);
  }
  const { violations, incomplete } = await page.evaluate(async ([tags, also, only, contrast]) => {
    const found = await globalThis.axe.run(document, {
      ...(only ? { runOnly: { type: 'rule', values: only } } : {
        runOnly: { type: 'tag', values: tags },
        rules: { ...Object.fromEntries(also.map((rule) => [rule, { enabled: true }])), [contrast]: { enabled: false } },
      }),
      resultTypes: ['violations', 'incomplete'],
    });
    // Whole results are large; only these words are needed.
    const slim = (results) => results.map(({ id, help, nodes }) => ({
      id, help, nodes: nodes.map(({ target, any, all, none }) => ({
        target, why: [...any, ...all, ...none].map(({ message }) => message).join('; '),
        contrast: any[0]?.data?.contrastRatio, asked: any[0]?.data?.expectedContrastRatio,
      })),
    }));
    return { violations: slim(found.violations), incomplete: slim(found.incomplete) };
  }, [TAGS, ALSO, layoutOnly ? OF_LAYOUT : null, CONTRAST]);
  const named = (rule, { contrast, asked }) => (rule === CONTRAST_AAA && contrast < LEAST_AA[asked] ? CONTRAST : rule);
  const lines = (results) => results.flatMap((rule) => rule.nodes.map((node) => `${named(rule.id, node)}: ${node.target.join(' ')} (${rule.help}: ${node.why})`));
  return { violations: lines(violations), undecided: lines(incomplete).filter((line) => !isExplained(line)) };
}

/** Whether `undecided.json` says why this line is right. */
export function isExplained(line) {
  return EXPLAINED.some(({ rule, element, message }) => line.startsWith(`${rule}: `) && line.includes(element) && line.includes(message));
}
