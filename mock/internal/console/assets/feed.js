// What happens in one sandbox: its journal, its pushes and its events, kept as
// one list of rows, oldest first, that the pages draw newest first.

import { get, of } from './api.js';
import { Counts } from './counts.js';
import { Links } from './links.js';
import { Stream } from './stream.js';

export const KEEP = 20_000;
const SLACK = 1_000; // rows past KEEP before the oldest are cut off
const BATCH = 8; // milliseconds that events gather before the page draws
const PAGE = 1_000;
const PATIENCE = 1_000; // milliseconds that reading waits for the stream
const STORM = 2_000; // milliseconds between two readings of a page while more happens than the stream passes on
const CALM = 1_500; // milliseconds without a skip until the journal is read for what was left out

// rowed are the events that are rows of the list; of the others only the kind is news.
const rowed = new Set(['request', 'push', 'car', 'clock', 'fault', 'reset']);

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
    this.loaded = false;
    this.turn = 0;
    this.serial = 0;
    this.moved = 0; // how often the stream said that the clock shows something else
    this.counts = new Counts();
    this.links = new Links();
    this.stormed = -Infinity;
    this.skipped = 0; // requests that the stream left out and that have not been read yet
    this.stream = new Stream({
      event: (e) => this.take(e),
      state: (state) => this.setState(state),
      gone: () => this.announce({ gone: true }),
      poll: () => this.load(this.turn).catch(() => {}),
      fenced: () => { if (this.began) this.load(this.turn).catch(() => this.setState('lost')); }, // what came between
    });
  }

  on(act) {
    this.listeners.add(act);
    return () => this.listeners.delete(act);
  }

  announce(news) { for (const act of [...this.listeners]) act(news); }

  setState(state) {
    if (this.state === state) return;
    this.state = state;
    this.announce({ state });
  }

  close() {
    this.turn++;
    this.began = false;
    this.stream.close();
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
    const turn = this.turn;
    await this.clock.load(sandbox); // asks for a token where one is wanted
    if (turn !== this.turn) return;
    this.stream.open(sandbox);
    await Promise.race([this.stream.ready, new Promise((resolve) => { setTimeout(resolve, PATIENCE); })]);
    if (turn !== this.turn) return;
    this.began = true;
    await this.load(turn);
  }

  clear() {
    this.rows = [];
    this.byKey.clear();
    this.pending = [];
    this.skipped = 0;
    this.loaded = false;
    this.counts.clear();
    this.links.clear();
    this.announce({ all: true });
  }

  take(event) {
    this.pending.push(event);
    if (!this.timer) {
      const turn = this.turn;
      this.timer = setTimeout(() => { this.timer = 0; if (turn === this.turn) this.flush(); }, BATCH);
    }
  }

  flush() {
    const pending = this.pending;
    this.pending = [];
    const news = { added: 0, changed: new Set(), kinds: new Set() };
    let before = [];
    let reload = false;
    for (const { kind, text, number: event, past } of pending) {
      const item = JSON.parse(text);
      if (past) {
        if (kind === 'reset') before = [];
        if (rowed.has(kind) && kind !== 'request' && kind !== 'push') before.push(this.rowOf(kind, item, event));
        continue;
      }
      news.kinds.add(kind);
      if (kind === 'lagged') { reload = true; continue; }
      if (kind === 'skipped') { this.skip(item); continue; }
      if (kind === 'clock' || kind === 'reset') this.moved++;
      if (kind === 'clock') this.clock.set(item);
      if (kind === 'sandbox' && item.action === 'deleted' && item.ids.includes(this.sandbox)) news.gone = true;
      if (kind === 'reset') {
        this.clear();
        reload = true;
        news.restarted = item.cause === 'unknown-event-id';
      }
      if (!rowed.has(kind)) continue;
      this.counts.live(kind, item);
      this.merge(this.rowOf(kind, item, event), news);
    }
    if (before.length) {
      this.insert(before);
      news.all = true;
    }
    this.trim();
    this.announce(news);
    if (reload) this.load(this.turn).catch(() => this.setState('lost'));
  }

  // skip counts requests that were too many to be sent; when it is calm again they
  // are read from the journal.
  skip(item) {
    this.skipped += item.requests;
    this.stormed = performance.now();
    this.counts.skip(item.codes);
    clearTimeout(this.calm);
    const turn = this.turn;
    this.calm = setTimeout(() => { if (turn === this.turn) this.load(turn).catch(() => this.setState('lost')); }, CALM);
  }

  // pace is how long a page waits until it reads again what has changed: longer in a storm, in which nobody reads along, so
  // that an open page costs a busy server next to nothing.
  pace(ms) { return performance.now() - this.stormed < 2 * STORM ? STORM : ms; }

  // rowOf is one line of the list: what = request, push, car, clock, fault or reset. Its key is of the request or push, or of the event, and
  // so the same after a reload.
  rowOf(what, item, event) {
    const key = what === 'request' || what === 'push' ? `${what}-${item.id}` : `${what}-n${event ?? `x${++this.serial}`}`;
    const row = { what, item, key, at: item.at ?? item.createdAt ?? item.now ?? (item.exitTime || item.entranceTime || ''), text: null };
    this.links.read(row);
    return row;
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
  async load(turn) {
    const moved = this.moved;
    const [clock] = await Promise.all([
      get(of(this.sandbox, 'clock')), this.history(turn, 'request', 'requests'), this.history(turn, 'push', 'pushes'),
    ]);
    if (turn !== this.turn) return;
    if (moved === this.moved) this.clock.set(clock); // else the stream has brought what is newer
    this.skipped = 0;
    this.loaded = true;
    for (const row of this.rows) this.links.resolve(row); // what an older row says
    this.announce({ all: true });
  }

  async history(turn, kind, list) {
    let after = '';
    for (let n = 0; n < KEEP; n += PAGE) {
      const page = await get(`${of(this.sandbox, list)}?order=newest&limit=${PAGE}${after && '&after=' + encodeURIComponent(after)}`);
      if (turn !== this.turn) return;
      const fresh = this.prepend(kind, page.items);
      after = page.next ?? '';
      if (!after || !fresh) return; // what lies behind is known
    }
  }

  prepend(kind, newestFirst) {
    const older = [];
    for (const item of newestFirst) {
      if (this.byKey.has(`${kind}-${item.id}`)) continue; // the stream brought it, and newer
      const row = this.rowOf(kind, item);
      this.byKey.set(row.key, row);
      older.push(row);
    }
    older.reverse();
    this.counts.past(kind, older);
    this.insert(older);
    this.trim();
    this.announce({ all: true });
    return older.length;
  }

  // insert puts rows where their time is.
  insert(rows) {
    for (const row of rows) this.byKey.set(row.key, row);
    this.rows = mergeByTime(rows, this.rows);
  }
}

const number = (row) => Number(row.item.id.slice(1));

function before(a, b) {
  if (a.what === 'request' && b.what === 'request') return number(a) < number(b);
  if (a.at !== b.at) return a.at < b.at;
  return order[a.what] < order[b.what];
}

// order is what comes first of what has one time: the clock moves, then requests and cars cause pushes.
const order = { reset: 0, clock: 1, request: 2, car: 3, fault: 4, push: 5 };

// mergeByTime keeps each list's own order.
function mergeByTime(a, b) {
  const out = [];
  let i = 0;
  for (const row of b) {
    while (i < a.length && before(a[i], row)) out.push(a[i++]);
    out.push(row);
  }
  return out.concat(a.slice(i));
}
