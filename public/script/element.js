/** Building DOM from data. Text is always set as text, so nothing that Claude or a server writes becomes markup. */

/**
 * A new element. `class`, `aria-*` and other names are attributes; functions are event listeners (`onclick`).
 * Absent children (`undefined`, `false`, `null`) are left out.
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== undefined && value !== false && value !== null) node.setAttribute(name, String(value));
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== false && child !== null));
  return node;
}

/** A button that copies `text()` and says that it did. */
export function copyButton(text, label = 'Copy') {
  const button = element('button', { type: 'button', class: 'copy', onclick: copy }, label);
  async function copy() {
    await navigator.clipboard.writeText(text());
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = label), 1500);
  }
  return button;
}
