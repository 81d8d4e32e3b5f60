/** Building DOM from data. Text is always set as text, so nothing that Claude or a server writes becomes markup. */

/**
 * A new element. `class`, `aria-*` and other names are attributes; functions are event listeners (`onclick`).
 * Children may be nested lists of any depth; absent ones (`undefined`, `false`, `null`) are left out.
 * @throws TypeError for a child that is neither text, number nor node: the DOM would write it as `[object Object]`
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else if (isPresent(value)) node.setAttribute(name, String(value));
  }
  node.append(...childrenOf(children, tag));
  return node;
}

/** Nested lists of children as one list of what the DOM can append. @throws TypeError as `element` does */
export function childrenOf(children, tag = 'parent') {
  return children
    .flat(Infinity)
    .filter((child) => isPresent(child))
    .map((child) => appendable(child, tag));
}

/** A button that copies `text()` and says that it did. */
export function copyButton(text, label = 'Copy') {
  const button = element('button', { type: 'button', class: 'copy', onclick: copy }, label);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = 'Copied';
    } catch {
      // Browsers give the clipboard to secure pages alone, and only where it is allowed.
      button.textContent = 'Not allowed';
    }
    setTimeout(() => (button.textContent = label), 1500);
  }
  return button;
}

function isPresent(value) {
  return value !== undefined && value !== false && value !== null;
}

function appendable(child, tag) {
  if (child instanceof Node || typeof child === 'string') return child;
  if (typeof child === 'number' && Number.isFinite(child)) return String(child);
  throw new TypeError(`<${tag}> was given ${Object.prototype.toString.call(child)} as a child; give text, a number or a node.`);
}
