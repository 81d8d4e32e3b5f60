/** The reference page: reads `/openapi.json` and lays it out. Nothing here knows a route by name. */
import { element } from '../element.js';
import { operationSection } from './operation.js';
import { connectSearch } from './search.js';

/** Other members of a path are no operations. */
const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete']);

const main = document.getElementById('reference');
try {
  const response = await fetch('/openapi.json');
  if (!response.ok) throw new Error(`/openapi.json answered ${response.status}`);
  show(await response.json());
} catch (error) {
  main.replaceChildren(element('p', {}, `The reference could not be loaded: ${error.message}. Reload the page.`));
}
main.setAttribute('aria-busy', 'false');

function show(specification) {
  const operations = operationsOf(specification);
  const sections = operations.map((operation) => operationSection(operation, specification));
  main.replaceChildren(element('h1', {}, 'API reference'), ...introduction(specification), ...sections.map(({ node }) => node), problemSection(specification));
  connectSearch([
    ...operations.map(({ method, path, summary }, index) => ({ method, path, summary, ...sections[index] })),
    { id: 'problems', path: 'Problems', summary: 'errors problem document code', rows: [] },
  ]);
  // The address may name a place that did not exist when the browser looked for it, or that is folded away.
  addEventListener('hashchange', goToHash);
  goToHash();
  connectPrint();
}

function operationsOf({ paths }) {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => ({ method, path, ...operation, parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])] })),
  );
}

function goToHash() {
  const place = location.hash === '' ? null : document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (place === null) return;
  place.closest('details')?.setAttribute('open', '');
  for (const old of document.querySelectorAll('.is-target')) old.classList.remove('is-target');
  place.classList.add('is-target');
  place.scrollIntoView();
}

/** On paper nothing can be unfolded. */
function connectPrint() {
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = [...main.querySelectorAll('details:not([open])')];
    for (const details of closed) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of closed) details.open = false;
  });
}

function introduction({ servers: [server], info }) {
  const code = (text) => element('code', {}, text);
  return [
    element('p', {}, info.summary),
    element(
      'p',
      {},
      ['Base address: ', code(server.url), '. Every route under ', code('/v1'), ' needs a key: ', code('Authorization: Bearer KEY'), ' or '],
      [code('x-api-key: KEY'), '. Every answer has an ', code('x-request-id'), '.'],
    ),
  ];
}

function problemSection({ components }) {
  const code = (text) => element('code', {}, text);
  return element(
    'section',
    { id: 'problems', 'aria-labelledby': 'problems-title' },
    element('h2', { id: 'problems-title' }, 'Problems'),
    element(
      'p',
      {},
      ['A request that fails is answered with a problem document (RFC 9457): ', code('code'), ' is stable, ', code('detail'), ' says what to do, '],
      [code('retryable'), ' and ', code('billed'), ' say whether to try again and whether it has cost money.'],
    ),
    element(
      'ul',
      { class: 'codes' },
      components.schemas.Problem.properties.code.enum.map((name) => element('li', {}, element('a', { href: `/docs/error/${name}` }, code(name)))),
    ),
  );
}
