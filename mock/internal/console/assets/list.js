// A list of which only what is seen is in the document, so that twenty thousand
// rows cost no more than thirty. For keyboards and screen readers it is a
// listbox: one stop of the tab key, arrows within. An item with a divider is a
// thin line between rows, which is not chosen.

import { h } from './dom.js';

const OVERSCAN = 6;

export class VirtualList {
  // draw(row, cells) fills a row's element; item i is the newest but i. top(item) says what stands first, away(n) how many
  // new rows have come above what is being read.
  constructor({ label, rowHeight, make, draw, open, empty, top, away }) {
    Object.assign(this, { make, draw, open, empty, top, away });
    this.rowHeight = rowHeight;
    this.items = [];
    this.selected = null;
    this.unseen = 0;
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
    if (added && before > this.rowHeight / 2) {
      this.element.scrollTop = before + added * this.rowHeight;
      this.unseen += added;
      this.away?.(this.unseen);
    }
    this.render();
  }

  // toTop goes to the newest.
  toTop() {
    this.element.scrollTop = 0;
    this.render();
  }

  later() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.render(); });
  }

  render() {
    const height = this.element.clientHeight || 600;
    const { scrollTop } = this.element;
    const first = Math.floor(scrollTop / this.rowHeight);
    if (this.unseen && scrollTop < this.rowHeight) {
      this.unseen = 0;
      this.away?.(0);
    }
    const from = Math.max(0, first - OVERSCAN);
    const to = Math.min(this.items.length, from + Math.ceil(height / this.rowHeight) + 2 * OVERSCAN);
    while (this.pool.length < to - from) {
      const row = this.make();
      row.top = -1;
      this.pool.push(row);
      this.space.append(row.element);
    }
    let active = '';
    this.pool.forEach((row, n) => {
      const i = from + n;
      row.element.hidden = i >= to;
      if (i >= to) return;
      if (this.place(row, i)) active = row.element.id;
    });
    if (active) this.element.setAttribute('aria-activedescendant', active);
    else this.element.removeAttribute('aria-activedescendant');
    if (this.items.length) this.top?.(this.at(Math.min(first, this.items.length - 1)));
    this.blank();
  }

  // place puts an item's row where it belongs, and says whether it is the chosen one.
  place(row, i) {
    const { element } = row;
    const item = this.at(i);
    if (row.top !== i) element.style.setProperty('transform', `translateY(${i * this.rowHeight}px)`);
    row.top = i;
    element.id = `row-${item.key}`;
    element.dataset.key = item.key;
    const chosen = item.key === this.selected;
    if (item.divider) {
      element.setAttribute('role', 'presentation');
      for (const name of ['aria-setsize', 'aria-posinset', 'aria-selected']) element.removeAttribute(name);
    } else {
      element.setAttribute('role', 'option');
      element.setAttribute('aria-setsize', this.items.length);
      element.setAttribute('aria-posinset', i + 1);
      element.setAttribute('aria-selected', String(chosen));
    }
    this.draw(item, row);
    return chosen && !item.divider;
  }

  blank() {
    const text = this.items.length ? '' : this.empty();
    if (text && !this.note.isConnected) this.element.after(this.note);
    if (!text && this.note.isConnected) this.note.remove();
    if (text && this.note.textContent !== text) this.note.textContent = text;
  }

  index() { return this.items.length - 1 - this.items.findLastIndex((item) => item.key === this.selected); }

  // choose selects item n, or the next one by a step where that is a divider.
  choose(n, open, step = 1) {
    if (!this.items.length) return;
    const last = this.items.length - 1;
    let i = Math.min(Math.max(n, 0), last);
    while (this.at(i)?.divider) i += step;
    const item = this.at(i);
    if (!item) return;
    this.selected = item.key;
    const top = i * this.rowHeight;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + this.rowHeight > scrollTop + clientHeight) this.element.scrollTop = top + this.rowHeight - clientHeight;
    this.render();
    if (open) this.open(item);
  }

  // move selects the next row or the one before.
  move(step, open) {
    const known = this.selected !== null && this.index() < this.items.length;
    this.choose((known ? this.index() : -1) + step, open, step < 0 ? -1 : 1);
  }

  key(e) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.rowHeight) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key in moves) this.move(moves[e.key], true);
    else if (e.key === 'Home') this.choose(0, true);
    else if (e.key === 'End') this.choose(this.items.length - 1, true, -1);
    else if (e.key === 'Enter' || e.key === ' ') {
      const at = this.selected !== null ? this.index() : 0;
      this.choose(at < this.items.length ? at : 0, true);
    } else return;
    e.preventDefault();
  }

  click(e) {
    const row = e.target.closest('[role=option]');
    if (!row || e.target.closest('a')) return;
    const i = this.items.findLastIndex((item) => item.key === row.dataset.key);
    if (i >= 0) this.choose(this.items.length - 1 - i, true);
  }
}
