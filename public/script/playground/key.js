/** The API key: in this tab only, gone when it is closed, never in a cookie and never left in an address. */

const ITEM = 'vignette-key';

/** The key in the field. */
export function currentKey() {
  return input().value.trim();
}

/** Says that the key was refused. */
export function markKey() {
  input().setAttribute('aria-invalid', 'true');
}

/** Fills the field from `/#key=…` or from this tab, and keeps it there. `onChange` is called for keys that come by address later. */
export function connectKey(onChange) {
  const field = input();
  field.value = keyFromAddress() ?? storage((items) => items.getItem(ITEM)) ?? '';
  remember();
  field.addEventListener('input', remember);
  addEventListener('hashchange', () => {
    const key = keyFromAddress();
    if (key === undefined) return;
    field.value = key;
    remember();
    onChange();
  });
}

function remember() {
  input().removeAttribute('aria-invalid');
  storage((items) => items.setItem(ITEM, currentKey()));
}

/** The key in the fragment, which no server sees; taken out of the address and of the history at once. */
function keyFromAddress() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const key = parameters.get('key');
  if (key === null) return undefined;
  parameters.delete('key');
  const rest = parameters.toString();
  history.replaceState(history.state, '', location.pathname + location.search + (rest === '' ? '' : `#${rest}`));
  return key.trim();
}

/** A browser may refuse its storage; the key then lives in the field alone. */
function storage(use) {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}

function input() {
  return document.getElementById('key');
}
