// A request or a push as a point in the sandbox's time: what changed since the row before, a copy of the sandbox as it was
// right after, and going back there.

import { absent, all, get, of, post } from './api.js';
import { button, h, put } from './dom.js';
import { t } from './i18n.js';
import { banner, doing } from './notices.js';
import { jsonText, missing, sure } from './show.js';

// before is the id of the newest request or push before a row.
function before(app, row) {
  const { rows } = app.feed;
  for (let i = rows.findLastIndex((one) => one.key === row.key) - 1; i >= 0; i--) {
    const { what, item } = rows[i];
    if (what === 'request' || what === 'push') return item.id;
  }
  return '';
}

function change(c) {
  const side = (name, value) => value !== undefined && value !== null && h('div', { class: `change-${name}` }, h('span', { class: 'muted' }, t(`points.${name}`)), jsonText(value));
  return h('li', null, h('p', null, h('b', null, c.kind), ' ', h('code', null, c.key)), h('div', { class: 'change' }, side('before', c.before), side('after', c.after)));
}

// points is the part of a pane that has them, where the log goes back that far.
export function points(app, row) {
  const body = h('div', null, h('p', { class: 'note' }, t('points.note')), pointActs(app, row.item.id, () => before(app, row)));
  get(`${of(app.sandbox, 'log')}?limit=1`).then(({ items: [first] }) => {
    if (first?.seq > 1 && row.at < first.at) put(body, h('p', { class: 'note' }, t('points.gone', first)));
  }).catch(() => {}); // what is offered says why it cannot be done
  return h('section', { class: 'part' }, h('h3', null, t('points.title')), body);
}

// pointActs are what can be done from a point of the log; from is the point before it.
export function pointActs(app, id, from) {
  const out = h('div', { 'aria-live': 'polite' });
  const at = (path) => of(app.sandbox, path);
  const reported = (what, act) => doing(async (e) => {
    try { await act(e); } catch (error) {
      if (!absent(error) || error.body?.errors) throw error;
      put(out, missing(error, what));
    }
  });
  const diff = reported(t('points.diff'), async () => {
    const since = typeof from === 'function' ? from() : from;
    const items = await all(`${at('diff')}?${since ? `from=${encodeURIComponent(since)}&` : ''}to=${encodeURIComponent(id)}`);
    put(out, items.length ? h('ul', { class: 'changes' }, items.map(change)) : h('p', { class: 'muted' }, t('points.none')));
  });
  const fork = reported(t('points.fork'), async () => {
    const made = await post(at('fork'), { at: id });
    const source = app.sandbox;
    await app.choose(made.id);
    await app.refresh();
    banner(t('points.forked', { id: made.id, from: source, at: id }));
  });
  const undo = reported(t('points.undo'), async () => {
    if (!await sure(t('points.undo.sure', { id, sandbox: app.sandbox }), t('points.undo'))) return;
    await post(at('undo'), { to: id });
    await app.feed.open(app.sandbox);
  });
  return h('div', { class: 'point-acts' },
    h('p', { class: 'actions' }, button({ text: t('points.diff'), act: diff }), button({ text: t('points.fork'), icon: 'plus', act: fork }), button({ text: t('points.undo'), icon: 'reset', act: undo })), out);
}
