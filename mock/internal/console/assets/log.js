// The log: every input of the sandbox in the order in which it was applied, the newest first; from each one sees what it changed,
// copies the sandbox as it was right after, and goes back there.

import { get, of } from './api.js';
import { button, h, keyed, put, setText } from './dom.js';
import { known, own, t } from './i18n.js';
import { doing, fail } from './notices.js';
import { pointActs } from './points.js';
import { loading, unread } from './show.js';
import { dayOf, timeOf } from './times.js';

const PAGE = 200;

// kindOf is a kind of input in words; one that has none stays as it is.
const kindOf = (kind) => (known(`log.kind.${kind}`) ? t(`log.kind.${kind}`) : kind);

export function log(app) {
  let alive = true;
  let items = [];
  let next = '';
  let text = app.at.query.get('q') ?? '';
  const note = h('div', null, loading());
  const body = h('tbody');
  const search = h('input', { type: 'search', class: 'filter-text', 'aria-label': t('log.search'), placeholder: t('log.search'), value: text, autocomplete: 'off', spellcheck: 'false', on: { input: () => { text = search.value; draw(); app.go({ q: text }); } } });
  const more = button({ text: t('log.more'), act: doing(() => load(true)) });

  function make(item) {
    const undone = h('span', { class: 'tag' }, t('log.undone'));
    const out = h('div', { class: 'log-point' });
    const open = button({ text: t('log.point'), kind: 'quiet', hint: t('log.point.of', { seq: item.seq }), act: () => {
      const shown = out.firstChild !== null;
      open.setAttribute('aria-expanded', String(!shown));
      put(out, !shown && pointActs(app, String(item.seq), String(item.seq - 1)));
    } });
    open.setAttribute('aria-expanded', 'false');
    open.setAttribute('aria-label', t('log.point.of', { seq: item.seq }));
    const row = { element: h('tr', null,
      h('td', { class: 'right mono' }, item.seq), h('td', null, h('time', { datetime: item.at, title: item.at }, `${dayOf(item.at)} ${timeOf(item.at)}`)), h('td', { class: 'whole' }, h('span', { title: item.kind }, kindOf(item.kind))),
      h('td', null, item.requestId && h('a', { href: app.href('live', '', new URLSearchParams({ row: `request-${item.requestId}` })) }, item.requestId)),
      h('td', null, own(item, 'summary'), ' ', undone, out), h('td', null, open)) };
    row.update = (now) => {
      undone.hidden = !now.undone;
      row.element.classList.toggle('is-undone', Boolean(now.undone));
    };
    return row;
  }

  function draw() {
    const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = items.filter((i) => words.every((word) => `${i.seq} ${i.at} ${i.kind} ${kindOf(i.kind)} ${i.requestId ?? ''} ${own(i, 'summary')}`.toLowerCase().includes(word)));
    keyed(body, found, (item) => item.seq, make);
    put(note, !found.length && h('p', { class: 'empty' }, t(items.length ? 'log.noneFound' : 'log.none')));
    more.hidden = !next;
    setText(count, t(found.length < items.length ? 'log.count.found' : next ? 'log.count.newest' : 'log.count', { n: found.length, all: items.length }));
  }

  // load reads the newest page, or the one behind what is shown.
  async function load(older = false) {
    try {
      const page = await get(`${of(app.sandbox, 'log')}?order=newest&limit=${PAGE}${older && next ? `&after=${encodeURIComponent(next)}` : ''}`);
      if (!alive) return;
      const oldest = page.items.at(-1)?.seq ?? Infinity;
      if (older) items = [...items, ...page.items];
      else {
        const kept = items.filter((i) => i.seq < oldest);
        if (!kept.length) next = page.next ?? '';
        items = page.items.length && items[0]?.seq > page.items[0].seq ? page.items : [...page.items, ...kept]; // after a reset it begins anew
      }
      if (older) next = page.next ?? '';
      draw();
    } catch (error) {
      if (alive) put(note, unread(error, () => load()));
    }
  }

  const count = h('span', { class: 'muted', role: 'status' });
  let soon = 0;
  const off = app.feed.on((news) => { if (news.all || news.kinds?.size || news.added) soon ||= setTimeout(() => { soon = 0; if (alive) load().catch(fail); }, app.feed.pace(400)); });
  load();
  return {
    element: h('div', { class: 'page' },
      h('div', { class: 'page-head' }, h('h1', null, t('nav.log')), h('p', null, t('log.about'))),
      h('section', { class: 'card' }, h('header', null, h('h2', null, t('log.inputs')), search, count),
        note, h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('nav.log') },
          h('table', { class: 'log' }, h('thead', null, h('tr', null, ['log.seq', 'live.col.time', 'log.kind', 'log.request', 'log.did', 'orders.acts'].map((name, i) => h('th', { scope: 'col', class: i === 0 ? 'right' : '' }, t(name))))), body)),
        h('p', { class: 'actions' }, more))),
    arrive(query) { text = query.get('q') ?? ''; search.value = text; draw(); },
    search: () => { search.focus(); return true; },
    close: () => { alive = false; off(); clearTimeout(soon); },
  };
}
