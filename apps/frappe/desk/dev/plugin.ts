/**
 * Working on the desk: `npm run dev` answers from the fake site; with DESK_BACKEND=http://127.0.0.1:8000 from a real one.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import type { FakeSite } from '../tests/fake/site';

const PAGE = (boot: unknown, tags: string): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>EC ERP</title><link rel="icon" href="data:,">${tags}</head>
<body><div id="app"></div><script type="application/json" id="boot">${JSON.stringify(boot).replace(/</g, '\\u003c')}</script></body></html>`;

export async function readParameters(request: IncomingMessage, url: URL): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const isForm = (request.headers['content-type'] ?? '').includes('urlencoded');
  return Object.fromEntries([...url.searchParams, ...(isForm ? new URLSearchParams(Buffer.concat(chunks).toString()) : [])]);
}

/** Answers the fake site's calls and pages; `tags` are the script and style tags of the page. */
export function fakeHandler(site: FakeSite, tags: string, assets?: (path: string, response: ServerResponse) => boolean) {
  return async (request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/api/method/')) {
      const answer = site.handle(decodeURIComponent(url.pathname.slice('/api/method/'.length)), await readParameters(request, url));
      response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer.body));
      return;
    }
    if (assets?.(url.pathname, response)) return;
    if (!/^\/(app|desk|login)(\/|$)/.test(url.pathname)) return next();
    if (site.user === 'Guest' && !url.pathname.startsWith('/login')) {
      response.writeHead(302, { Location: `/login?redirect-to=${encodeURIComponent(url.pathname)}` }).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).end(PAGE(site.boot(), tags));
  };
}

async function realPage(backend: string, request: IncomingMessage, base: string): Promise<string> {
  const answer = await fetch(backend + (request.url ?? ''), { headers: { cookie: request.headers.cookie ?? '', accept: 'text/html' } });
  const boot = /id="boot">([\s\S]*?)<\/script>/.exec(await answer.text())?.[1] ?? '{}';
  return PAGE(JSON.parse(boot), devTags(base));
}

const devTags = (base: string): string => `<script type="module" src="${base}@vite/client"></script><script type="module" src="${base}src/main.ts"></script>`;

/** The Vite plugin of the development server. */
export function devSite(): Plugin {
  const backend = process.env.DESK_BACKEND;
  return {
    name: 'ec-desk-dev-site',
    apply: 'serve',
    config: () => (backend ? { server: { proxy: { '/api': backend, '/files': backend, '/private': backend, '^/assets/(?!frappe/desk/)': backend } } } : {}),
    configureServer(server) {
      const { base } = server.config;
      let fake: Promise<ReturnType<typeof fakeHandler>> | null = null;
      // Loaded through Vite, which knows the paths' alias, at the first call: before that Vite isn't ready.
      const load = async (): Promise<ReturnType<typeof fakeHandler>> => {
        const { FakeSite: Site } = (await server.ssrLoadModule('/tests/fake/site.ts')) as { FakeSite: typeof FakeSite };
        return fakeHandler(new Site(), devTags(base));
      };
      server.middlewares.use((request, response, next) => {
        if (!backend) return void (fake ??= load()).then((handle) => handle(request, response, next), next);
        if (!/^\/(app|desk|login)(\/|$|\?)/.test(request.url ?? '')) return next();
        void realPage(backend, request, base).then((page) => response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page), next);
      });
    },
  };
}
