// The search box, and what stands under it.

import { readFileSync } from 'node:fs';

/** Waits until the island watches the box. */
export const awake = (page) => page.locator('#q[aria-describedby]').waitFor();

/** Every phrase that the search is measured with. */
export const PHRASES = ['phrases', 'fresh', 'unseen'].flatMap((name) => {
  const file = readFileSync(new URL(`../../data/search_${name}.toml`, import.meta.url), 'utf8');
  return [...file.matchAll(/^typed\s*=\s*("(?:[^"\\]|\\.)*")\s*$/gm)].map(([, typed]) => JSON.parse(typed));
});

// A list without the marks that the renderer leaves between its rows.
const bare = (list = '') => list.replace(/<!(--.*?--)?>/g, '');

/** What the server answers: the list as it is written, and whether the lines for danger are there. */
export async function answerOf(site, typed, address = '/search') {
  const answer = await fetch(site.origin + address, { method: 'POST', body: new URLSearchParams({ q: typed }) });
  const html = await answer.text();
  return { list: bare(/<ol class="links found">.*?<\/ol>/s.exec(html)?.[0]), urgent: html.includes('id="urgent-title"') };
}

/** What a page shows, in the same form. */
export async function shown(page) {
  const { list, urgent } = await page.locator('main').evaluate((main) => ({
    list: main.querySelector('ol.found')?.outerHTML,
    urgent: main.querySelector('#urgent-title') !== null,
  }));
  return { list: bare(list), urgent };
}
