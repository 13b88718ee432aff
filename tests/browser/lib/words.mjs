// The interface's words, read from the same files as the pages, so that a change of words changes no test.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const CONTENT = fileURLToPath(new URL('../../../content/southwark/', import.meta.url));

const table = read('en');

function read(language) {
  const folder = path.join(CONTENT, language, 'interface');
  const words = new Map();
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.toml')).sort()) {
    parse(readFileSync(path.join(folder, name), 'utf8'), words);
  }
  return words;
}

// Only what these files hold: `[table]` and `key = "value"`, where the value is written as in JSON.
export function parse(text, into = new Map()) {
  let prefix = '';
  for (const line of text.split('\n')) {
    const heading = /^\s*\[([^\]]+)\]\s*$/.exec(line);
    if (heading) {
      prefix = `${heading[1]}.`;
      continue;
    }
    const entry = /^\s*([A-Za-z0-9_-]+)\s*=\s*("(?:[^"\\]|\\.)*")\s*$/.exec(line);
    if (entry) into.set(prefix + entry[1], JSON.parse(entry[2]));
  }
  return into;
}

/** The words of a key with `{name}` replaced by values. A key that is not there is a mistake in the test. */
export const t = wordsOf(table);

/** The same in another language. */
export const wordsIn = (language) => wordsOf(read(language));

function wordsOf(all) {
  return (key, values = {}) => {
    const words = all.get(key);
    if (words === undefined) throw new Error(`There are no words for ${key}.`);
    return Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), words);
  };
}

/** Whether there are words for a key. */
export const has = (key) => table.has(key);

/** The words of a key as a pattern in which every `{name}` stands for anything. */
export function pattern(key) {
  const escaped = t(key).replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[a-z]+\}/g, '(.+?)');
  return new RegExp(`^\\s*${escaped}\\s*$`);
}

/** Every id of a family of words, in the order of the file: `ids('topic')` gives `home`, `worker` and so on. */
export function ids(family) {
  const found = [...table.keys()].filter((key) => key.startsWith(`${family}.`)).map((key) => key.slice(family.length + 1));
  return [...new Set(found.map((rest) => rest.split('.')[0]))];
}

/** A day in words, as pages show it. */
export function day(date) {
  const [year, month, dayOfMonth] = date.split('-').map(Number);
  return t('date.format', { day: dayOfMonth, month: t(`month.${month}`), year });
}
