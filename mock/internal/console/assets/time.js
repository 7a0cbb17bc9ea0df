// Time: the clock of the sandbox, to be frozen, run and stepped.

import { all, of } from './api.js';
import { button, field, h, put } from './dom.js';
import { known, t } from './i18n.js';
import { doing, fail, plate, say } from './show.js';
import { parse, span } from './times.js';

const rates = [1, 10, 60, 600, 3600];
const steps = ['1m', '15m', '1h', '1d'];

export function time(app) {
  const { clock } = app;
  let alive = true;
  let pending = [];

  const big = h('time', { class: 'big-clock' });
  const mode = h('p', { class: 'muted' });
  const modes = h('div', { class: 'joined', role: 'group', 'aria-label': t('time.speed') });
  const due = h('div');
  const to = h('input', { class: 'mono', placeholder: '2017-08-20 12:00:00', autocomplete: 'off', size: 20 });
  const by = h('input', { class: 'mono', placeholder: '26h30m', autocomplete: 'off', size: 9 });

  const advance = (d) => doing(async () => {
    await clock.advance(app.sandbox, d);
    say(t('clock.moved', { by: d }));
    await load();
  });
  const set = (change) => doing(async () => { await clock.change(app.sandbox, change); await load(); });

  function draw() {
    const text = clock.text() || '–';
    if (big.textContent !== text) big.textContent = text;
  }

  function changed() {
    const frozen = clock.mode === 'frozen';
    mode.textContent = frozen ? t('time.isFrozen') : t('time.isRunning', { rate: clock.rate });
    put(modes, button({ text: t('clock.freeze'), icon: 'pause', pressed: frozen, act: set({ mode: 'frozen' }) }),
      rates.map((rate) => button({ text: rate === 1 ? t('time.real') : `${rate}×`, pressed: !frozen && clock.rate === rate, act: set({ mode: 'running', rate }) })));
    draw();
    drawDue();
  }

  function drawDue() {
    const waiting = pending.filter((p) => p.nextAttemptAt).sort((a, b) => (a.nextAttemptAt < b.nextAttemptAt ? -1 : 1));
    if (!waiting.length) {
      put(due, h('p', { class: 'muted' }, t('time.noDue')));
      return;
    }
    const wait = (p) => Math.max(parse(p.nextAttemptAt) - clock.now(), 1000);
    put(due,
      h('p', { class: 'actions' }, button({ text: t('time.toNext'), icon: 'play', kind: 'primary', act: (e) => advance(span(wait(waiting[0])))(e) })),
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('time.due') }, h('table', null,
        h('thead', null, h('tr', null, [t('push.next'), t('time.in'), t('live.col.what'), t('live.merchant'), t('live.plate'), t('push.attempts')].map((c) => h('th', null, c)))),
        h('tbody', null, waiting.slice(0, 100).map((p) => h('tr', null, h('td', null, h('time', null, p.nextAttemptAt)), h('td', { class: 'mono' }, span(wait(p))),
          h('td', null, known(`kind.${p.kind}`) ? t(`kind.${p.kind}`) : p.kind), h('td', null, p.merchantNo), h('td', null, p.plateNumber && plate(p.plateNumber)), h('td', { class: 'mono' }, p.attempts.length)))))));
  }

  async function load() {
    pending = await all(of(app.sandbox, 'pushes?status=pending'));
    if (alive) drawDue();
  }

  const ticking = setInterval(draw, 100);
  clock.changed.add(changed);
  const off = app.feed.on((news) => { if (news.kinds?.has('push') || news.kinds?.has('reset')) load().catch(fail); });
  changed();
  load().catch(fail);

  const element = h('div', { class: 'page' },
    h('div', { class: 'page-head' }, h('h1', null, t('nav.time')), h('p', null, t('time.about'))),
    h('section', { class: 'card time-card', 'aria-label': t('clock.label') }, big, mode, modes,
      h('div', { class: 'joined steps', role: 'group', 'aria-label': t('time.steps') }, steps.map((d) => button({ text: `+${d}`, kind: 'step', hint: t('clock.step', { by: d }), act: advance(d) })))),
    h('div', { class: 'cards' },
      h('section', { class: 'card' }, h('h2', null, t('time.due')), due),
      h('section', { class: 'card' }, h('h2', null, t('time.exact')),
        h('div', { class: 'form' }, field(t('time.by'), by, t('time.by.note')), button({ text: t('time.advance'), act: (e) => advance(by.value.trim())(e) })),
        h('div', { class: 'form' }, field(t('time.to'), to, t('time.to.note')), button({ text: t('time.set'), act: (e) => set({ now: to.value.trim() })(e) })))));
  return { element, close: () => { alive = false; off(); clearInterval(ticking); clock.changed.delete(changed); } };
}
