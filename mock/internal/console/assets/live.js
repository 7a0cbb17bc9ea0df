// Live: requests and pushes as they happen.

import { call, get, of, server } from './api.js';
import { fetchRow, otherDetail, pushDetail, requestDetail } from './detail.js';
import { button, h, icon, put } from './dom.js';
import { textOf } from './feed.js';
import { known, t } from './i18n.js';
import { VirtualList } from './list.js';
import { doing, missing, plateClass, sure } from './show.js';
import { lasting } from './times.js';

const narrow = matchMedia('(max-width: 760px)');

// What is chosen outlives a visit to another page.
const filter = { what: new Set(['request', 'push', 'world']), endpoint: '', merchant: '', plate: '', code: '', text: '' };

const group = (row) => (row.what === 'request' || row.what === 'push' ? row.what : 'world');

function matcher() {
  const text = filter.text.trim().toLowerCase();
  const plate = filter.plate.replaceAll(/\s/g, '').toUpperCase();
  const merchant = filter.merchant.trim();
  const { endpoint, code } = filter;
  return (row) => {
    if (!filter.what.has(group(row))) return false;
    const item = row.item;
    if (endpoint && item.endpoint !== endpoint && item.kind !== endpoint) return false;
    if (merchant && item.merchantNo !== merchant) return false;
    if (plate && !row.plate.toUpperCase().includes(plate)) return false;
    if (code === 'failed' && !(item.code > 0 || item.status === 'failed')) return false;
    if (code && code !== 'failed' && item.code !== Number(code)) return false;
    return !text || textOf(row).includes(text);
  };
}

function make() {
  const cells = {};
  for (const name of ['time', 'sign', 'what', 'merchant', 'plate', 'result', 'took']) cells[name] = h('span', { class: `c-${name}` });
  cells.plate.append(h('span'));
  return { element: h('div', { class: 'row' }, Object.values(cells)), cells };
}

const text = (cell, value) => { if (cell.textContent !== value) cell.textContent = value; };

function result(row) {
  const { what, item } = row;
  if (what === 'request') return [item.code === 0 ? 'good' : 'bad', item.code === 0 ? '0' : `${item.code} ${item.reason}`];
  if (what === 'push') {
    const last = item.attempts?.at(-1);
    const note = item.status === 'delivered' || !last?.error ? '' : ` · ${last.error}`;
    return [{ delivered: 'good', failed: 'bad', pending: 'wait' }[item.status] ?? '', t(`status.${item.status}`) + note];
  }
  if (what === 'car') return ['', t(`live.event.${item.state}`) + (item.state === 'parked' ? '' : ` · ¥${item.parkingFee}`)];
  if (what === 'clock') return ['', `${item.now} · ${item.mode === 'frozen' ? t('clock.frozen') : t('clock.at', { rate: item.rate })}`];
  if (what === 'reset') return ['', t(item.cause === 'restore' ? 'live.event.restore' : 'live.event.reset')];
  if (what === 'fault') return ['wait', [item.endpoint || item.pushId, JSON.stringify(item.fault?.do)].filter(Boolean).join(' · ')];
  return ['', ''];
}

function title(row) {
  const { what, item } = row;
  if (what === 'request') return item.endpoint || '?';
  if (what === 'push') return known(`kind.${item.kind}`) ? t(`kind.${item.kind}`) : item.kind;
  if (what === 'car') return item.parkingName ?? '';
  if (what === 'fault') return `${t('live.event.fault')} ${item.fault?.name || item.fault?.id || ''}`;
  return known(`live.event.${what}`) ? t(`live.event.${what}`) : what;
}

// paint draws a plate; of a request the colour is what it says, blue by default.
function paint(cell, row) {
  const number = row.plate;
  text(cell.firstChild, number);
  const color = row.item.plateColor ?? row.item.data?.plateColor;
  const look = number ? plateClass(number, color) : '';
  if (cell.firstChild.className !== look) cell.firstChild.className = look;
}

const drawings = { request: 'in', push: 'send', car: 'city', clock: 'time', fault: 'faults', reset: 'reset' };

