// Sandboxes: choose, create, reset, save, load; merchants and rules of the chosen one.

import { call, del, get, of, post } from './api.js';
import { button, download, field, h, keyed, put, setText } from './dom.js';
import { kept, remember } from './drafts.js';
import { listed, t } from './i18n.js';
import { merchants } from './merchants.js';
import { readJSON } from './problems.js';
import { rules } from './rules.js';
import { doing, fail, say } from './notices.js';
import { dialog, loading, sure, unread } from './show.js';

const LOOK = 3_000; // milliseconds between two looks at what others changed

export function sandboxes(app) {
  let alive = true;
  const body = h('tbody');
  const note = h('div', null, loading());
  const file = h('input', { type: 'file', accept: 'application/json,.json', hidden: true, 'aria-label': t('box.load'), on: { change: () => restore() } });

  async function restore() {
    const [chosen] = file.files;
    file.value = '';
    if (!chosen || !await sure(t('box.load.sure', { id: app.sandbox, file: chosen.name }), t('box.load'))) return;
    try {
      await call('PUT', of(app.sandbox, 'state'), await chosen.text());
      say(t('box.loaded'));
    } catch (error) { fail(error); }
  }

  const save = doing(async () => {
    const text = await get(of(app.sandbox, 'state'), { text: true });
    download(`${app.sandbox}-${app.clock.text().replaceAll(/[ :]/g, '-')}.state.json`, text, 'application/json');
  });

  const reset = doing(async (e) => {
    const near = e.currentTarget;
    if (!await sure(t('box.reset.sure', { id: app.sandbox }), t('box.reset'))) return;
    await post(of(app.sandbox, 'reset'));
    say(t('box.wasReset'), '', near);
    await load();
  });

  const remove = (id) => doing(async () => {
    if (!await sure(t('box.delete.sure', { id }), t('show.delete'))) return;
    await del(of(id));
    if (id === app.sandbox) await app.choose('default');
    await load();
  });

  const choose = (id) => doing(async () => { await app.choose(id); await app.refresh(); });

  async function create() {
    const id = kept('box.id', h('input', { autocomplete: 'off', class: 'mono', placeholder: 'my-test' }));
    const seed = kept('box.seed', h('input', { autocomplete: 'off', class: 'mono', inputmode: 'numeric', placeholder: '7' }));
    const fixture = kept('box.fixture', h('textarea', { rows: 9, spellcheck: 'false', placeholder: '{"clock": "2017-08-20 12:00:00", "merchants": [{"no": "M2", "key": "k2"}]}' }));
    const wrong = h('p', { class: 'bad-text', role: 'alert' });
    const act = async () => {
      wrong.textContent = '';
      try {
        const made = await post('sandboxes', JSON.parse(JSON.stringify({
          id: id.value.trim() || undefined, seed: seed.value.trim() ? Number(seed.value) : undefined, fixture: fixture.value.trim() ? readJSON(fixture.value, t('box.fixture')) : undefined,
        })));
        for (const name of ['id', 'seed', 'fixture']) remember(`box.${name}`, null);
        d.close();
        await app.choose(made.id);
        await app.refresh();
      } catch (error) { wrong.textContent = error.message; }
    };
    const d = dialog(t('box.new'), [field(t('box.id'), id, t('box.id.note')), field(t('box.seed'), seed, t('box.seed.note')), field(t('box.fixture'), fixture, t('box.fixture.note')), wrong],
      [button({ text: t('show.cancel'), act: () => d.close() }), button({ text: t('box.create'), kind: 'primary', act })]);
  }

  function make(item) {
    const cells = { name: h('td'), merchants: h('td', { class: 'clip' }), now: h('time'), orders: h('td', { class: 'mono right' }), pending: h('td', { class: 'mono right' }) };
    const row = { element: h('tr', null, cells.name, cells.merchants, h('td', null, cells.now), cells.orders, cells.pending,
      h('td', { class: 'right' }, item.id !== 'default' && button({ icon: 'trash', hint: `${t('show.delete')} ${item.id}`, kind: 'quiet', act: remove(item.id) }))) };
    row.update = (i) => {
      const chosen = i.id === app.sandbox;
      row.element.className = chosen ? 'changed' : '';
      if (cells.name.dataset.chosen !== String(chosen)) {
        put(cells.name, chosen ? h('b', null, i.id, ' ', h('span', { class: 'status status-delivered' }, t('box.chosen'))) : h('button', { type: 'button', class: 'link', on: { click: choose(i.id) } }, i.id));
        cells.name.dataset.chosen = String(chosen);
      }
      setText(cells.merchants, listed(i.merchants.slice(0, 4)) + (i.merchants.length > 4 ? ` +${i.merchants.length - 4}` : ''));
      setText(cells.now, i.now);
      setText(cells.orders, i.orders);
      setText(cells.pending, i.pushesPending);
    };
    return row;
  }

  function draw(items) {
    put(note);
    keyed(body, items, (i) => i.id, make);
  }

  async function load() {
    const items = await app.refresh();
    if (alive) draw(items);
  }

  function start() { load().catch((error) => { if (alive) put(note, unread(error, start)); }); }

  const refreshed = () => { if (alive) draw(app.sandboxes); };
  app.refreshed.add(refreshed);
  const shops = merchants(app);
  const book = rules(app);
  const off = app.feed.on(({ kinds }) => {
    if (!kinds) return;
    const has = (...names) => names.some((name) => kinds.has(name));
    if (has('reset', 'merchants', 'merchant')) shops.load().catch(fail);
    if (has('reset', 'rules', 'rule')) book.load().catch(fail);
  });
  const seen = () => { if (!document.hidden) for (const one of [load, shops.load, book.load]) one().catch(fail); };
  addEventListener('focus', seen);
  const looking = setInterval(seen, LOOK);
  start();
  const element = h('div', { class: 'page' },
    h('div', { class: 'page-head' }, h('h1', null, t('nav.sandboxes')), h('p', null, t('box.about'))),
    h('section', { class: 'card' },
      h('header', null, h('h2', null, t('box.all')), button({ text: t('box.new'), icon: 'plus', kind: 'primary', act: create })), note,
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('box.all') }, h('table', null,
        h('thead', null, h('tr', null, h('th', null, 'id'), h('th', null, t('live.merchant')), h('th', null, t('nav.time')), h('th', { class: 'right' }, t('box.orders')), h('th', { class: 'right' }, t('box.pending')), h('th', null, h('span', { class: 'hidden' }, t('show.delete'))))), body))),
    h('section', { class: 'card' },
      h('header', null, h('h2', null, t('box.this', { id: app.sandbox })),
        button({ text: t('box.save'), icon: 'save', hint: t('box.save.hint'), act: save }), button({ text: t('box.load'), icon: 'load', hint: t('box.load.hint'), act: () => file.click() }), file,
        button({ text: t('box.reset'), icon: 'reset', kind: 'danger', act: reset })),
      shops.element),
    book.element);
  return { element, close: () => { alive = false; off(); app.refreshed.delete(refreshed); removeEventListener('focus', seen); clearInterval(looking); } };
}

