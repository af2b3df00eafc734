/**
 * The budget of the first screen: all JavaScript that a list needs, compressed, may not exceed 300 KiB. Also prints the sizes
 * of the other entry points. Run after a build: `npm run size`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const BUDGET_KIB = 300;
const built = new URL('../../frappe/public/desk/', import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(built, '.vite/manifest.json'), 'utf8'));

/** All files that come with the given manifest keys: theirs and those they import. */
function filesOf(keys) {
  const files = new Set();
  const seen = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (!chunk || seen.has(key)) return;
    seen.add(key);
    files.add(chunk.file);
    chunk.css?.forEach((file) => files.add(file));
    chunk.imports?.forEach(visit);
  };
  keys.forEach(visit);
  return [...files];
}

function kib(files, ending) {
  const wanted = files.filter((file) => file.endsWith(ending)).map((file) => readFileSync(join(built, file)));
  const total = (compress) => Math.round((wanted.reduce((sum, content) => sum + compress(content).length, 0) / 1024) * 10) / 10;
  return { raw: total((content) => content), gzip: total((content) => gzipSync(content, { level: 9 })), br: total((content) => brotliCompressSync(content)) };
}

const screens = {
  'login page': ['src/main.ts', 'src/app/LoginPage.vue', 'src/locales/zh.ts'],
  'first screen (list)': ['src/main.ts', 'src/app/start.ts', 'src/locales/zh.ts'],
  'form': ['src/main.ts', 'src/app/start.ts', 'src/locales/zh.ts', 'src/app/pages/FormPage.vue'],
  'form with scripts': ['src/main.ts', 'src/app/start.ts', 'src/locales/zh.ts', 'src/app/pages/FormPage.vue', 'src/app/scripting/index.ts'],
};

const rows = Object.entries(screens).map(([screen, keys]) => ({ screen, js: kib(filesOf(keys), '.js'), css: kib(filesOf(keys), '.css') }));
for (const { screen, js, css } of rows) console.log(`${screen.padEnd(22)} JS ${js.raw} KiB, gzip ${js.gzip}, br ${js.br}; CSS gzip ${css.gzip}`);

const first = rows.find(({ screen }) => screen.startsWith('first'));
const missing = Object.values(screens).flat().filter((key) => !manifest[key]);
if (missing.length) {
  console.error(`not in the manifest: ${missing.join(', ')}`);
  process.exit(1);
}
if (first.js.gzip > BUDGET_KIB) {
  console.error(`The first screen has ${first.js.gzip} KiB of JavaScript; ${BUDGET_KIB} are allowed.`);
  process.exit(1);
}
