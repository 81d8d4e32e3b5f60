/** HTML that the Worker writes itself, in the look of the static pages in `public/`. */
import { html } from 'hono/html';
import type { AppContext } from './context.ts';

/** As in `public/_headers`, for pages that have neither scripts nor pictures of their own. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

type Html = ReturnType<typeof html>;

/** A whole page around `body`; `current` is the address of the entry in its navigation that it belongs to. */
export async function pageResponse(c: AppContext, { title, body, current, status = 200 }: { title: string; body: Html; current?: string; status?: 200 | 404 }) {
  const link = (path: string, name: string) => html`<a href="${path}" ${path === current ? html`aria-current="page"` : ''}>${name}</a>`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Vignette</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/style/base.css" />
        <link rel="stylesheet" href="/style/page.css" />
      </head>
      <body>
        <a class="skip" href="#content">Skip to the text</a>
        <header class="masthead">
          <a class="wordmark" href="/">Vignette</a>
          <nav aria-label="Pages">${link('/', 'Playground')} ${link('/docs', 'Reference')} ${link('/docs/error', 'Errors')}</nav>
        </header>
        <main class="page" id="content">${body}</main>
      </body>
    </html>`;
  c.header('content-security-policy', CONTENT_SECURITY_POLICY);
  c.header('referrer-policy', 'no-referrer');
  return c.html(page, status);
}

/** Whether a person looks at the answer: a browser's own navigation asks for HTML by name, programs do not. */
export function isNavigation(c: AppContext): boolean {
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
  return isRead && !c.req.path.startsWith('/v1/') && /\btext\/html\b/i.test(c.req.header('accept') ?? '');
}

/** The 404 for a person, with the ways that lead on. */
export function notFoundPage(c: AppContext) {
  const body = html`<h1>Nothing is here</h1>
    <p>There is no page <code>${new URL(c.req.url).pathname.slice(0, 200)}</code> in this deployment.</p>
    <ul>
      <li><a href="/">Describe an image</a> in the playground.</li>
      <li>Look up a route in the <a href="/docs">reference</a>.</li>
      <li>Look up a code in the <a href="/docs/error">list of errors</a>.</li>
    </ul>`;
  return pageResponse(c, { title: 'Not found', body, status: 404 });
}
