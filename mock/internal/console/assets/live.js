// Live: requests and pushes as they happen.

import { call, get, of, server } from './api.js';
import { codeName, codeRows, endpointNames, kindName, pushKinds } from './codes.js';
import { fetchRow, otherDetail, requestDetail } from './detail.js';
import { pushDetail } from './detail-push.js';
import { button, h, icon, put, renew, setText } from './dom.js';
import { t } from './i18n.js';
import { VirtualList } from './list.js';
import { doing, fail, say } from './notices.js';
import { matcher, toggled, unknown, valueOf, valuesOf, withToken } from './query.js';
import { curlAfresh } from './repeat.js';
import { sendNew } from './sendagain.js';
import { Shown, drawRow, makeRow } from './rows.js';
import { copy, loading, missing, sure } from './show.js';
import { dayOf } from './times.js';
import { welcome } from './welcome.js';

const narrow = matchMedia('(max-width: 760px)');
const SETTLE = 250; // milliseconds after typing until the address is written
const height = () => (narrow.matches ? 52 : 28);

export function live(app) {
  const { feed } = app;
  let text = app.at.query.get('q') ?? '';
  let paused = false;
  let missed = 0;
  let attempts; // how often a push is tried: the rule push.schedule, and the first time
  let open = null; // the row in the pane
  let awaited = ''; // the row that the address names and the list does not hold yet
  let shown = new Shown(() => true, true);

  const head = h('span', { class: 'c-time' });
  const list = new VirtualList({
    label: t('live.list'), rowHeight: height(), make: makeRow, draw: (row, cells) => drawRow(row, cells, app.clock.text(), attempts), open: (row) => show(row, true),
    empty: () => (!feed.loaded ? t('show.loading') : feed.rows.length ? t('live.empty.filtered') : t('live.empty.plain', { url: server })),
    top: (item) => setText(head, dayOf(item.at)),
    away: (n) => { fresh.hidden = !n; if (n) setText(fresh, t('live.new', { n })); },
  });
  const body = h('div', { class: 'pane-body' });
  const pane = h('aside', { class: 'pane', 'aria-label': t('live.detail') }, body);
  const count = h('span', { class: 'count', role: 'status' });
  const fresh = h('button', { type: 'button', class: 'button primary fresh', hidden: true, on: { click: () => { list.toTop(); list.element.focus(); } } });
  const pauseButton = button({ text: t('live.pause'), icon: 'pause', kind: 'quiet', pressed: false, act: () => setPaused(!paused) });
  const first = h('div', { class: 'first-run', hidden: true });
  const slips = h('div', { class: 'slips', role: 'status' });

  let typingDone = 0;
  const input = h('input', { type: 'search', class: 'filter-text', placeholder: t('live.search'), 'aria-label': t('live.filter'), value: text, autocomplete: 'off', spellcheck: 'false', on: {
    input: () => {
      apply(input.value);
      clearTimeout(typingDone);
      typingDone = setTimeout(() => app.go({ q: text }), SETTLE);
    },
    keydown: (e) => {
      if (e.key === 'ArrowDown') { e.preventDefault(); list.element.focus(); list.move(1, true); }
      if (e.key === 'Escape' && input.value) { e.stopPropagation(); setFilter(''); }
    },
  } });

  // setFilter is a filter that was not typed: it stands in the field and in the address.
  function setFilter(to) {
    input.value = to;
    apply(to);
    app.go({ q: text });
  }

  const select = (key, label, values) => h('select', { 'aria-label': label, 'data-key': key, on: { change: (e) => setFilter(withToken(text, key, e.target.value)) } },
    [['', label], ...values].map(([v, name]) => h('option', { value: v }, name)));
  const endpoints = select('endpoint', t('live.endpoint'), [...endpointNames.map((name) => [name, name]), ...pushKinds.map((kind) => [kind, kindName(kind)])]);
  const codes = select('code', t('live.code'), codeRows.map(({ code }) => [String(code), `${code} ${codeName(code)}`]));
  const merchants = h('span', { class: 'contents' });
  const chips = ['request', 'push', 'car', 'failing'].map((name) => button({ text: t(`live.what.${name}`), kind: 'chip', pressed: false, act: () => setFilter(toggled(text, 'is', name)) }));

  let merchantsDrawn;
  function drawMerchants() {
    const all = app.merchants;
    if (merchantsDrawn === all.join('\n')) return; // the select may be open
    merchantsDrawn = all.join('\n');
    put(merchants, all.length > 1 && select('merchant', t('live.merchant'), all.map((no) => [no, no])));
    drawControls();
    drawUnknown();
  }

  function drawControls() {
    const is = valuesOf(text, 'is');
    ['request', 'push', 'car', 'failing'].forEach((name, i) => chips[i].setAttribute('aria-pressed', String(is.includes(name))));
    for (const one of root.querySelectorAll('.toolbar select')) {
      const value = valueOf(text, one.dataset.key);
      one.value = [...one.options].some((o) => o.value === value) ? value : '';
    }
  }

  function apply(to) {
    text = to;
    refilter();
    drawControls();
  }

  // drawUnknown says what of the filter is a slip: what is asked for in vain would look like nothing having happened.
  function drawUnknown() {
    const merchantNos = app.merchants.length ? app.merchants : undefined; // not read yet
    const found = unknown(text, { code: codeRows.map(({ code }) => String(code)), endpoint: [...endpointNames, ...pushKinds], kind: pushKinds, merchant: merchantNos })
      .filter(({ token }) => !feed.rows.some(matcher(token, feed.links))); // an injected code is in no table
    put(slips, found.map(({ token, key, all }) => h('p', null, t('live.unknown', { token }), ' ', h('span', { class: 'muted' }, t(key ? 'live.unknown.values' : 'live.unknown.keys', { key, all: all.slice(0, SHOWN_VALUES).join(', ') })))));
  }

  function refilter() {
    const filtered = text.trim() !== '';
    shown = new Shown(matcher(text, feed.links), !filtered || valuesOf(text, 'is').includes('clock'));
    shown.add(feed.rows);
    list.set(shown.items);
    tally();
    drawUnknown();
  }

  function tally() {
    const all = feed.rows.reduce((n, row) => n + (row.divider ? 0 : 1), 0);
    const now = !feed.loaded ? '' : paused && missed ? t('live.paused', { n: missed }) : shown.count === all ? t('live.count', { n: all }) : t('live.of', { n: shown.count, all });
    setText(count, feed.skipped ? `${now} · ${t('live.skipped', { n: feed.skipped })}` : now);
    count.title = count.textContent;
    const blank = feed.loaded && !all && !text.trim();
    if (blank && !first.firstChild) put(first, welcome(app));
    first.hidden = !blank;
    list.element.hidden = blank;
    list.note.hidden = blank;
  }

  function setPaused(to) {
    paused = to;
    missed = 0;
    pauseButton.setAttribute('aria-pressed', String(paused));
    put(pauseButton, icon(paused ? 'play' : 'pause'), h('span', null, t(paused ? 'live.resume' : 'live.pause')));
    if (!paused) refilter();
    tally();
  }

  const paneActs = { close: () => hide(), move: (step) => list.move(step, true), link: (e) => copy(location.href, e.currentTarget), filter: (key, value) => setFilter(withToken(text, key, value)) };

  function show(row, focus) {
    const was = open;
    open = row;
    list.selected = row.key;
    const scroll = was?.key === row.key ? body.scrollTop : 0;
    (was?.key === row.key ? renew : put)(body, row.what === 'request' ? requestDetail(app, row, paneActs) : row.what === 'push' ? pushDetail(app, row, paneActs) : otherDetail(app, row, paneActs));
    body.scrollTop = scroll;
    root.classList.add('with-pane');
    if (focus) {
      app.go({ q: text }); // it may have been typed just now
      app.go({ row: row.key }, { push: !was });
    }
    if (row.item.reason?.startsWith('sign-mismatch') && !row.examined) examine(row);
    if (focus && narrow.matches) body.querySelector('h2')?.focus();
    list.render();
  }

  // examine reads what the stream leaves out: what a wrong sign would have matched.
  async function examine(row) {
    row.examined = true;
    try {
      row.item = await get(of(app.sandbox, `requests/${encodeURIComponent(row.item.id)}`));
      row.text = null;
      if (open === row) show(row, false);
    } catch { /* no longer in the journal: the short explanation stays */ }
  }

  // hide closes the pane; where opening it was a step in the history, Back would do the same.
  function hide(address = true) {
    if (!open && !root.classList.contains('with-pane')) return;
    open = null;
    list.selected = null;
    root.classList.remove('with-pane');
    put(body);
    if (address) app.go({ row: '' });
    list.render();
    if (address) list.element.focus();
  }

  async function openKey(key) {
    const known = feed.byKey.get(key);
    if (known) { show(known, false); return; }
    if (!/^(request|push)-/.test(key)) { // a car, or another event: the stream brings it, as long as the server has it
      awaited = key;
      return;
    }
    root.classList.add('with-pane');
    put(body, loading());
    try {
      const row = await fetchRow(app, key);
      if (row && app.at.query.get('row') === key) show(row, false);
    } catch (e) {
      try { put(body, missing(e, t('live.row', { id: key.replace(/^\w+-/, '') }))); } catch (other) { fail(other); }
    }
  }

  const clear = doing(async () => {
    if (!await sure(t('live.clear.sure', { id: app.sandbox }), t('live.clear'))) return;
    await call('DELETE', of(app.sandbox, 'requests'));
    await feed.open(app.sandbox);
  });

  const root = h('div', { class: 'live' },
    h('h1', { class: 'hidden' }, t('live.title')),
    h('div', { class: 'toolbar', role: 'search', 'aria-label': t('live.filter') },
      input, h('div', { class: 'group', role: 'group', 'aria-label': t('live.what') }, chips), endpoints, codes, merchants,
      count, button({ icon: 'send', hint: t('req.new'), kind: 'quiet', act: doing(() => sendNew(app)) }), pauseButton,
      button({ icon: 'trash', hint: t('live.clear'), kind: 'quiet', act: clear })),
    slips,
    h('div', { class: 'split' },
      h('div', { class: 'list-side' },
        h('div', { class: 'row row-head', 'aria-hidden': 'true' },
          head, h('span', { class: 'c-sign' }), h('span', { class: 'c-what' }, t('live.col.what')),
          h('span', { class: 'c-merchant' }, t('live.merchant')), h('span', { class: 'c-plate' }, t('live.plate')),
          h('span', { class: 'c-result' }, t('live.col.result')), h('span', { class: 'c-took' }, t('live.col.took'))),
        list.element, first, fresh),
      pane));

  const off = feed.on((news) => {
    if (news.state || news.gone) return;
    if (awaited && feed.byKey.has(awaited)) {
      const key = awaited;
      awaited = '';
      if (app.at.query.get('row') === key) show(feed.byKey.get(key), false);
    }
    if (news.all) {
      if (!paused) refilter();
      return;
    }
    if (open && news.changed.has(open.key)) show(feed.byKey.get(open.key) ?? open, false);
    if (paused) {
      missed += news.added;
      tally();
      return;
    }
    if (shown.items.length + news.added > feed.rows.length + SPARE) { refilter(); return; } // the oldest were cut off
    const more = news.added ? shown.add(feed.rows.slice(-news.added)) : 0;
    list.set(shown.items, more);
    tally();
    if (slips.firstChild) drawUnknown(); // it may have come
  });
  const onNarrow = () => { list.rowHeight = height(); for (const row of list.pool) row.top = -1; list.set(shown.items); };
  narrow.addEventListener('change', onNarrow);
  app.refreshed.add(drawMerchants);

  async function readSchedule() {
    const rules = await get(of(app.sandbox, 'rules'));
    attempts = [rules['push.schedule']?.value].flat().length + 1;
    list.render();
  }
  readSchedule().catch(() => {}); // the count is left out

  drawMerchants();
  refilter();
  const wanted = app.at.query.get('row');
  if (wanted) openKey(wanted);

  return {
    element: root,
    focus: () => list.element.focus(),
    search: () => { input.focus(); input.select(); return true; },
    // arrive is Back, Forward, or an address that was typed.
    arrive(query) {
      const q = query.get('q') ?? '';
      if (q !== text) { input.value = q; apply(q); }
      const key = query.get('row') ?? '';
      if (!key) hide(false);
      else if (open?.key !== key) openKey(key);
    },
    key(e) {
      const acts = {
        j: () => list.move(1, true), k: () => list.move(-1, true), Escape: () => hide(), Enter: () => (e.target.closest('button, a, summary') ? null : list.move(0, true)),
        c: () => { if (open?.what === 'request') copy(curlAfresh(open.item)); else say(t('keys.curl.none')); },
      };
      if (!acts[e.key]) return;
      if (e.key !== 'Enter') e.preventDefault();
      acts[e.key]();
    },
    close() {
      off();
      clearTimeout(typingDone);
      app.refreshed.delete(drawMerchants);
      list.destroy();
      narrow.removeEventListener('change', onNarrow);
    },
  };
}

const SHOWN_VALUES = 20; // of what there is, beside what there is not
const SPARE = 2_000; // lines that are no rows of the feed: days
