// A list of which only what is seen is in the document, so that ten thousand
// rows cost no more than thirty. For keyboards and screen readers it is a
// listbox: one stop of the tab key, arrows within.

import { h } from './dom.js';

const OVERSCAN = 6;

export class VirtualList {
  // draw(row, cells) fills a row's element; item i is the newest but i.
  constructor({ label, rowHeight, make, draw, open, empty }) {
    Object.assign(this, { make, draw, open, empty });
    this.rowHeight = rowHeight;
    this.items = [];
    this.selected = null;
    this.pool = [];
    this.space = h('div', { class: 'list-space', role: 'presentation' });
    this.note = h('p', { class: 'empty' });
    this.element = h('div', {
      class: 'list', role: 'listbox', tabindex: 0, 'aria-label': label,
      on: { scroll: () => this.later(), keydown: (e) => this.key(e), click: (e) => this.click(e) },
    }, this.space);
    this.observer = new ResizeObserver(() => this.later());
    this.observer.observe(this.element);
  }

  destroy() {
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
  }

  at(i) { return this.items[this.items.length - 1 - i]; }

  // set takes the rows, oldest first; added says how many of them are new at the
  // end, so that what is being read does not move.
  set(items, added = 0) {
    this.items = items;
    const before = this.element.scrollTop;
    this.space.style.setProperty('height', `${items.length * this.rowHeight}px`);
    if (added && before > this.rowHeight / 2) this.element.scrollTop = before + added * this.rowHeight;
    this.render();
  }

  later() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.render(); });
  }

  render() {
    const height = this.element.clientHeight || 600;
    const from = Math.max(0, Math.floor(this.element.scrollTop / this.rowHeight) - OVERSCAN);
    const to = Math.min(this.items.length, Math.ceil((this.element.scrollTop + height) / this.rowHeight) + OVERSCAN);
    while (this.pool.length < to - from) {
      const row = this.make();
      row.element.setAttribute('role', 'option');
      this.pool.push(row);
      this.space.append(row.element);
    }
    let active = null;
    this.pool.forEach((row, slot) => {
      const i = from + slot;
      row.element.hidden = i >= to;
      if (i >= to) return;
      const item = this.at(i);
      if (row.top !== i) row.element.style.setProperty('transform', `translateY(${i * this.rowHeight}px)`);
      row.top = i;
      row.element.id = `row-${item.key}`;
      row.element.dataset.key = item.key;
      row.element.setAttribute('aria-setsize', this.items.length);
      row.element.setAttribute('aria-posinset', i + 1);
      const chosen = item.key === this.selected;
      row.element.setAttribute('aria-selected', String(chosen));
      if (chosen) active = row.element.id;
      this.draw(item, row);
    });
    if (active) this.element.setAttribute('aria-activedescendant', active);
    else this.element.removeAttribute('aria-activedescendant');
    this.blank();
  }

  blank() {
    const text = this.items.length ? '' : this.empty();
    if (text && !this.note.isConnected) this.element.after(this.note);
    if (!text && this.note.isConnected) this.note.remove();
    if (text && this.note.textContent !== text) this.note.textContent = text;
  }

  index() { return this.items.length - 1 - this.items.findLastIndex((item) => item.key === this.selected); }

  choose(i, open) {
    if (!this.items.length) return;
    const n = Math.min(Math.max(i, 0), this.items.length - 1);
    const item = this.at(n);
    this.selected = item.key;
    const top = n * this.rowHeight;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + this.rowHeight > scrollTop + clientHeight) this.element.scrollTop = top + this.rowHeight - clientHeight;
    this.render();
    if (open) this.open(item);
  }

  key(e) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.rowHeight) - 1);
    const known = this.selected !== null && this.index() < this.items.length;
    const at = known ? this.index() : -1;
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: this.items.length - 1 };
    if (e.key in moves) this.choose(moves[e.key], true);
    else if (e.key === 'Enter' || e.key === ' ') this.choose(Math.max(at, 0), true);
    else return;
    e.preventDefault();
  }

  click(e) {
    const row = e.target.closest('[role=option]');
    if (!row) return;
    const i = this.items.findLastIndex((item) => item.key === row.dataset.key);
    if (i >= 0) this.choose(this.items.length - 1 - i, true);
  }
}
