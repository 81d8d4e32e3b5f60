/** Rows of members as a table, each with an address of its own. */
import { element } from '../element.js';

/** The table; `scope` begins the address of each row, such as `describe.body`. */
export function memberTable(rows, scope) {
  return element(
    'div',
    { class: 'table' },
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Member'), element('th', { scope: 'col' }, 'Value'))),
      element(
        'tbody',
        {},
        rows.map((row) => memberRow(row, addressOf(scope, row.name))),
      ),
    ),
  );
}

/** The fragment that leads to a member. */
export function addressOf(scope, name) {
  return `${scope}.${name.replaceAll('[]', '')}`;
}

function memberRow({ name, text, note, example, isRequired }, address) {
  // A long dotted name may break after its dots.
  const parts = name.split(/(?<=\.)/).flatMap((part, index) => (index === 0 ? part : [element('wbr'), part]));
  return element(
    'tr',
    { id: address },
    element(
      'th',
      { scope: 'row' },
      element('a', { href: `#${address}`, class: 'member' }, element('code', {}, parts)),
      isRequired && element('span', { class: 'hint' }, ' required'),
    ),
    element(
      'td',
      {},
      note && element('p', {}, note),
      element('p', { class: note && 'hint' }, text),
      example !== undefined &&
        element('p', { class: 'hint' }, 'Such as ', element('code', {}, typeof example === 'string' ? example : JSON.stringify(example))),
    ),
  );
}
