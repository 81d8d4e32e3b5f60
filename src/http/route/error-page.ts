/** `GET /docs/error/{code}`: the page that a problem's `type` points to. */
import { Hono } from 'hono';
import { html } from 'hono/html';
import { ERROR_TABLE, type ErrorCode } from '../../error.ts';
import type { AppEnv } from '../context.ts';
import { ERROR_PAGES } from '../error-page.ts';

const STYLE =
  'body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#1d2430;background:#fff}code{background:#eef1f5;padding:.1em .3em;border-radius:4px}h1{font-size:1.5rem}a{color:#0b5fff}@media(prefers-color-scheme:dark){body{color:#e6e9ef;background:#12151b}code{background:#232936}a{color:#7aa7ff}}';

export function errorPageRoute(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/', (c) =>
      c.html(
        page(
          'Errors',
          html`<h1>Errors</h1>
            <ul>
              ${codes().map(
                (code) =>
                  html`<li>
                    <a href="/docs/error/${code}"><code>${code}</code></a> (${ERROR_TABLE[code].status}): ${ERROR_TABLE[code].title}
                  </li>`,
              )}
            </ul>`,
        ),
      ),
    )
    .get('/:code', (c) => {
      const code = codes().find((candidate) => candidate === c.req.param('code'));
      if (code === undefined) return c.notFound();
      const { status, title, retryable } = ERROR_TABLE[code];
      const { meaning, remedies } = ERROR_PAGES[code];
      const body = html`<p><a href="/docs/error">All errors</a></p>
        <h1><code>${code}</code></h1>
        <p><strong>${title}.</strong> HTTP status ${status}; ${retryable ? 'the same request may succeed later' : 'the same request will fail again'}.</p>
        <p>${meaning}</p>
        <h2>What to do</h2>
        <ul>
          ${remedies.map((remedy) => html`<li>${remedy}</li>`)}
        </ul>`;
      return c.html(page(code, body));
    });
}

function codes(): readonly ErrorCode[] {
  return Object.keys(ERROR_TABLE) as ErrorCode[];
}

function page(title: string, body: unknown) {
  return html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" /><meta name="viewport" content="width=device-width" /><title>${title} · Vignette</title
      ><style>
        ${STYLE}
      </style>
      <body>
        ${body}
      </body>
    </html>`;
}
