// Draws public/app-icon-192.png and -512.png from public/app-icon.svg: `node tools/icons.mjs` in tests/browser.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startBrowser } from '../lib/browser.mjs';

const PUBLIC = new URL('../../../public/', import.meta.url);
const svg = readFileSync(new URL('app-icon.svg', PUBLIC), 'utf8');

const browser = await startBrowser();
for (const size of [192, 512]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<!doctype html><style>body { margin: 0 } svg { display: block }</style>${svg}`);
  await page.screenshot({ path: fileURLToPath(new URL(`app-icon-${size}.png`, PUBLIC)) });
  await page.close();
}
await browser.close();
