// The search box, and what stands under it.

import { readFileSync } from 'node:fs';

/** Waits until the island watches the box. */
export const awake = (page) => page.locator('#q[aria-describedby]').waitFor();

/** Every phrase that the search is measured with. */
export const PHRASES = ['phrases', 'fresh', 'unseen'].flatMap((name) => {
  const file = readFileSync(new URL(`../../data/search_${name}.toml`, import.meta.url), 'utf8');
  return [...file.matchAll(/^typed\s*=\s*("(?:[^"\\]|\\.)*")\s*$/gm)].map(([, typed]) => JSON.parse(typed));
});

/** What the server answers: the list as it is written, and whether the lines for danger are there. */
export async function answerOf(site, typed, address = '/search') {
  const answer = await fetch(site.origin + address, { method: 'POST', body: new URLSearchParams({ q: typed }) });
  const html = await answer.text();
  return { list: /<ol class="links found">.*?<\/ol>/s.exec(html)?.[0] ?? '', urgent: html.includes('id="urgent-title"') };
}

/** What the island shows, in the same form. */
export const shown = (page) => page.locator('#search-results').evaluate((results) => ({
  list: results.querySelector('ol.found')?.outerHTML ?? '',
  urgent: results.querySelector('#urgent-title') !== null,
}));
