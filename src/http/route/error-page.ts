/** `GET /docs/error/{code}`: the page that a problem's `type` points to. */
import { Hono } from 'hono';
import { html } from 'hono/html';
import { ERROR_TABLE, type ErrorCode } from '../../error.ts';
import type { AppEnv } from '../context.ts';
import { ERROR_PAGES } from '../error-page.ts';
import { pageResponse } from '../page.ts';

const LIST_PATH = '/docs/error';

export function errorPageRoute(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/', (c) => pageResponse(c, { title: 'Errors', body: list(), current: LIST_PATH }))
    .get('/:code', (c) => {
      const code = codes().find((candidate) => candidate === c.req.param('code'));
      return code === undefined ? c.notFound() : pageResponse(c, { title: code, body: explanation(code) });
    });
}

function codes(): readonly ErrorCode[] {
  return Object.keys(ERROR_TABLE) as ErrorCode[];
}

function list() {
  return html`<h1>Errors</h1>
    <p>
      Every request that fails is answered with a problem document (RFC 9457). Its <code>code</code> is one of these and never changes; its <code>type</code> is
      the address of the page here.
    </p>
    <dl class="codes">
      ${codes().map(
        (code) =>
          html`<div>
            <dt>
              <a href="${LIST_PATH}/${code}"><code>${code}</code></a>
            </dt>
            <dd>${ERROR_TABLE[code].title} <span class="hint">(${ERROR_TABLE[code].status})</span></dd>
          </div>`,
      )}
    </dl>`;
}

function explanation(code: ErrorCode) {
  const { status, title, retryable } = ERROR_TABLE[code];
  const { meaning, remedies } = ERROR_PAGES[code];
  return html`<p class="back"><a href="${LIST_PATH}">All errors</a></p>
    <h1><code>${code}</code></h1>
    <p class="lead">${title}.</p>
    <p class="hint">HTTP status ${status} · ${retryable ? 'the same request may succeed later' : 'the same request will fail again'}</p>
    <p>${prose(meaning)}</p>
    <h2>What to do</h2>
    <ul>
      ${remedies.map((remedy) => html`<li>${prose(remedy)}</li>`)}
    </ul>
    <p class="hint">The <a href="/docs#problems">reference</a> lists the members of a problem document.</p>`;
}

/** Names that the text has in quotation marks, set as code. */
function prose(text: string) {
  return text.split(/"([^"]+)"/).map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`));
}
