// The recorder: what is done to the sandbox between start and stop becomes a scenario.

import { get, of } from './api.js';
import { button, download, h, put } from './dom.js';
import { recall, remember } from './drafts.js';
import { t } from './i18n.js';
import { doing, say } from './notices.js';

// recorder draws it; done gets the text of a recording.
export function recorder(app, done) {
  const box = h('div', { class: 'actions' });

  function draw() {
    const running = recall('scenario.recording');
    put(box, running
      ? [h('span', { class: 'bad-text' }, t('scn.isRecording', { from: running.from })), button({ text: t('scn.stop'), icon: 'stop', kind: 'danger', act: doing(stop) })]
      : button({ text: t('scn.record'), icon: 'record', act: doing(start) }));
  }

  // start notes the id that the next request will have.
  async function start() {
    const { items } = await get(`${of(app.sandbox, 'requests')}?order=newest&limit=1`);
    remember('scenario.recording', { sandbox: app.sandbox, from: app.clock.text(), next: `r${Number(items[0]?.id.slice(1) ?? 0) + 1}` });
    draw();
    say(t('scn.recording'), '', box);
  }

  async function stop() {
    const { sandbox, next } = recall('scenario.recording');
    try {
      const text = await get(`${of(sandbox, 'recording')}?from=${next}`, { text: true });
      remember('scenario.recording', null);
      download(`recording-${sandbox}.yaml`, text, 'application/yaml');
      done(text);
      say(t('scn.recorded'), '', box);
    } catch (error) {
      if (error.status === 404) remember('scenario.recording', null); // the sandbox is gone, and with it what was recorded
      throw error;
    } finally { draw(); }
  }

  draw();
  return box;
}
