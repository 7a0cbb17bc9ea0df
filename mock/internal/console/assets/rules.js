// The rules of a sandbox: what the document leaves open, with defaults and sections.

import { get, of, patch } from './api.js';
import { button, choice, h, put } from './dom.js';
import { lang, t } from './i18n.js';
import { ruleMeanings } from './catalogue-rules.js';
import { doing, fail, say } from './show.js';

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const isMessage = (name) => name.startsWith('message.');
const messagesLast = ([a], [b]) => isMessage(a) - isMessage(b) || (isMessage(a) ? a.slice(8) - b.slice(8) : a < b ? -1 : 1);
const shown = (v) => (Array.isArray(v) ? v.join(', ') : String(v));
const meaning = (name, rule) => (lang() === 'zh' && (ruleMeanings[name] ?? (isMessage(name) ? t('rules.message', { code: name.slice(8) }) : ''))) || rule.doc;

export function rules(app) {
  const body = h('tbody');
  const search = h('input', { type: 'search', 'aria-label': t('rules.search'), placeholder: t('rules.search'), on: { input: () => draw() } });
  const changedOnly = h('input', { type: 'checkbox', id: 'rules-changed', on: { change: () => draw() } });
  let all = {};

  const set = (name, value) => doing(async () => {
    all = await patch(of(app.sandbox, 'rules'), { [name]: value });
    say(t('rules.set', { name, value: shown(all[name].value) }));
    draw();
  })();

  function control(name, rule) {
    const label = `${name}`;
    if (rule.oneOf) return choice(rule.oneOf.map((v) => [v, v]), rule.value, (v) => set(name, v), label);
    if (typeof rule.default === 'boolean') return choice([['true', 'true'], ['false', 'false']], String(rule.value), (v) => set(name, v === 'true'), label);
    return h('input', { class: 'mono', value: shown(rule.value), 'aria-label': label, size: 18, autocomplete: 'off', on: { change: (e) => set(name, typeof rule.default === 'number' ? Number(e.target.value) : e.target.value) } });
  }

  function draw() {
    const text = search.value.trim().toLowerCase();
    const rows = Object.entries(all).sort(messagesLast).filter(([name, r]) => (!changedOnly.checked || !same(r.value, r.default)) && (!text || `${name} ${r.doc} ${meaning(name, r)} ${r.section}`.toLowerCase().includes(text)));
    put(body, rows.map(([name, r]) => h('tr', { class: same(r.value, r.default) ? '' : 'changed' },
      h('td', null, h('code', null, name)), h('td', null, control(name, r)),
      h('td', { class: 'mono muted' }, same(r.value, r.default) ? shown(r.default) : button({ text: shown(r.default), icon: 'reset', kind: 'quiet', hint: t('rules.back'), act: () => set(name, r.default) })),
      h('td', { class: 'muted' }, r.section === '-' ? '' : r.section), h('td', null, meaning(name, r)))));
  }

  async function load() {
    all = await get(of(app.sandbox, 'rules'));
    draw();
  }
  load().catch(fail);
  const element = h('section', { class: 'card' },
    h('header', null, h('h2', null, t('rules.title')), h('label', { class: 'tick' }, changedOnly, ' ', t('rules.changed')), search),
    h('p', { class: 'muted' }, t('rules.about')),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('rules.title') }, h('table', { class: 'rules' },
      h('thead', null, h('tr', null, [t('rules.name'), t('rules.value'), t('rules.default'), t('rules.section'), t('rules.meaning')].map((c) => h('th', null, c)))), body)));
  return { element, load };
}
