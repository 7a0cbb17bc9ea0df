// Sandboxes: choose, create, reset, save, load; merchants and rules of the chosen one.

import { all, call, del, get, of, post } from './api.js';
import { button, download, field, h, put } from './dom.js';
import { t } from './i18n.js';
import { merchants } from './merchants.js';
import { rules } from './rules.js';
import { dialog, doing, fail, say, sure } from './show.js';

export function sandboxes(app) {
  let alive = true;
  const body = h('tbody');
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

  const reset = doing(async () => {
    if (!await sure(t('box.reset.sure', { id: app.sandbox }), t('box.reset'))) return;
    await post(of(app.sandbox, 'reset'));
    say(t('box.wasReset'));
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
    const id = h('input', { autocomplete: 'off', class: 'mono', placeholder: 'my-test' });
    const seed = h('input', { autocomplete: 'off', class: 'mono', inputmode: 'numeric', placeholder: '7' });
    const fixture = h('textarea', { rows: 9, spellcheck: 'false', placeholder: '{"clock": "2017-08-20 12:00:00", "merchants": [{"no": "M2", "key": "k2"}]}' });
    const wrong = h('p', { class: 'bad-text', role: 'alert' });
    const act = async () => {
      wrong.textContent = '';
      try {
        const made = await post('sandboxes', JSON.parse(JSON.stringify({
          id: id.value.trim() || undefined, seed: seed.value.trim() ? Number(seed.value) : undefined, fixture: fixture.value.trim() ? JSON.parse(fixture.value) : undefined,
        })));
        d.close();
        await app.choose(made.id);
        await app.refresh();
      } catch (error) { wrong.textContent = error.message; }
    };
    const d = dialog(t('box.new'), [field(t('box.id'), id, t('box.id.note')), field(t('box.seed'), seed, t('box.seed.note')), field(t('box.fixture'), fixture, t('box.fixture.note')), wrong],
      [button({ text: t('show.cancel'), act: () => d.close() }), button({ text: t('box.create'), kind: 'primary', act })]);
  }

  function draw(items) {
    put(body, items.map((i) => h('tr', { class: i.id === app.sandbox ? 'changed' : '' },
      h('td', null, i.id === app.sandbox ? h('b', null, i.id, ' ', h('span', { class: 'status status-delivered' }, t('box.chosen'))) : h('button', { type: 'button', class: 'link', on: { click: choose(i.id) } }, i.id)),
      h('td', null, i.merchants.slice(0, 4).join('、'), i.merchants.length > 4 && ` +${i.merchants.length - 4}`), h('td', null, h('time', null, i.now)),
      h('td', { class: 'mono right' }, i.orders), h('td', { class: 'mono right' }, i.pushesPending),
      h('td', { class: 'right' }, i.id !== 'default' && button({ icon: 'trash', hint: `${t('show.delete')} ${i.id}`, kind: 'quiet', act: remove(i.id) })))));
  }

  async function load() {
    const items = await all('sandboxes');
    app.refresh().catch(fail);
    if (alive) draw(items);
  }

  const shops = merchants(app);
  const book = rules(app);
  const off = app.feed.on((news) => { if (news.kinds?.has('reset')) { load().catch(fail); shops.load().catch(fail); book.load().catch(fail); } });
  load().catch(fail);
  const element = h('div', { class: 'page' },
    h('div', { class: 'page-head' }, h('h1', null, t('nav.sandboxes')), h('p', null, t('box.about'))),
    h('section', { class: 'card' },
      h('header', null, h('h2', null, t('box.all')), button({ text: t('box.new'), icon: 'plus', kind: 'primary', act: create })),
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('box.all') }, h('table', null,
        h('thead', null, h('tr', null, h('th', null, 'id'), h('th', null, t('live.merchant')), h('th', null, t('nav.time')), h('th', { class: 'right' }, t('box.orders')), h('th', { class: 'right' }, t('box.pending')), h('th', null, h('span', { class: 'hidden' }, t('show.delete'))))), body))),
    h('section', { class: 'card' },
      h('header', null, h('h2', null, t('box.this', { id: app.sandbox })),
        button({ text: t('box.save'), icon: 'save', hint: t('box.save.hint'), act: save }), button({ text: t('box.load'), icon: 'load', hint: t('box.load.hint'), act: () => file.click() }), file,
        button({ text: t('box.reset'), icon: 'reset', kind: 'danger', act: reset })),
      shops.element),
    book.element);
  return { element, close: () => { alive = false; off(); } };
}

