// Pictures of every page, to be looked at: `node shots.mjs [address …]`, with PLEDGE_BIN set or a binary built.
//
// Writes `out/pages/<page>-<width>-<light|dark>.jpg` for each public page and for the desk's, and one sheet of all of them
// for each width and colour. `states.test.mjs` takes pictures of every state of every form.

import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { newContext, startBrowser } from './lib/browser.mjs';
import * as desk from './lib/desk.mjs';
import { startServer } from './lib/server.mjs';
import { show } from './lib/ways.mjs';

const OUT = fileURLToPath(new URL('out/pages/', import.meta.url));
const SIZES = [[320, 640], [412, 823], [1280, 900]];
const COLOURS = ['light', 'dark'];
const DESK = [
  ['sample-speakerbox', ['/desk', '/desk/queue', '/desk/queue?show=all', '/desk/sessions', '/desk/second-factor']],
  ['sample-coordinator', ['/desk', '/desk/audit', '/desk/progress', '/desk/usage', '/desk/keys']],
  ['sample-safety', ['/desk/safety']],
  ['sample-committee', ['/desk/meetings']],
  ['sample-clerk', ['/desk', '/desk/meetings', '/desk/progress']],
  ['sample-admin', ['/desk', '/desk/password', '/desk/accounts', '/desk/audit', '/desk/components']],
];

const [server, browser] = await Promise.all([startServer(), startBrowser()]);
mkdirSync(OUT, { recursive: true });
const wanted = process.argv.slice(2);
const taken = new Map();

async function take(page, address, name) {
  await page.goto(address);
  for (const [width, height] of SIZES) {
    for (const colorScheme of COLOURS) {
      await show(page, { width, height, colorScheme });
      const file = path.join(OUT, `${name}-${width}-${colorScheme}.jpg`);
      await page.screenshot({ path: file, fullPage: true, type: 'jpeg', quality: 85 });
      const sheet = `${width}-${colorScheme}`;
      taken.set(sheet, [...taken.get(sheet) ?? [], { name, file }]);
    }
  }
}

const file = (address) => address.replace(/^\//, '').replace(/\W+/g, '-') || 'home';

const sitemap = await (await fetch(`${server.origin}/sitemap.xml`)).text();
const addresses = [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => address);
const context = await newContext(browser, server, { bypassCSP: true });
const page = await context.newPage();
for (const address of [...addresses, '/nothing-here']) {
  if (wanted.length === 0 || wanted.includes(address)) await take(page, address, file(address));
}
for (const [name, pages] of DESK) {
  const chosen = pages.filter((address) => wanted.length === 0 || wanted.includes(address));
  if (chosen.length === 0 || !server.passwords[name]) continue;
  const person = await desk.signIn(browser, server, name, { bypassCSP: true });
  for (const address of chosen) await take(person.page, address, `${name.replace('sample-', '')}-${file(address)}`);
  await person.context.close();
}

// One sheet a size and colour, each page cut at a few screens.
const board = await browser.newPage({ viewport: { width: 1800, height: 1000 } });
for (const [sheet, shots] of taken) {
  const figures = shots.map(({ name, file: shot }) => `<figure><figcaption>${name}</figcaption><img src="data:image/jpeg;base64,${readFileSync(shot).toString('base64')}"></figure>`);
  await board.setContent(`<style>body{display:flex;flex-wrap:wrap;gap:8px;font:12px sans-serif}figure{margin:0;inline-size:210px;block-size:560px;overflow:hidden}img{inline-size:100%}</style>${figures.join('')}`);
  await board.screenshot({ path: path.join(OUT, `sheet-${sheet}.png`), fullPage: true });
}
console.log(`${[...taken.values()].flat().length} pictures and ${taken.size} sheets in ${OUT}`);
await browser.close();
await server.stop();
