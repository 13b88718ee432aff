// The entitlement rules in the browser, alone: a blank page with the WASM that is built for tests.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { binary } from './server.mjs';

const FOLDER = process.env.PLEDGE_CHECK_WASM ?? fileURLToPath(new URL('../../../target/check-wasm', import.meta.url));
const ORIGIN = 'http://127.0.0.1:9';

/** Opens a page that has `check(text, today)` and `random_answers(seed, count)`. Nothing listens at its address. */
export async function rulesPage(browser) {
  if (!existsSync(path.join(FOLDER, 'check_wasm.js'))) throw new Error(`There are no rules at ${FOLDER}. Run cargo xtask test.`);
  const page = await browser.newPage();
  await page.route(`${ORIGIN}/**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '') return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Rules</title>' });
    const contentType = name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
    return route.fulfill({ contentType, body: readFileSync(path.join(FOLDER, name)) });
  });
  await page.goto(`${ORIGIN}/`);
  await page.evaluate(async () => {
    const rules = await import('/check_wasm.js');
    await rules.default();
    globalThis.rules = rules;
  });
  return page;
}

/** What `pledge check` prints for this text; with the seconds it took. */
export function pledgeCheck(text) {
  const begun = performance.now();
  const child = spawn(binary(), ['check'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (part) => { stdout += part; });
  child.stderr.setEncoding('utf8').on('data', (part) => { stderr += part; });
  child.stdin.end(text);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr, seconds: (performance.now() - begun) / 1000 }));
  });
}
