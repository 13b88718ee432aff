// What a screen reader says on a page, from its first word to its last: a simulated reader, which goes by the same rules
// (names, roles and states) as real ones. It does not replace a try with a real one.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const FILE = createRequire(import.meta.url).resolve('@guidepup/virtual-screen-reader/browser.js');
// The package has it as a module only, which cannot be put into a page as text.
const SOURCE = readFileSync(FILE, 'utf8').replace(/export\{[\w$]+ as Virtual,([\w$]+) as virtual\};/, 'globalThis.pledgeReader=$1;');
if (!SOURCE.includes('globalThis.pledgeReader')) throw new Error('The simulated screen reader is packed in another way now.');

const MOST_STOPS = 4000;
const MONTHS = 'January|February|March|April|May|June|July|August|September|October|November|December';

/**
 * What is said of a part of the page, one line each, indented by what it stands in. This reader reads what is folded away
 * as if it were open. The page's context must bypass the Content-Security-Policy.
 */
export async function spoken(page, part = 'main') {
  if (!(await page.evaluate(() => 'pledgeReader' in globalThis))) await page.evaluate(`(() => {${SOURCE}\n})()`);
  const phrases = await page.evaluate(async ([selector, most]) => {
    const reader = globalThis.pledgeReader;
    const container = document.querySelector(selector);
    await reader.start({ container });
    const first = await reader.lastSpokenPhrase();
    for (let stops = 0; await reader.lastSpokenPhrase() !== `end of ${first}`; stops += 1) {
      if (stops > most) throw new Error(`The reader never comes to the end of ${selector}.`);
      await reader.next();
    }
    const said = await reader.spokenPhraseLog();
    await reader.stop();
    return said;
  }, [part, MOST_STOPS]);
  return layOut(phrases.map(steady));
}

/** The same on every day and in every run: days, months, times and counts are masked. */
function steady(phrase) {
  return phrase
    .replace(new RegExp(`\\b\\d{1,2} (${MONTHS}) \\d{4}`, 'g'), '[day]')
    .replace(new RegExp(`\\b(${MONTHS}) \\d{4}`, 'g'), '[month]')
    .replace(/\b\d{1,2}:\d{2}\b/g, '[time]')
    .replace(/\b\d+ days?\b/g, '[days]')
    .replace(/\b\d+ (KB|pages)\b/g, '[number] $1')
    .replace(/\s+/g, ' ');
}

// Indents instead of "end of …", puts a paragraph of one phrase on one line, and says "2 of 6" for a place in a list.
function layOut(phrases) {
  const opens = opening(phrases);
  const lines = [];
  const open = [];
  for (const [at, phrase] of phrases.entries()) {
    if (open.length && phrase === `end of ${open.at(-1).phrase}`) {
      const { line } = open.pop();
      const [outer, inner] = lines.slice(line);
      if (lines.length === line + 2 && /^ *(paragraph|strong|listitem \d+ of \d+)$/.test(outer)) lines.splice(line, 2, `${outer}: ${inner.trim()}`);
      continue;
    }
    const words = phrase.replace(/^listitem, level 1, position (\d+), set size (\d+)/, 'listitem $1 of $2');
    lines.push('  '.repeat(open.length) + words);
    if (opens.has(at)) open.push({ phrase, line: lines.length - 1 });
  }
  return `${lines.join('\n')}\n`;
}

// Which phrases open something: from the end on, each "end of …" belongs to the nearest such phrase before it.
function opening(phrases) {
  const found = new Set();
  const ends = [];
  for (let at = phrases.length - 1; at >= 0; at -= 1) {
    if (phrases[at].startsWith('end of ')) ends.push(phrases[at].slice('end of '.length));
    else if (phrases[at] === ends.at(-1)) {
      ends.pop();
      found.add(at);
    }
  }
  return found;
}