function draw(row, { element, cells }) {
  const { what, item } = row;
  const [tone, outcome] = result(row);
  element.className = `row row-${what} ${tone}`;
  text(cells.time, row.at.slice(11));
  if (cells.sign.dataset.what !== what) {
    cells.sign.dataset.what = what;
    put(cells.sign, icon(drawings[what] ?? 'live'));
  }
  text(cells.what, title(row));
  text(cells.merchant, item.merchantNo ?? '');
  paint(cells.plate, row);
  text(cells.result, outcome);
  const took = what === 'request' ? lasting(item.durationMicros) : what === 'push' && item.attempts?.length ? `${item.attempts.at(-1).durationMs} ms` : '';
  text(cells.took, took);
}

export function live(app) {
  const { feed } = app;
  let paused = false;
  let shown = [];
  let missed = 0;
  let open = null; // the row in the pane
  let match = matcher();

  const list = new VirtualList({
    label: t('live.list'), rowHeight: narrow.matches ? 52 : 28, make, draw, open: (row) => show(row, true),
    empty: () => (feed.rows.length ? t('live.empty.filtered') : t('live.empty.plain', { url: server })),
  });
  const pane = h('aside', { class: 'pane', 'aria-label': t('live.detail'), on: { keydown: (e) => { if (e.key === 'Escape') hide(); } } });
  const body = h('div', { class: 'pane-body' }, h('p', { class: 'empty' }, t('live.detail.none')));
  const count = h('span', { class: 'count', role: 'status' });
  const pauseButton = button({ text: t('live.pause'), icon: 'pause', kind: 'quiet', pressed: false, act: () => setPaused(!paused) });
  const endpoints = h('select', { 'aria-label': t('live.endpoint'), on: { change: (e) => set('endpoint', e.target.value) } });
  const merchants = h('select', { 'aria-label': t('live.merchant'), on: { change: (e) => set('merchant', e.target.value) } });
  const codes = h('select', { 'aria-label': t('live.code'), on: { change: (e) => set('code', e.target.value) } });

  function set(name, value) {
    filter[name] = value;
    match = matcher();
    refilter();
  }

  function refilter() {
    shown = feed.rows.filter(match);
    list.set(shown);
    tally();
  }

  function tally() {
    const all = feed.rows.length;
    const now = paused && missed ? t('live.paused', { n: missed }) : shown.length === all ? t('live.count', { n: all }) : t('live.of', { n: shown.length, all });
    text(count, feed.skipped ? `${now} · ${t('live.skipped', { n: feed.skipped })}` : now);
  }

  function setPaused(to) {
    paused = to;
    missed = 0;
    pauseButton.setAttribute('aria-pressed', String(paused));
    put(pauseButton, icon(paused ? 'play' : 'pause'), h('span', null, t(paused ? 'live.resume' : 'live.pause')));
    if (!paused) refilter();
    tally();
  }

  function options(select, first, values, chosen) {
    const have = [...select.options].map((o) => o.value).join('\n');
    if (have === ['', ...values.map((v) => v[0])].join('\n')) return;
    put(select, [['', first], ...values].map(([v, label]) => h('option', { value: v, selected: v === chosen }, label)));
  }

  const seen = { endpoints: new Set(), merchants: new Set(), codes: new Set() };
  function choices(rows) {
    for (const { item, what } of rows) {
      if (what === 'request') { seen.endpoints.add(item.endpoint); seen.codes.add(item.code); }
      if (what === 'push') seen.endpoints.add(item.kind);
      if (item.merchantNo) seen.merchants.add(item.merchantNo);
    }
    options(endpoints, t('live.endpoint'), [...seen.endpoints].sort().map((v) => [v, v]), filter.endpoint);
    options(merchants, t('live.merchant'), [...seen.merchants].sort().map((v) => [v, v]), filter.merchant);
    options(codes, t('live.code'), [['failed', t('live.code.failed')], ...[...seen.codes].sort((a, b) => a - b).map((v) => [String(v), String(v)])], filter.code);
  }

  function show(row, focus) {
    open = row;
    list.selected = row.key;
    const parts = row.what === 'request' ? requestDetail(row.item, app.merchants) : row.what === 'push' ? pushDetail(row.item, app.sandbox) : otherDetail(row);
    put(body, parts);
    root.classList.add('with-pane');
    if (focus) app.address({ row: row.what === 'request' || row.what === 'push' ? row.key : '' });
    if (row.item.reason?.startsWith('sign-mismatch') && !row.examined) examine(row);
    if (focus && narrow.matches) body.querySelector('h2')?.focus();
    list.render();
  }

  // examine reads what the stream leaves out: what a wrong sign would have matched.
  async function examine(row) {
    row.examined = true;
    try {
      row.item = await get(of(app.sandbox, `requests/${encodeURIComponent(row.item.id)}`));
      if (open === row) show(row, false);
    } catch { /* no longer in the journal: the short explanation stays */ }
  }

  function hide() {
    open = null;
    list.selected = null;
    root.classList.remove('with-pane');
    put(body, h('p', { class: 'empty' }, t('live.detail.none')));
    app.address({ row: '' });
    list.render();
    list.element.focus();
  }

  const clear = doing(async () => {
    if (!await sure(t('live.clear.sure', { id: app.sandbox }), t('live.clear'))) return;
    await call('DELETE', of(app.sandbox, 'requests'));
    await feed.open(app.sandbox);
  });

  function toggle(name) {
    const b = button({ text: t(`live.what.${name}`), kind: 'chip', pressed: filter.what.has(name), act: () => {
      if (!filter.what.delete(name)) filter.what.add(name);
      b.setAttribute('aria-pressed', String(filter.what.has(name)));
      set('what', filter.what);
    } });
    return b;
  }

  const typed = (name, label) => h('input', {
    type: 'search', class: `filter-${name}`, placeholder: label, 'aria-label': label, value: filter[name], autocomplete: 'off', spellcheck: 'false',
    on: { input: (e) => set(name, e.target.value) },
  });

  pane.append(h('div', { class: 'pane-bar' }, button({ icon: 'close', hint: t('show.close'), kind: 'quiet', act: hide })), body);
  const root = h('div', { class: 'live' },
    h('h1', { class: 'hidden' }, t('live.title')),
    h('div', { class: 'toolbar', role: 'search', 'aria-label': t('live.filter') },
      h('div', { class: 'group', role: 'group', 'aria-label': t('live.what') }, toggle('request'), toggle('push'), toggle('world')),
      typed('text', t('live.search')), endpoints, merchants, typed('plate', t('live.plate')), codes,
      h('span', { class: 'grow' }), count, pauseButton,
      button({ icon: 'trash', hint: t('live.clear'), kind: 'quiet', act: clear })),
    h('div', { class: 'split' },
      h('div', { class: 'list-side' },
        h('div', { class: 'row row-head', 'aria-hidden': 'true' },
          h('span', { class: 'c-time' }, t('live.col.time')), h('span', { class: 'c-sign' }), h('span', { class: 'c-what' }, t('live.col.what')),
          h('span', { class: 'c-merchant' }, t('live.merchant')), h('span', { class: 'c-plate' }, t('live.plate')),
          h('span', { class: 'c-result' }, t('live.col.result')), h('span', { class: 'c-took' }, t('live.col.took'))),
        list.element),
      pane));

  const off = feed.on((news) => {
    if (news.state) return;
    if (news.all) {
      choices(feed.rows);
      if (!paused) refilter();
      return;
    }
    const fresh = news.added ? feed.rows.slice(-news.added) : [];
    choices(fresh);
    if (open && news.changed.has(open.key)) show(open, false);
    if (paused) {
      missed += news.added;
      tally();
      return;
    }
    const more = fresh.filter(match);
    if (shown.length + more.length > feed.rows.length) refilter(); // the oldest were cut off
    else {
      for (const row of more) shown.push(row);
      list.set(shown, more.length);
      tally();
    }
  });

  const onNarrow = () => { list.rowHeight = narrow.matches ? 52 : 28; for (const row of list.pool) row.top = -1; list.set(shown); };
  narrow.addEventListener('change', onNarrow);

  choices(feed.rows);
  refilter();
  const wanted = app.query.get('row');
  if (wanted) {
    const known = feed.byKey.get(wanted);
    if (known) show(known, false);
    else fetchRow(app.sandbox, wanted).then((row) => row && show(row, false)).catch((e) => put(body, missing(e, t('live.detail'))));
  }
  return { element: root, close: () => { off(); list.destroy(); narrow.removeEventListener('change', onNarrow); } };
}
