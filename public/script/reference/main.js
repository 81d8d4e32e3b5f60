/** The reference page: reads `/openapi.json` and lays it out. Nothing here knows a route by name. */
import { element } from '../element.js';
import { operationSection } from './operation.js';

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
  const operations = Object.entries(specification.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => ({
        method,
        path,
        ...operation,
        parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])],
      })),
  );
  // Relative to where the document was read.
  const origin = new URL(specification.servers[0].url, location.href).href.replace(/\/$/, '');
  main.replaceChildren(
    element('h1', {}, 'API reference'),
    ...introduction(specification, origin),
    ...operations.map((operation) => operationSection(operation, specification, origin)),
    problemSection(specification),
  );
  const links = [
    ...operations.map(({ operationId, method, path }) =>
      element('li', {}, element('a', { href: `#${operationId}` }, element('span', { class: 'method' }, method.toUpperCase()), ` ${path}`)),
    ),
    element('li', {}, element('a', { href: '#problems' }, 'Problems')),
  ];
  document.getElementById('routes').replaceChildren(element('ul', {}, links));
  // The address may name a section that did not exist when the browser looked for it.
  if (location.hash !== '') document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

function introduction({ info }, origin) {
  return [
    element('p', {}, info.summary),
    element(
      'p',
      {},
      'Base address: ',
      element('code', {}, origin),
      '. Every route under ',
      element('code', {}, '/v1'),
      ' needs a key: ',
      element('code', {}, 'Authorization: Bearer KEY'),
      ' or ',
      element('code', {}, 'x-api-key: KEY'),
      '. Every answer has an ',
      element('code', {}, 'x-request-id'),
      '.',
    ),
  ];
}

function problemSection({ components }) {
  return element(
    'section',
    { id: 'problems', 'aria-labelledby': 'problems-title' },
    element('h2', { id: 'problems-title' }, 'Problems'),
    element(
      'p',
      {},
      'Whatever fails is answered with a problem document (RFC 9457): ',
      element('code', {}, 'code'),
      ' is stable, ',
      element('code', {}, 'detail'),
      ' says what to do, ',
      element('code', {}, 'retryable'),
      ' and ',
      element('code', {}, 'billed'),
      ' say whether to try again and whether it has cost money.',
    ),
    element(
      'ul',
      { class: 'codes' },
      components.schemas.ErrorCode.enum.map((code) => element('li', {}, element('a', { href: `/docs/error/${code}` }, element('code', {}, code)))),
    ),
  );
}
