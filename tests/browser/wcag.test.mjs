// `docs/wcag22.csv` is whole: each of the 55 criteria of level A and AA and the four of AAA that Pledge promises, with a state
// and with evidence that is there. No browser is needed.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { test } from './lib/story.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (file) => (existsSync(path.join(ROOT, file)) ? readFileSync(path.join(ROOT, file), 'utf8') : null);

const A = `1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 2.4.4
  2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2`.split(/\s+/);
const AA = `1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11 2.5.7 2.5.8
  3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3`.split(/\s+/);
const PROMISED = ['2.5.5', '1.4.6', '2.4.13', '3.1.5'];
const WANTED = new Map([...A.map((id) => [id, 'A']), ...AA.map((id) => [id, 'AA']), ...PROMISED.map((id) => [id, 'AAA'])]);
const STATES = ['met', 'partly', 'not applicable'];

// One line of the table; a cell with a comma stands between quotation marks, and one inside them is doubled.
function cells(line) {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
}

/** What is wrong with a table, one line each. `text` gives a file of the repository, or null. */
function wrong(table, text) {
  const [head, ...lines] = table.trim().split('\n').map(cells);
  const faults = [];
  if (head.join() !== 'criterion,name,level,state,evidence,note') faults.push(`the head is ${head.join()}`);
  const seen = new Set();
  for (const line of lines) {
    const [id, name, level, state, evidence, note] = line;
    if (line.length !== 6) { faults.push(`${id}: ${line.length} cells`); continue; }
    if (seen.has(id)) faults.push(`${id}: twice`);
    seen.add(id);
    if (WANTED.get(id) !== level) faults.push(`${id}: level ${level}`);
    if (!name) faults.push(`${id}: no name`);
    if (!STATES.includes(state)) faults.push(`${id}: ${state} is no state`);
    if (state !== 'met' && !note) faults.push(`${id}: ${state}, and no word why`);
    const named = evidence.split(' | ').filter(Boolean);
    if (named.length === 0) faults.push(`${id}: no evidence`);
    for (const one of named) if (!isThere(one, text)) faults.push(`${id}: there is no ${one}`);
  }
  for (const id of WANTED.keys()) if (!seen.has(id)) faults.push(`${id}: missing`);
  return faults;
}

// `file`, `file.rs::test`, `file.mjs::test`, or `file.md::Heading` of a part that carries its day.
function isThere(one, text) {
  const [file, name] = one.split('::');
  const found = text(file);
  if (found === null) return false;
  if (name === undefined) return true;
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (file.endsWith('.rs')) return new RegExp(`#\\[(tokio::)?test[^\\n]*\\n\\s*(async )?fn ${escaped}\\(`).test(found);
  if (file.endsWith('.md')) return new RegExp(`^## ${escaped} \\(20\\d\\d-\\d\\d-\\d\\d\\)$`, 'm').test(found);
  if ([...found.matchAll(/\b(?:test|then)\((['"`])(.+?)\1/g)].some(([, , said]) => matches(said, name))) return true;
  // A planted fault gets its name from the list of faults.
  return name.startsWith('found: ') && found.includes('test(`found: ${name}`') && found.includes(`\n  ['${name.slice('found: '.length)}', `);
}

// In a name between backticks `${…}` stands for anything.
function matches(said, name) {
  const [before, ...rest] = said.split(/\$\{[^}]+\}/);
  if (rest.length === 0) return said === name;
  return name.startsWith(before) && name.endsWith(rest.at(-1)) && `${before}${rest.at(-1)}`.length > 8;
}

test('every criterion has a row, a state and evidence that exists', () => {
  assert.equal(A.length, 31);
  assert.equal(AA.length, 24);
  const table = read('docs/wcag22.csv');
  assert.deepEqual(wrong(table, read), []);
  const states = table.trim().split('\n').slice(1).map((line) => cells(line)[3]);
  console.log(`WCAG 2.2: ${STATES.map((state) => `${states.filter((one) => one === state).length} ${state}`).join(', ')}`);
});

test('a made-up table is reported', () => {
  const table = read('docs/wcag22.csv');
  const planted = (from, to) => {
    assert.ok(table.includes(from), from);
    return wrong(table.replace(from, to), read).join('\n');
  };
  assert.match(planted('1.1.1,', '1.1.9,'), /1\.1\.1: missing/);
  assert.match(planted('2.1.1,Keyboard,A,met', '2.1.1,Keyboard,A,done'), /done is no state/);
  assert.match(planted('2.1.1,Keyboard,A', '2.1.1,Keyboard,AA'), /2\.1\.1: level AA/);
  assert.match(planted('2.1.2,', '2.1.1,'), /2\.1\.1: twice/);
  assert.match(planted('a keyboard trap', 'a keyboard tarp'), /there is no .*tarp/);
  assert.match(planted('::No sense alone', '::No sense'), /there is no docs\/wcag-by-hand\.md::No sense$/m);
  assert.match(planted('::text_can_be_read_on_every_ground', '::text_can_be_read'), /there is no .*::text_can_be_read$/m);
  const bare = wrong(table, (file) => (file.endsWith('by-hand.md') ? '## No sense alone\n' : read(file))).join('\n');
  assert.match(bare, /1\.3\.3: there is no/, 'a part without a day does not count');
});
