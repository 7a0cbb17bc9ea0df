// What happens in one sandbox: its journal, its pushes and its events, kept as
// one list of rows, oldest first, that the pages draw newest first.

import { eventsURL, get, of } from './api.js';
import { Ledger } from './ledger.js';

export const KEEP = 10_000;
const SLACK = 1_000; // rows past KEEP before the oldest are cut off
const BATCH = 40; // milliseconds that events gather before the page draws
const PAGE = 1_000;
const CALM = 1_500; // milliseconds without a skip until the journal is read for what was left out

// Row is one line of the list: what = request, push, car, clock, fault or reset.
function rowOf(what, item, key) {
  return { what, item, key, at: item.at ?? item.createdAt ?? item.now ?? (item.exitTime || item.entranceTime || ''), plate: plateOf(what, item), text: null };
}

function plateOf(what, item) {
  if (what === 'request') {
    const data = item.data;
    const plate = data && typeof data === 'object' ? data.plateNumber ?? data.carNumber : '';
    return typeof plate === 'string' ? plate : '';
  }
  return item.plateNumber ?? '';
}

// textOf is everything of a row that a search looks through.
export function textOf(row) {
  row.text ??= JSON.stringify(row.item).toLowerCase();
  return row.text;
}

export class Feed {
  constructor(clock) {
    this.clock = clock;
    this.listeners = new Set();
    this.rows = [];
    this.byKey = new Map();
    this.state = 'idle'; // connecting, live, lost
    this.life = 0;
    this.serial = 0;
    this.ledger = new Ledger();
    this.skipped = 0; // requests that the stream left out and that have not been read yet
  }

  on(act) {
    this.listeners.add(act);
    return () => this.listeners.delete(act);
  }

  tell(news) { for (const act of [...this.listeners]) act(news); }

  setState(state) {
    if (this.state === state) return;
    this.state = state;
    this.tell({ state });
  }

  close() {
    this.life++;
    this.source?.close();
    this.source = null;
    clearTimeout(this.timer);
    clearTimeout(this.calm);
    this.timer = 0;
  }

  // open follows a sandbox: first the stream, then what was before it.
  async open(sandbox) {
    this.close();
    this.sandbox = sandbox;
    this.clear();
    this.setState('connecting');
    const life = this.life;
    await this.clock.load(sandbox); // asks for a token where one is wanted
    if (life !== this.life) return;
    this.connect(life);
    await this.load(life);
  }

  clear() {
    this.rows = [];
    this.byKey.clear();
    this.pending = [];
    this.skipped = 0;
    this.ledger.clear();
    this.tell({ all: true });
  }

  connect(life) {
    const source = new EventSource(eventsURL(this.sandbox));
    this.source = source;
    source.onopen = () => { if (life === this.life) this.setState('live'); };
    source.onerror = () => {
      if (life !== this.life) return;
      this.setState('lost');
      if (source.readyState === EventSource.CLOSED) this.again(life); // the browser has given up
    };
    for (const kind of ['request', 'push', 'car', 'clock', 'fault', 'reset', 'lagged', 'skipped']) {
      source.addEventListener(kind, (e) => { if (life === this.life) this.take(kind, e.data, life); });
    }
  }

  again(life) {
    setTimeout(async () => {
      if (life !== this.life) return;
      try { await this.open(this.sandbox); } catch { this.again(this.life); }
    }, 2000);
  }

  take(kind, text, life) {
    this.pending.push([kind, text]);
    if (!this.timer) this.timer = setTimeout(() => { this.timer = 0; if (life === this.life) this.flush(); }, BATCH);
  }

  flush() {
    const pending = this.pending;
    this.pending = [];
    const news = { added: 0, changed: new Set(), kinds: new Set() };
    let reload = false;
    for (const [kind, text] of pending) {
      const item = JSON.parse(text);
      news.kinds.add(kind);
      if (kind === 'lagged') { reload = true; continue; }
      if (kind === 'skipped') { this.skip(item); continue; }
      if (kind === 'clock') this.clock.set(item);
      if (kind === 'reset') { this.clear(); reload = true; }
      this.ledger.live(kind, item);
      this.merge(rowOf(kind, item, this.keyOf(kind, item)), news);
    }
    this.trim();
    this.tell(news);
    if (reload) this.load(this.life).catch(() => this.setState('lost'));
  }

  // skip books requests that were too many to be sent; when it is calm again they
  // are read from the journal.
  skip(item) {
    this.skipped += item.requests;
    this.ledger.skip(item.codes);
    clearTimeout(this.calm);
    const life = this.life;
    this.calm = setTimeout(() => { if (life === this.life) this.load(life).catch(() => this.setState('lost')); }, CALM);
  }

  keyOf(kind, item) {
    if (kind === 'request' || kind === 'push') return `${kind}-${item.id}`;
    return `${kind}-n${++this.serial}`;
  }

  merge(row, news) {
    const known = this.byKey.get(row.key);
    if (known) {
      Object.assign(known, row);
      news.changed.add(row.key);
      return;
    }
    this.byKey.set(row.key, row);
    this.rows.push(row);
    news.added++;
  }

  trim() {
    if (this.rows.length <= KEEP + SLACK) return;
    for (const row of this.rows.splice(0, this.rows.length - KEEP)) this.byKey.delete(row.key);
  }

  // load reads what was before the stream began, newest first, in pages.
  async load(life) {
    const [clock] = await Promise.all([
      get(of(this.sandbox, 'clock')), this.history(life, 'request', 'requests'), this.history(life, 'push', 'pushes'),
    ]);
    if (life !== this.life) return;
    this.clock.set(clock);
    this.skipped = 0;
    this.tell({ all: true });
  }

  async history(life, kind, list) {
    let after = '';
    for (let n = 0; n < KEEP; n += PAGE) {
      const page = await get(`${of(this.sandbox, list)}?order=newest&limit=${PAGE}${after && '&after=' + encodeURIComponent(after)}`);
      if (life !== this.life) return;
      const fresh = this.prepend(kind, page.items);
      after = page.next ?? '';
      if (!after || !fresh) return; // what lies behind is known
    }
  }

  prepend(kind, newestFirst) {
    const older = [];
    for (const item of newestFirst) {
      const row = rowOf(kind, item, this.keyOf(kind, item));
      if (this.byKey.has(row.key)) continue; // the stream brought it, and newer
      this.byKey.set(row.key, row);
      older.push(row);
    }
    older.reverse();
    this.ledger.past(kind, older);
    this.rows = mergeByTime(older, this.rows);
    this.trim();
    this.tell({ all: true });
    return older.length;
  }
}

const number = (row) => Number(row.item.id.slice(1));

function before(a, b) {
  if (a.what === 'request' && b.what === 'request') return number(a) < number(b);
  return a.at < b.at || (a.at === b.at && a.what === 'request');
}

// mergeByTime keeps each list's own order; of what has one time, requests come
// before the pushes they caused.
function mergeByTime(a, b) {
  const out = [];
  let i = 0;
  for (const row of b) {
    while (i < a.length && before(a[i], row)) out.push(a[i++]);
    out.push(row);
  }
  return out.concat(a.slice(i));
}
