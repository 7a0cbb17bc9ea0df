// A small editor of YAML: colours behind a text area, line numbers with what is wrong and what a run came to.

import { add, h, put } from './dom.js';
import { remember } from './drafts.js';

const token = /(#.*$)|("(?:[^"\\]|\\.)*"|'[^']*')|(\$\{[^}]*\})|(^\s*(?:-\s+)*[\w.-]+(?=\s*:))|([{,]\s*[\w.-]+(?=\s*:))|(\b\d+(?:\.\d+)?\b)|(\b(?:true|false|null)\b)/g;
const names = ['comment', 'string', 'var', 'key', 'key', 'number', 'word'];

// coloured is a line in spans.
function coloured(line) {
  const out = [];
  let at = 0;
  for (const m of line.matchAll(token)) {
    const kind = names[m.slice(1).findIndex((one) => one !== undefined)];
    if (m.index > at) out.push(line.slice(at, m.index));
    out.push(h('span', { class: `y-${kind}` }, m[0]));
    at = m.index + m[0].length;
  }
  if (at < line.length) out.push(line.slice(at));
  return out;
}

// editor is {element, text, set, mark, jump}; changed is called as its text changes. What a check found and what a run came to
// are marks of their own kind ('check', 'run'): the answer to one does not take away the other's, whichever comes later.
export function editor({ label, value, changed }) {
  const gutter = h('ol', { class: 'gutter', 'aria-hidden': 'true' });
  const colours = h('pre', { class: 'colours', 'aria-hidden': 'true' });
  const area = h('textarea', { class: 'source', 'aria-label': label, spellcheck: 'false', wrap: 'off', rows: 20, value });
  const found = { run: new Map(), check: new Map() }; // line → {tone, title}
  let marks = new Map(); // of both

  function scroll() {
    gutter.scrollTop = area.scrollTop;
    colours.scrollTop = area.scrollTop;
    colours.scrollLeft = area.scrollLeft;
  }

  function draw() {
    const lines = area.value.split('\n');
    put(gutter, lines.map((_, i) => h('li', { class: marks.get(i + 1)?.tone ?? '', title: marks.get(i + 1)?.title }, i + 1)));
    colours.replaceChildren();
    for (const line of lines) add(colours, [coloured(line), '\n']);
    area.setAttribute('aria-invalid', String([...marks.values()].some((mark) => mark.tone === 'bad')));
    scroll();
  }

  area.addEventListener('scroll', scroll);
  function mark(kind, lines) {
    found[kind] = lines;
    marks = new Map([...found.run, ...found.check]); // what is wrong with a line is shown rather than how it went
    draw();
  }

  function unmark() {
    found.run = found.check = marks = new Map();
    draw();
  }

  area.addEventListener('input', () => { unmark(); changed(area.value); });
  draw();
  return {
    element: h('div', { class: 'editor' }, gutter, h('div', { class: 'paper' }, colours, area)),
    area,
    text: () => area.value,
    set(text) { area.value = text; unmark(); remember('scenario.source', text); },
    mark,
    jump(line) {
      const lines = area.value.split('\n');
      const from = lines.slice(0, Math.max(0, line - 1)).join('\n').length + (line > 1 ? 1 : 0);
      area.focus();
      area.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
    },
  };
}
