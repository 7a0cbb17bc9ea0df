// The clock of the sandbox, within reach on every page.

import { button, h, icon, put, setText } from './dom.js';
import { t } from './i18n.js';
import { doing, say } from './notices.js';

export const STEPS = ['1m', '15m', '1h', '1d'];

// clockBar draws it; close ends it.
export function clockBar(app) {
  const { clock } = app;
  const time = h('time', { class: 'clock-time' });
  const mode = h('span', { class: 'clock-mode' });
  const freeze = button({ text: t('clock.freeze'), icon: 'pause', act: doing(() => clock.change(app.sandbox, clock.mode === 'frozen' ? { mode: 'running', rate: 1 } : { mode: 'frozen' })) });
  const fast = button({ text: '60×', hint: t('clock.fast'), act: doing(() => clock.change(app.sandbox, { mode: 'running', rate: clock.mode === 'running' && clock.rate === 60 ? 1 : 60 })) });
  fast.setAttribute('aria-label', t('clock.fast'));
  const steps = STEPS.map((by) => {
    const b = button({ text: `+${by}`, kind: 'step', hint: t('clock.step', { by }), act: doing(async (e) => {
      const near = e.currentTarget;
      await clock.advance(app.sandbox, by);
      say(t('clock.moved', { by }), '', near);
    }) });
    b.setAttribute('aria-label', `+${by}: ${t('clock.step', { by })}`);
    return b;
  });
  const element = h('div', { class: 'clock', role: 'group', 'aria-label': t('clock.label') },
    icon('time'), time, mode, h('div', { class: 'joined' }, freeze, fast), h('div', { class: 'joined steps' }, steps));
  const tick = () => setText(time, clock.text() || '–');
  const changed = () => {
    const frozen = clock.mode === 'frozen';
    setText(mode, frozen ? t('clock.frozen') : clock.rate === 1 ? t('clock.running') : t('clock.at', { rate: clock.rate }));
    element.classList.toggle('is-frozen', frozen);
    put(freeze, icon(frozen ? 'play' : 'pause'), h('span', null, frozen ? t('clock.run') : t('clock.freeze')));
    fast.setAttribute('aria-pressed', String(!frozen && clock.rate === 60));
    tick();
  };
  clock.changed.add(changed);
  const ticking = setInterval(tick, 250);
  changed();
  return { element, close: () => { clock.changed.delete(changed); clearInterval(ticking); } };
}
