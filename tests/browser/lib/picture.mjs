// Pictures of pages, to be looked at by people. No test reads them, so they are taken only when PLEDGE_PICTURES is set:
// with them the browser tests take minutes longer.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const OUT = fileURLToPath(new URL('../out/', import.meta.url));

/** Leaves `out/<name>.jpg`, a picture of the whole page as it is, if pictures are wanted. */
export async function takePicture(page, name) {
  if (!process.env.PLEDGE_PICTURES) return;
  mkdirSync(OUT, { recursive: true });
  await page.screenshot({ path: path.join(OUT, `${name}.jpg`), fullPage: true, type: 'jpeg', quality: 80, caret: 'initial' });
}

const SIZES = [[320, 640], [412, 823], [1280, 900]];

/** The same at the three widths, `out/<name>-<width>.jpg`. */
export async function takePictures(page, name) {
  if (!process.env.PLEDGE_PICTURES) return;
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await takePicture(page, `${name}-${width}`);
  }
}
