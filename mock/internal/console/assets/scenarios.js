// Scenarios: found, read, written, run, and recorded.

import { all, absent, get, post, server } from './api.js';
import { button, choice, download, h, icon, keyed, put, setText } from './dom.js';
import { kept, recall, remember } from './drafts.js';
import { editor } from './editor.js';
import { lang, t } from './i18n.js';
import { doing, fail } from './notices.js';
import { recorder } from './recorder.js';
import { loading, missing, statusChip, unread } from './show.js';

const POLL = 250;
const CHECK = 350; // milliseconds after typing until the text is checked

const starter = () => `name: first-steps
summary: ${t('scn.starter')}
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

const lineOfStep = (step) => Number(/:(\d+):\d+$/.exec(step.position ?? step.place ?? '')?.[1] ?? 0);
const summaryOf = (item) => (lang() === 'zh' && item.summaryZh) || item.summary || '';

const diff = (text) => h('pre', { class: 'plain diff', tabindex: 0 }, String(text).split('\n').map((line) =>
  h('span', { class: /^\s*[-]/.test(line) ? 'minus' : /^\s*[+]/.test(line) ? 'plus' : '' }, line + '\n')));

let turn = 0; // of runs: a later one takes the place of one that is shown

export function scenarios(app) {
  let alive = true;
  let items = null;
  let results = new Map();
  const list = h('ul', { class: 'scenario-list' });
  const listNote = h('div', null, loading());
  const problems = h('ul', { class: 'problems', 'aria-live': 'polite' });
  const result = h('div', { class: 'result', 'aria-live': 'polite' });
  const search = kept('scenario.search', h('input', { type: 'search', 'aria-label': t('scn.search'), placeholder: t('scn.search'), autocomplete: 'off', spellcheck: 'false', on: { input: () => drawList() } }));
  const where = kept('scenario.where', choice([['', t('scn.fresh')], ['here', t('scn.here', { id: app.sandbox })]], '', null, t('scn.where')));
  const keep = kept('scenario.keep', h('input', { type: 'checkbox' }));
  const paper = editor({ label: t('scn.source'), value: recall('scenario.source', starter()), changed: (text) => {
    remember('scenario.source', text);
    remember('scenario.name', null);
    clearTimeout(soon);
    soon = setTimeout(() => validate().catch(fail), CHECK);
  } });
  let soon = 0;

  async function validate() {
    let errors = [];
    const checked = paper.text();
    try {
      const answer = await post('scenarios/validate', { source: checked });
      errors = answer?.errors ?? [];
    } catch (error) {
      if (absent(error)) { put(problems); return; }
      if (error.status === 0) throw error;
      errors = error.errors?.length ? error.body.errors : [{ detail: error.detail || error.message }];
    }
    if (!alive || checked !== paper.text()) return;
    paper.mark('check', new Map(errors.map((e) => [lineOf(e), { tone: 'bad', title: e.detail }])));
    put(problems, errors.map((e) => h('li', null, button({ text: lineOf(e) ? `${lineOf(e)}` : '!', kind: 'quiet', hint: t('scn.toLine'), act: () => paper.jump(lineOf(e)) }), h('span', { class: 'bad-text' }, e.detail))));
  }

  const run = (body) => doing(async () => {
    put(result, h('p', { class: 'muted' }, t('scn.starting')));
    const mine = ++turn;
    try {
      let r = await post('scenarios/run', { ...body(), ...(where.value && { sandbox: app.sandbox }), ...(keep.checked && !where.value && { keep: true }) });
      remember('scenario.run', r.id);
      await watch(r.id, mine, r);
      result.scrollIntoView({ block: 'nearest' });
    } catch (error) { put(result, missing(error, t('nav.scenarios'))); }
    await readRuns();
  });

  // watch shows a run until it is over.
  async function watch(id, mine, first) {
    let r = first ?? await get(`runs/${encodeURIComponent(id)}`);
    for (;;) {
      if (!alive || mine !== turn) return;
      show(r);
      if (r.status !== 'running') return;
      await new Promise((resolve) => setTimeout(resolve, POLL));
      r = await get(`runs/${encodeURIComponent(id)}`);
    }
  }

  function show(r) {
    const keptIn = (r.result?.cases ?? []).filter((c) => c.kept && c.sandbox).map((c) => c.sandbox);
    put(result, h('p', { class: 'verdict' }, statusChip(r.status), ' ', h('b', null, r.scenario ?? ''), ' ', h('code', null, r.id ?? ''),
      keptIn.map((id) => button({ text: t('scn.openKept', { id }), icon: 'live', act: doing(async () => { await app.choose(id); location.hash = app.href('live'); await app.refresh(); }) }))),
    h('ol', { class: 'step-list' }, (r.steps ?? []).map((step) => {
      const line = lineOfStep(step);
      return h('li', { class: `step-line is-${step.status}` }, statusChip(step.status),
        h('div', null, h('p', null, h('b', null, step.name), ' ', line ? h('button', { type: 'button', class: 'link muted', title: t('scn.toLine'), on: { click: () => paper.jump(line) } }, t('scn.line', { line })) : '', h('span', { class: 'muted' }, ` ${step.durationMs ?? 0} ms`)), step.detail && diff(step.detail)));
    })));
    const tones = { passed: 'good', failed: 'bad', running: 'wait' };
    if (recall('scenario.ran') === paper.text()) paper.mark('run', new Map((r.steps ?? []).filter((step) => tones[step.status] && lineOfStep(step)).map((step) => [lineOfStep(step), { tone: tones[step.status], title: step.detail || t(`status.${step.status}`) }])));
  }

  async function open(item) {
    try {
      const full = item.source !== undefined ? item : await get(`scenarios/${encodeURIComponent(item.name)}`);
      paper.set(full.source ?? '');
      remember('scenario.name', item.name);
      await validate();
    } catch (error) { put(result, missing(error, t('scn.sourceOf'))); }
  }

  function make(item) {
    const last = h('span', { class: 'last-run' });
    const note = h('p', { class: 'note' });
    const row = { item, element: h('li', null,
      h('div', null, h('button', { type: 'button', class: 'link', on: { click: () => open(row.item) } }, item.name), ' ', last, note,
        h('p', { class: 'tags' }, (item.covers ?? []).slice(0, 8).map((c) => h('span', { class: 'tag' }, c)))),
      button({ icon: 'play', hint: t('scn.runNamed', { name: item.name }), act: async (e) => {
        const target = e.currentTarget;
        await open(row.item);
        remember('scenario.ran', paper.text());
        await run(() => ({ name: row.item.name }))({ currentTarget: target });
      } })) };
    row.update = (now) => {
      row.item = now;
      setText(note, summaryOf(now));
      put(last, results.has(now.name) && statusChip(results.get(now.name)));
    };
    return row;
  }

  function drawList() {
    if (!items) return;
    const text = search.value.trim().toLowerCase();
    const found = items.filter((item) => !text || `${item.name} ${item.summary} ${item.summaryZh ?? ''} ${(item.tags ?? []).join(' ')} ${(item.covers ?? []).join(' ')}`.toLowerCase().includes(text));
    keyed(list, found, (item) => item.name, make);
    put(listNote, !found.length && h('p', { class: 'muted' }, t(items.length ? 'scn.noneFound' : 'scn.none')));
  }

  async function readRuns() {
    try {
      const runs = await all('runs');
      results = new Map();
      for (const r of runs) if (!results.has(r.scenario)) results.set(r.scenario, r.status); // the newest first
      if (alive) drawList();
    } catch (error) { if (!absent(error)) throw error; }
  }

  async function load() {
    try {
      items = await all('scenarios');
      if (!alive) return;
      drawList();
      await readRuns();
    } catch (error) {
      if (alive) put(listNote, absent(error) ? missing(error, t('nav.scenarios')) : unread(error, load));
    }
  }

  const runEdited = run(() => {
    remember('scenario.ran', paper.text());
    const name = recall('scenario.name');
    return name ? { name } : { source: paper.text() };
  });
  const save = () => download(`${/^name:\s*(\S+)/m.exec(paper.text())?.[1] ?? 'scenario'}.yaml`, paper.text(), 'application/yaml');

  load().then(() => paper.text() && validate()).catch(fail);
  const shown = recall('scenario.run');
  if (shown) watch(shown, ++turn).catch(() => remember('scenario.run', null));
  const element = h('div', { class: 'page' },
    h('div', { class: 'page-head' }, h('h1', null, t('nav.scenarios')), h('p', null, t('scn.about'))),
    h('div', { class: 'scenario-split' },
      h('section', { class: 'card' }, h('header', null, h('h2', null, t('scn.list')), search), listNote, list,
        h('h3', { class: 'part' }, t('scn.recorder')), h('p', { class: 'note' }, t('scn.recorder.note')), recorder(app, (text) => { paper.set(text); remember('scenario.name', null); validate().catch(fail); })),
      h('section', { class: 'card' },
        h('header', null, h('h2', null, t('scn.source')), button({ text: t('scn.save'), icon: 'save', kind: 'quiet', act: save }), where, h('label', { class: 'tick' }, keep, ' ', t('scn.keep')),
          h('button', { type: 'button', class: 'button primary', on: { click: runEdited } }, icon('play'), h('span', null, t('scn.run')))),
        paper.element, problems, result,
        h('p', { class: 'note' }, t('scn.cli', { url: server })))));
  return { element, close: () => { alive = false; clearTimeout(soon); }, search: () => { search.focus(); return true; } };
}
