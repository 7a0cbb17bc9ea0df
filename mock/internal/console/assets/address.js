// The address of a page: #/page/part?s=sandbox&…, so that it can be sent to a colleague, reloaded and gone back to.

// readAddress takes an address apart.
export function readAddress(hash = location.hash) {
  const [path, query] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [page, ...rest] = path.split('/');
  let part = rest.join('/');
  try { part = decodeURIComponent(part); } catch { /* not encoded: as it is */ }
  const q = new URLSearchParams(query ?? '');
  const sandbox = q.get('s') ?? 'default';
  q.delete('s');
  return { page, part, sandbox, query: q };
}

// hashOf puts an address together.
export function hashOf({ page, part, sandbox, query }) {
  const q = new URLSearchParams(query ?? '');
  for (const [key, value] of [...q]) if (!value) q.delete(key);
  if (sandbox && sandbox !== 'default') q.set('s', sandbox);
  const text = q.toString();
  return `#/${page}${part ? '/' + encodeURIComponent(part) : ''}${text ? '?' + text : ''}`;
}
