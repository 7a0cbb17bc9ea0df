// Scenarios: read, check, run and record them.

import { all, get, of, post, server } from './api.js';
import { button, choice, download, h, put } from './dom.js';
import { t } from './i18n.js';
import { doing, fail, missing, say, statusChip } from './show.js';

const POLL = 250;
const draft = { source: '', name: '', recording: null, runs: 0 }; // outlives a visit to another page

const starter = `name: first-steps
summary: A user signs in and binds a car.
vars: {phone: "13800000001", plate: 渝ATX061}
steps:
  - call: usersigin
    data: {mobilePhone: "\${phone}", appId: ETCP}
    save: {token: data.token}
  - call: bindcar
    data: {token: "\${token}", plateNumber: "\${plate}"}
`;

// lineOf finds the line that an error is about, whatever words say so.
function lineOf(e) {
  if (Number.isInteger(e.line)) return e.line;
  const m = /(?:^|:|line )(\d+)(?::\d+)?\b/.exec(e.detail ?? '');
  return m ? Number(m[1]) : 0;
}

export function scenarios(app) {
  let alive = true;
  const list = h('ul', { class: 'scenario-list' });
  const gutter = h('ol', { class: 'gutter', 'aria-hidden': 'true' });
  const problems = h('ul', { class: 'problems', 'aria-live': 'polite' });
  const result = h('div', { class: 'result', 'aria-live': 'polite' });
  const source = h('textarea', { class: 'source', 'aria-label': t('scn.source'), spellcheck: 'false', wrap: 'off', rows: 16, value: draft.source || starter,
    on: { input: () => { draft.source = source.value; draft.name = ''; number([]); check(); }, scroll: () => { gutter.scrollTop = source.scrollTop; } } });
  const where = choice([['', t('scn.fresh')], [app.sandbox, t('scn.here', { id: app.sandbox })]], '', null, t('app.sandbox'));

  function number(errors) {
    const bad = new Map(errors.map((e) => [lineOf(e), e.detail]));
    put(gutter, source.value.split('\n').map((_, i) => h('li', { class: bad.has(i + 1) ? 'bad' : '', title: bad.get(i + 1) }, i + 1)));
    source.setAttribute('aria-invalid', String(errors.length > 0));
  }

  let soon = 0;
  function check() {
    clearTimeout(soon);
    soon = setTimeout(() => validate().catch(fail), 350);
  }

  async function validate() {
    let errors = [];
    try {
      const answer = await post('scenarios/validate', { source: source.value });
      errors = answer?.errors ?? [];
    } catch (error) {
      if (error.status === 404 || error.status === 405) { put(problems); return true; }
      errors = error.errors?.length ? error.body.errors : [{ detail: error.message }];
    }
    if (!alive) return false;
    number(errors);
    put(problems, errors.map((e) => h('li', null, button({ text: lineOf(e) ? `${lineOf(e)}` : '!', kind: 'quiet', hint: t('scn.toLine'), act: () => jump(lineOf(e)) }), h('span', { class: 'bad-text' }, e.detail))));
    return errors.length === 0;
  }

  function jump(line) {
    const lines = source.value.split('\n');
    const from = lines.slice(0, Math.max(0, line - 1)).join('\n').length + (line > 1 ? 1 : 0);
    source.focus();
    source.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
  }

  const run = (body) => doing(async () => {
    put(result, h('p', { class: 'muted' }, t('scn.starting')));
    const turn = ++draft.runs; // a later run takes the place of this one
    try {
      let r = await post('scenarios/run', { ...body(), ...(where.value && { sandbox: where.value }) });
      show(r);
      while (alive && turn === draft.runs && r.status === 'running') {
        await new Promise((resolve) => setTimeout(resolve, POLL));
        r = await get(`runs/${encodeURIComponent(r.id)}`);
        if (turn === draft.runs) show(r);
      }
      result.scrollIntoView({ block: 'nearest' });
    } catch (error) { put(result, missing(error, t('nav.scenarios'))); }
  });

  function show(r) {
    put(result, h('p', { class: 'verdict' }, statusChip(r.status), ' ', h('code', null, r.id ?? '')),
      h('ol', { class: 'step-list' }, (r.steps ?? []).map((step) => h('li', { class: `step-line is-${step.status}` }, statusChip(step.status),
        h('div', null, h('p', null, h('b', null, step.name), h('span', { class: 'muted' }, ` ${step.durationMs ?? 0} ms ${step.place ? '· ' + step.place : ''}`)), step.detail && diff(step.detail))))));
  }

  const diff = (text) => h('pre', { class: 'plain diff', tabindex: 0 }, String(text).split('\n').map((line) =>
    h('span', { class: /^\s*[-]/.test(line) ? 'minus' : /^\s*[+]/.test(line) ? 'plus' : '' }, line + '\n')));

  async function open(item) {
    draft.name = item.name;
    try {
      const full = item.source !== undefined ? item : await get(`scenarios/${encodeURIComponent(item.name)}`);
      source.value = draft.source = full.source ?? '';
      number([]);
      check();
    } catch (error) { put(result, missing(error, t('scn.sourceOf'))); }
  }

  async function load() {
    let items;
    try { items = await all('scenarios'); } catch (error) {
      put(list, h('li', null, missing(error, t('nav.scenarios'))));
      return;
    }
    if (!alive) return;
    put(list, items.map((item) => h('li', null,
      h('div', null, h('button', { type: 'button', class: 'link', on: { click: () => open(item) } }, item.name), h('p', { class: 'note' }, item.summary ?? ''),
        h('p', { class: 'tags' }, (item.covers ?? []).slice(0, 8).map((c) => h('span', { class: 'tag' }, c)))),
      button({ icon: 'play', hint: t('scn.runNamed', { name: item.name }), act: (e) => { const running = run(() => ({ name: item.name }))(e); return open(item).then(() => running); } }))));
    if (!items.length) put(list, h('li', { class: 'muted' }, t('scn.none')));
  }

  const recorder = h('div', { class: 'actions' });
  function drawRecorder() {
    if (!draft.recording) {
      put(recorder, button({ text: t('scn.record'), icon: 'record', act: doing(start) }));
      return;
    }
    put(recorder, h('span', { class: 'bad-text' }, t('scn.isRecording', { from: draft.recording.from })), button({ text: t('scn.stop'), icon: 'stop', kind: 'danger', act: doing(stop) }));
  }

  // start notes the id that the next request will have.
  async function start() {
    const { items } = await get(`${of(app.sandbox, 'requests')}?order=newest&limit=1`);
    draft.recording = { sandbox: app.sandbox, from: app.clock.text(), next: `r${Number(items[0]?.id.slice(1) ?? 0) + 1}` };
    drawRecorder();
    say(t('scn.recording'));
  }

  async function stop() {
    const { sandbox, next } = draft.recording;
    try {
      const text = await get(`${of(sandbox, 'recording')}?from=${next}`, { text: true });
      draft.recording = null;
      source.value = draft.source = text;
      number([]);
      check();
      download(`recording-${sandbox}.yaml`, text, 'application/yaml');
      say(t('scn.recorded'));
    } catch (error) {
      put(result, missing(error, t('scn.recorder')));
      draft.recording = null;
    }
    drawRecorder();
  }

  drawRecorder();
  number([]);
  load().then(() => source.value && validate()).catch(fail);
  const element = h('div', { class: 'page' },
    h('div', { class: 'page-head' }, h('h1', null, t('nav.scenarios')), h('p', null, t('scn.about'))),
    h('div', { class: 'scenario-split' },
      h('section', { class: 'card' }, h('header', null, h('h2', null, t('scn.list'))), list,
        h('h3', { class: 'part' }, t('scn.recorder')), h('p', { class: 'note' }, t('scn.recorder.note')), recorder),
      h('section', { class: 'card' },
        h('header', null, h('h2', null, t('scn.source')), where, button({ text: t('scn.run'), icon: 'play', kind: 'primary', act: run(() => (draft.name ? { name: draft.name } : { source: source.value })) })),
        h('div', { class: 'editor' }, gutter, source), problems, result,
        h('p', { class: 'note' }, t('scn.cli', { url: server })))));
  return { element, close: () => { alive = false; clearTimeout(soon); } };
}
