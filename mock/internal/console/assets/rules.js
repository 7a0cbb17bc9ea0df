// The rules of a sandbox: what the document leaves open, with defaults and sections.

import { get, of, patch } from './api.js';
import { button, choice, h, keyed, put, setText } from './dom.js';
import { kept } from './drafts.js';
import { lang, t } from './i18n.js';
import { fail, say } from './notices.js';
import { loading, unread } from './show.js';

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const isMessage = (name) => name.startsWith('message.');
const messagesLast = ([a], [b]) => isMessage(a) - isMessage(b) || (isMessage(a) ? a.slice(8) - b.slice(8) : a < b ? -1 : 1);
const shown = (v) => (Array.isArray(v) ? v.join(', ') : String(v));
const meaning = (rule) => (lang() === 'zh' && rule.docZh) || rule.doc;

// read is what was typed as a value of a rule's type; what is no number stays a text, so that the server refuses it and says why.
function read(rule, text) {
  if (typeof rule.default !== 'number') return text;
  const n = Number(text);
  return text.trim() !== '' && Number.isFinite(n) ? n : text;
}

export function rules(app) {
  const body = h('tbody');
  const note = h('div', null, loading());
  const search = kept('rules.search', h('input', { type: 'search', 'aria-label': t('rules.search'), placeholder: t('rules.search'), on: { input: () => draw() } }));
  const changedOnly = kept('rules.changed', h('input', { type: 'checkbox', id: 'rules-changed', on: { change: () => draw() } }));
  const wanted = app.at.query.get('rule');
  if (wanted) { search.value = wanted; changedOnly.checked = false; }
  let all = {};

  async function set(row, value, near) {
    row.wrong.textContent = '';
    row.control.removeAttribute('aria-invalid');
    try {
      all = await patch(of(app.sandbox, 'rules'), { [row.name]: value });
      say(t('rules.set', { name: row.name, value: shown(all[row.name].value) }), '', near);
      row.dirty = false;
      draw();
    } catch (error) {
      row.control.setAttribute('aria-invalid', 'true');
      row.wrong.textContent = error.message;
    }
  }

  function control(row, rule) {
    const { name } = row;
    if (rule.oneOf) return choice(rule.oneOf.map((v) => [v, v]), rule.value, (v) => set(row, v, row.control), name);
    if (typeof rule.default === 'boolean') return choice([['true', 'true'], ['false', 'false']], String(rule.value), (v) => set(row, v === 'true', row.control), name);
    return h('input', { class: 'mono', value: shown(rule.value), 'aria-label': name, size: 18, autocomplete: 'off', on: { input: () => { row.dirty = true; }, change: (e) => set(row, read(row.rule, e.target.value), e.target) } });
  }

  function make([name, rule]) {
    const row = { name, rule, dirty: false };
    row.wrong = h('span', { class: 'bad-text field-error', role: 'alert' });
    row.control = control(row, rule);
    const plain = h('span');
    const back = button({ text: shown(rule.default), icon: 'reset', kind: 'quiet', hint: t('rules.back'), act: () => set(row, row.rule.default, back) });
    back.setAttribute('aria-label', `${t('rules.back')}: ${name}`);
    row.element = h('tr', null, h('td', null, h('code', null, name)), h('td', null, row.control, row.wrong), h('td', { class: 'mono muted' }, plain, back),
      h('td', { class: 'muted' }, rule.section === '-' ? '' : rule.section), h('td', null, meaning(rule)));
    row.update = ([, now]) => {
      const changed = !same(now.value, now.default);
      if (!same(now.value, row.rule.value) || !row.dirty) {
        if (document.activeElement !== row.control || !row.dirty) row.control.value = shown(now.value);
      }
      row.rule = now;
      row.element.className = changed ? 'changed' : '';
      setText(plain, changed ? '' : shown(now.default));
      back.hidden = !changed;
    };
    return row;
  }

  function draw() {
    const text = search.value.trim().toLowerCase();
    const rows = Object.entries(all).sort(messagesLast).filter(([name, r]) => (!changedOnly.checked || !same(r.value, r.default)) && (!text || `${name} ${r.doc} ${meaning(r)} ${r.section}`.toLowerCase().includes(text)));
    keyed(body, rows, ([name]) => name, make);
    put(note, !rows.length && h('p', { class: 'empty' }, t('rules.none')));
  }

  async function load() {
    try {
      all = await get(of(app.sandbox, 'rules'));
      draw();
    } catch (error) { put(note, unread(error, load)); }
  }
  load().catch(fail);
  if (wanted) requestAnimationFrame(() => element.scrollIntoView({ block: 'start' }));
  const element = h('section', { class: 'card' },
    h('header', null, h('h2', null, t('rules.title')), h('label', { class: 'tick' }, changedOnly, ' ', t('rules.changed')), search),
    h('p', { class: 'muted' }, t('rules.about')), note,
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('rules.title') }, h('table', { class: 'rules' },
      h('thead', null, h('tr', null, [t('rules.name'), t('rules.value'), t('rules.default'), t('rules.section'), t('rules.meaning')].map((c) => h('th', null, c)))), body)));
  return { element, load };
}
