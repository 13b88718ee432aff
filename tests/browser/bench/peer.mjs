// The peer of the paint benchmark: the words of one of our pages in a minimal GOV.UK Frontend page, served from the npm
// package as its guide says (style, script module, two fonts, an icon), compressed ahead as brotli.

import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const FOLDER = path.join(path.dirname(createRequire(import.meta.url).resolve('govuk-frontend/package.json')), 'dist/govuk');
const TYPES = { css: 'text/css', js: 'text/javascript', woff2: 'font/woff2', svg: 'image/svg+xml', ico: 'image/x-icon', png: 'image/png', json: 'application/json' };
const SMALL = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
const CLASSES = { h1: 'govuk-heading-xl', h2: 'govuk-heading-l', h3: 'govuk-heading-m', p: 'govuk-body' };

/** Starts it on a free port. `words`: the parts of a page in order, as `[tag, text]` with `li` for a line of a list. */
export function startPeer(title, words) {
  const page = html(title, words);
  const files = new Map([['/', { type: 'text/html; charset=utf-8', body: brotliCompressSync(page, SMALL), encoding: 'br' }]]);
  const file = (address) => {
    if (files.has(address)) return files.get(address);
    const name = address.replace(/^\/assets\//, 'assets/').replace(/^\//, '');
    const whole = path.join(FOLDER, path.normalize(name));
    if (!whole.startsWith(FOLDER)) return null;
    try {
      const bytes = readFileSync(whole);
      const kind = path.extname(whole).slice(1);
      const packed = ['css', 'js', 'svg', 'json'].includes(kind);
      const found = { type: TYPES[kind] ?? 'application/octet-stream', body: packed ? brotliCompressSync(bytes, SMALL) : bytes, encoding: packed ? 'br' : null };
      files.set(address, found);
      return found;
    } catch {
      return null;
    }
  };
  const server = createServer((request, response) => {
    const found = file(request.url.split('?')[0]);
    if (!found) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': found.type, 'content-length': found.body.length, ...(found.encoding && { 'content-encoding': found.encoding }) });
    return response.end(found.body);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({
      origin: `http://127.0.0.1:${server.address().port}`,
      stop: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
    }));
  });
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function html(title, words) {
  let body = '';
  let inList = false;
  for (const [tag, text] of words) {
    if (inList !== (tag === 'li')) body += inList ? '</ul>' : (tag === 'li' ? '<ul class="govuk-list govuk-list--bullet">' : '');
    inList = tag === 'li';
    body += tag === 'li' ? `<li>${escape(text)}</li>` : `<${tag} class="${CLASSES[tag]}">${escape(text)}</${tag}>`;
  }
  if (inList) body += '</ul>';
  return `<!doctype html><html lang="en" class="govuk-template"><head><meta charset="utf-8"><title>${escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><link rel="icon" sizes="any" href="/assets/images/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/govuk-frontend.min.css"></head><body class="govuk-template__body">
<script>document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '');</script>
<a href="#main-content" class="govuk-skip-link" data-module="govuk-skip-link">Skip to main content</a>
<div class="govuk-width-container"><main class="govuk-main-wrapper" id="main-content">${body}</main></div>
<footer class="govuk-footer"><div class="govuk-width-container">Footer</div></footer>
<script type="module">import { initAll } from '/govuk-frontend.min.js'; initAll();</script></body></html>`;
}
