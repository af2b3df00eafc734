/**
 * Serves the built desk over the fake site, with the Content-Security-Policy of production: `npm run fake` (after a build).
 * PORT is honoured; it listens on the loopback address only.
 */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { createServer as createVite } from 'vite';

const CSP = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const BASE = '/assets/frappe/desk/';
const built = new URL('../../frappe/public/desk/', import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(built, '.vite/manifest.json'), 'utf8'));

/** The tags for an entry and what it imports, as the server's shell writes them. */
function tagsFor(keys) {
  const seen = new Set();
  const styles = new Set();
  const visit = (key) => {
    if (seen.has(key) || !manifest[key]) return;
    seen.add(key);
    manifest[key].imports?.forEach(visit);
    manifest[key].css?.forEach((file) => styles.add(file));
  };
  keys.forEach(visit);
  const preloads = [...seen].filter((key) => key !== keys[0]).map((key) => `<link rel="modulepreload" href="${BASE}${manifest[key].file}">`);
  return [...[...styles].map((file) => `<link rel="stylesheet" href="${BASE}${file}">`), ...preloads, `<script type="module" src="${BASE}${manifest[keys[0]].file}"></script>`].join('');
}

const vite = await createVite({ configFile: new URL('../vite.config.ts', import.meta.url).pathname, server: { middlewareMode: true, hmr: false, ws: false }, appType: 'custom', logLevel: 'error' });
const { FakeSite } = await vite.ssrLoadModule('/tests/fake/site.ts');
const { fakeHandler } = await vite.ssrLoadModule('/dev/plugin.ts');
const site = new FakeSite();
if (process.env.FAKE_LANG) site.lang = process.env.FAKE_LANG;
if (process.env.FAKE_GUEST) site.user = 'Guest';

const assets = (path, response) => {
  const file = path.startsWith(BASE) ? join(built, path.slice(BASE.length)) : null;
  if (!file || !file.startsWith(built) || !existsSync(file)) return false;
  response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Cache-Control': 'public, max-age=31536000, immutable' });
  createReadStream(file).pipe(response);
  return true;
};

const handle = fakeHandler(site, tagsFor(['src/main.ts', 'src/app/start.ts', 'src/locales/zh.ts']), assets);
createServer((request, response) => {
  response.setHeader('Content-Security-Policy', CSP);
  void handle(request, response, () => response.writeHead(404).end('not found'));
}).listen(Number(process.env.PORT ?? 18301), '127.0.0.1', () => console.log(`http://127.0.0.1:${process.env.PORT ?? 18301}/app`));
