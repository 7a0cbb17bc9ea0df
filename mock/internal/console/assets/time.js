// Time: the clock of the sandbox, to be frozen, run and stepped, and what falls due as it moves.

import { axis } from './axis.js';
import { STEPS } from './clockbar.js';
import { button, field, h, keyed, put, setText } from './dom.js';
import { kept } from './drafts.js';
import { t } from './i18n.js';
import { doing, fail, say } from './notices.js';
import { nextRunnable, readSchedule } from './schedule.js';
import { loading, stayOf, unread } from './show.js';
import { format, span, spell } from './times.js';

const rates = [1, 10, 60, 600, 3600];
const MOST = 100;

export function time(app) {
  const { clock } = app;
  let alive = true;
  let entries = null;

  const big = h('time', { class: 'big-clock' });
  const mode = h('p', { class: 'muted' });
  const picture = h('div', null, loading());
  const body = h('tbody');
  const none = h('p', { class: 'muted', hidden: true }, t('time.noDue'));
  const table = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('time.due') }, h('table', null,
    h('thead', null, h('tr', null, [t('live.col.time'), t('time.in'), t('time.what'), t('live.plate'), t('push.attempts'), ''].map((c) => h('th', null, c || h('span', { class: 'hidden' }, t('time.travel')))))), body));
  const to = kept('time.to', h('input', { class: 'mono', placeholder: '2017-08-20 12:00:00', autocomplete: 'off', size: 20 }));
  const by = kept('time.by', h('input', { class: 'mono', placeholder: '26h30m', autocomplete: 'off', size: 9 }));

  const advance = (d) => doing(async (e) => {
    const near = e?.currentTarget;
    const duration = typeof d === 'function' ? d() : d;
    await clock.advance(app.sandbox, duration);
    say(t('clock.moved', { by: duration }), '', near);
    load().catch(fail);
  });
  const set = (change) => doing(async () => { await clock.change(app.sandbox, typeof change === 'function' ? change() : change); await load(); });
  const travel = (ms) => advance(span(Math.max(1000, ms - clock.now())))();

  const freeze = button({ text: t('clock.freeze'), icon: 'pause', act: set({ mode: 'frozen' }) });
  const speeds = rates.map((rate) => button({ text: rate === 1 ? t('time.real') : `${rate}×`, act: set({ mode: 'running', rate }) }));
  const toNext = button({ text: t('time.toNext'), icon: 'play', kind: 'primary', act: advance(() => span(Math.max(1000, (nextRunnable(entries ?? [])?.ms ?? 0) - clock.now()))) });

  function draw() {
    setText(big, clock.text() || '–');
    for (const row of body.keyedRows?.values() ?? []) row.tick();
  }

  function changed() {
    const frozen = clock.mode === 'frozen';
    setText(mode, frozen ? t('time.isFrozen') : t('time.isRunning', { rate: clock.rate }));
    freeze.setAttribute('aria-pressed', String(frozen));
    rates.forEach((rate, i) => speeds[i].setAttribute('aria-pressed', String(!frozen && clock.rate === rate)));
    draw();
    drawDue();
  }

  function make(entry) {
    const wait = h('td', { class: 'mono whole' });
    const row = { element: h('tr'), tick: () => setText(wait, row.entry.ms > clock.now() ? spell(row.entry.ms - clock.now()) : t('time.nowDue')) };
    const attempts = h('td', { class: 'mono' });
    const what = h('td');
    const when = h('time');
    const go = button({ text: t('time.travel'), kind: 'quiet', act: () => travel(row.entry.ms) });
    row.element.append(h('td', null, when), wait, what, h('td', null, entry.plate && stayOf(app, entry.push?.orderId, entry.plate)), attempts, h('td', { class: 'right' }, go));
    row.update = (now) => {
      row.entry = now;
      setText(when, format(now.ms));
      put(what, now.push ? h('a', { href: app.href('live', '', `row=push-${now.push.id}`) }, now.text) : now.text, now.behind && h('span', { class: 'warn-text' }, ` ${t('schedule.behind', { id: now.behind })}`));
      setText(attempts, now.push ? now.push.attempts.length : '');
      go.setAttribute('aria-label', `${t('time.travel')} ${format(now.ms)}`);
      row.tick();
    };
    return row;
  }

  function drawDue() {
    if (!entries || !Number.isFinite(clock.now())) return;
    const ahead = entries.filter((e) => e.lane === 'push' || e.ms > clock.now());
    put(picture, axis(ahead, clock.now(), travel));
    keyed(body, ahead.slice(0, MOST), (e) => (e.push ? e.push.id : `${e.lane} ${e.text}`), make);
    const runnable = nextRunnable(ahead);
    toNext.disabled = !runnable;
    none.hidden = ahead.some((e) => e.lane === 'push');
    table.hidden = !ahead.length;
  }

  async function load() {
    const found = await readSchedule(app);
    if (!alive) return;
    entries = found;
    drawDue();
  }

  function start() {
    load().catch((error) => { if (alive) put(picture, unread(error, () => { put(picture, loading()); start(); })); });
  }

  const ticking = setInterval(draw, 100);
  clock.changed.add(changed);
  let soon = 0;
  const off = app.feed.on((news) => {
    if (news.all || ['push', 'reset', 'request', 'rules', 'rule'].some((kind) => news.kinds?.has(kind))) soon ||= setTimeout(() => { soon = 0; if (alive) load().catch(fail); }, app.feed.pace(150));
  });
  changed();
  start();

  const element = h('div', { class: 'page' },
    h('div', { class: 'page-head' }, h('h1', null, t('nav.time')), h('p', null, t('time.about'))),
    h('section', { class: 'card time-card', 'aria-label': t('clock.label') }, big, mode, h('div', { class: 'joined', role: 'group', 'aria-label': t('time.speed') }, freeze, speeds),
      h('div', { class: 'joined steps', role: 'group', 'aria-label': t('time.steps') }, STEPS.map((d) => button({ text: `+${d}`, kind: 'step', hint: t('clock.step', { by: d }), act: advance(d) })))),
    h('section', { class: 'card' }, h('header', null, h('h2', null, t('time.due')), toNext), h('p', { class: 'note' }, t('schedule.note')), picture, none, table),
    h('section', { class: 'card' }, h('h2', null, t('time.exact')), h('div', { class: 'cards' },
      h('div', { class: 'form' }, field(t('time.by'), by, t('time.by.note')), button({ text: t('time.advance'), act: advance(() => by.value.trim()) })),
      h('div', { class: 'form' }, field(t('time.to'), to, t('time.to.note')), button({ text: t('time.set'), act: set(() => ({ now: to.value.trim() })) })))));
  return { element, close: () => { alive = false; off(); clearTimeout(soon); clearInterval(ticking); clock.changed.delete(changed); } };
}
