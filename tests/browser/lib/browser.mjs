// The browser under test, and contexts as a phone or a desk has them.

import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

// Without these Chromium asks its maker for updates and words at every start. The last one makes sure that no test can
// reach another host, whatever a page does.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

// The only fonts the browser knows, so that what is measured does not depend on the machine.
const FONTS = fileURLToPath(new URL('../fonts/phones.conf', import.meta.url));

/** A phone as a young person holds it. */
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** Starts the browser. It keeps pages for the Back button as a phone does, which the driver switches off by itself. */
export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || process.env.PLEDGE_CHROMIUM || '/usr/bin/chromium',
    args: FLAGS,
    env: { ...process.env, FONTCONFIG_FILE: FONTS },
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
}

/** A browser of its own for one person: nothing shared with anybody else. */
export async function newContext(browser, server, options = {}) {
  const context = await browser.newContext({ baseURL: server.origin, ...options });
  context.setDefaultTimeout(20_000);
  context.setDefaultNavigationTimeout(30_000);
  return context;
}
