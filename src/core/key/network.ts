/** Who is counted as one when there is no key to go by. */

/**
 * The network of an address: an IPv4 address as it is, of an IPv6 address the first 64 bits, which one customer has
 * all to himself (RFC 6177 §2). Whatever is no address belongs to one and the same network.
 */
export function networkOf(address: string | undefined): string {
  const text = (address ?? '').trim().toLowerCase();
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return text;
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text)?.[1];
  if (mapped !== undefined) return mapped;
  if (!/^[0-9a-f:.]{2,45}$/.test(text) || !text.includes(':')) return 'unknown';
  const [head = '', tail] = text.split('::');
  const groups = head === '' ? [] : head.split(':');
  // Without "::" all eight are there; with it, those that are left out are zero, as far as the first four go.
  const missing = tail === undefined ? 0 : Math.max(0, 8 - groups.length - (tail === '' ? 0 : tail.split(':').length));
  const all = [...groups, ...Array<string>(missing).fill('0'), ...(tail === undefined || tail === '' ? [] : tail.split(':'))];
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
