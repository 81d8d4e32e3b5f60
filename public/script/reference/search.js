/** The list of routes, and the search in it: routes by address and words, members by name and meaning. */
import { element } from '../element.js';
import { addressOf } from './table.js';

/** Members shown under a route; who wants more types more. */
const MEMBERS_MAX = 6;
const WIDE = matchMedia('(min-width: 60rem)');

/** Connects the field to the list. `routes`: `{id, method, path, summary, rows}` in their order. */
export function connectSearch(routes) {
  const field = document.getElementById('search');
  const list = document.getElementById('routes');
  const fold = document.getElementById('routes-fold');
  fold.open = WIDE.matches;
  WIDE.addEventListener('change', () => (fold.open = WIDE.matches));

  const show = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = routes.map((route) => match(route, words)).filter((entry) => entry !== undefined);
    list.replaceChildren(...found.map((entry) => item(entry)));
    document.getElementById('found').textContent = words.length === 0 ? '' : foundText(found);
    if (words.length > 0) fold.open = true;
  };
  field.addEventListener('input', show);
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') list.querySelector('a')?.click();
    if (event.key === 'Escape') {
      field.value = '';
      show();
    }
  });
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select')) return;
    event.preventDefault();
    field.focus();
  });
  show();
}

/** A route whose own words hold all of `words`, or some of whose members do. */
function match(route, words) {
  if (words.length === 0) return { route, members: [] };
  const holds = (text) => words.every((word) => text.toLowerCase().includes(word));
  const members = route.rows.filter(({ name, note = '' }) => holds(`${name} ${note}`));
  return members.length > 0 || holds(`${route.method} ${route.path} ${route.summary}`) ? { route, members } : undefined;
}

function item({ route: { id, method, path }, members }) {
  const shown = members.slice(0, MEMBERS_MAX).map(({ scope, name }) => element('li', {}, element('a', { href: `#${addressOf(scope, name)}` }, name)));
  const rest = members.length - shown.length;
  return element(
    'li',
    {},
    element('a', { href: `#${id}` }, method && element('span', { class: 'method' }, method.toUpperCase()), method && ' ', path),
    shown.length > 0 && element('ul', { class: 'members' }, shown, rest > 0 && element('li', { class: 'hint' }, `and ${rest} more`)),
  );
}

function foundText(found) {
  if (found.length === 0) return 'Nothing is called that.';
  const members = found.reduce((sum, entry) => sum + entry.members.length, 0);
  return `${found.length} ${found.length === 1 ? 'route' : 'routes'}, ${members} ${members === 1 ? 'member' : 'members'}`;
}
