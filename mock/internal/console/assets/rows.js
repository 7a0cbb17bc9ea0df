// The rows of Live: how a request, a push, a car, a move of the clock and a day are drawn.

import { codeName, kindName } from './codes.js';
import { h, icon, put, setText } from './dom.js';
import { known, own, t } from './i18n.js';
import { failing, retried } from './query.js';
import { plateClass } from './show.js';
import { dayOf, gap, lasting, parse, timeOf } from './times.js';

// makeRow is an empty row.
export function makeRow() {
  const cells = {};
  for (const name of ['time', 'sign', 'what', 'merchant', 'plate', 'result', 'took']) cells[name] = h('span', { class: `c-${name}` });
  cells.plate.append(h('span'));
  const line = h('span', { class: 'c-divider', hidden: true });
  return { element: h('div', { class: 'row' }, Object.values(cells), line), cells, line };
}

// retryText is "3 of 6, next 12:02:40".
function retryText(item, now, most) {
  const next = item.nextAttemptAt ? (dayOf(item.nextAttemptAt) === dayOf(now) ? timeOf(item.nextAttemptAt) : item.nextAttemptAt) : '';
  return t(next ? 'live.retry' : 'live.retry.running', { n: item.attempts.length, all: most ?? '?', next });
}

export function outcome(row, now, most) {
  const { what, item } = row;
  if (what === 'request') {
    if (item.cut) return ['bad', t(`live.cut.${item.cut}`)];
    const http = item.httpStatus === 200 ? '' : ` · HTTP ${item.httpStatus}`;
    if (item.code === 0) return [failing(row) ? 'bad' : 'good', `0${http}`];
    return ['bad', `${item.code} ${codeName(item.code)}${item.reason ? ' · ' + item.reason : ''}${http}`];
  }
  if (what === 'push') {
    const last = item.attempts?.at(-1);
    const note = item.status === 'delivered' || !last?.error ? '' : ` · ${own(last, 'error')}`;
    if (retried(item)) return ['wait', retryText(item, now, most) + note];
    return [{ delivered: 'good', failed: 'bad', pending: 'quiet' }[item.status] ?? '', t(`status.${item.status}`) + note];
  }
  if (what === 'car') return ['', t(`live.event.${item.state}`) + (item.state === 'parked' ? '' : ` · ¥${item.parkingFee}`)];
  if (what === 'fault') return ['wait', [item.endpoint || item.pushId, JSON.stringify(item.fault?.do)].filter(Boolean).join(' · ')];
  return ['', ''];
}

function title(row) {
  const { what, item } = row;
  if (what === 'request') return item.endpoint || '?';
  if (what === 'push') return kindName(item.kind);
  if (what === 'car') return item.parkingName ?? '';
  if (what === 'fault') return `${t('live.event.fault')} ${item.fault?.name || item.fault?.id || ''}`;
  return known(`live.event.${what}`) ? t(`live.event.${what}`) : what;
}

// paint draws a plate; of a request the colour is what it says, blue by default.
function paint(cell, row) {
  const number = row.plate;
  setText(cell.firstChild, number);
  const color = row.item.plateColor ?? row.item.data?.plateColor;
  const look = number ? plateClass(number, color) : '';
  if (cell.firstChild.className !== look) cell.firstChild.className = look;
}

const drawings = { request: 'in', push: 'send', car: 'city', clock: 'time', fault: 'faults', reset: 'reset' };

// dividerText is what a line between rows says: a day, a move of the clock, a reset.
export function dividerText(row) {
  const { divider, item } = row;
  if (divider === 'day') return row.at;
  if (divider === 'reset') return t({ restore: 'live.event.restore', reset: 'live.event.reset', undo: 'live.event.undo' }[item.cause] ?? 'live.event.restart');
  const moved = row.since ? parse(item.now) - parse(row.since) : 0;
  const shown = dayOf(item.now) === dayOf(row.since ?? item.now) ? timeOf(item.now) : item.now;
  const step = moved >= 1000 ? t('live.moved', { by: gap(moved) }) : '';
  const mode = item.mode === 'frozen' ? '' : ` · ${item.rate === 1 ? t('clock.running') : t('clock.at', { rate: item.rate })}`;
  return `${shown}${step}${mode}`;
}

export function drawRow(row, { element, cells, line }, now, most) {
  if (row.divider) {
    element.className = `row row-divider divider-${row.divider}`;
    line.hidden = false;
    for (const name of ['time', 'what', 'merchant', 'result', 'took']) setText(cells[name], '');
    setText(cells.plate.firstChild, '');
    setText(line, dividerText(row));
    return;
  }
  line.hidden = true;
  const { what, item } = row;
  const [tone, text] = outcome(row, now, most);
  element.className = `row row-${what} ${tone}`;
  setText(cells.time, timeOf(row.at));
  if (cells.time.title !== row.at) cells.time.title = row.at;
  if (cells.sign.dataset.what !== what) {
    cells.sign.dataset.what = what;
    put(cells.sign, icon(drawings[what] ?? 'live'));
  }
  setText(cells.what, title(row));
  setText(cells.merchant, item.merchantNo ?? '');
  paint(cells.plate, row);
  setText(cells.result, text);
  if (cells.result.title !== text) cells.result.title = text;
  setText(cells.took, what === 'request' ? lasting(item.durationMicros) : what === 'push' && item.attempts?.length ? `${item.attempts.at(-1).durationMs} ms` : '');
}

// Shown is the list as it is drawn: the rows that pass a filter, with lines for days, moves of the clock and resets.
export class Shown {
  constructor(passes, whole) {
    Object.assign(this, { passes, whole, items: [], count: 0, before: '', clock: null });
  }

  // add appends rows and says how many lines that makes.
  add(rows) {
    const had = this.items.length;
    for (const row of rows) {
      if (row.what === 'clock' || row.what === 'reset') this.line(row);
      else if (this.passes(row)) this.row(row);
    }
    return this.items.length - had;
  }

  line(row) {
    row.divider = row.what;
    row.since ??= this.before || undefined;
    this.clock = row;
    if (this.whole) this.flushClock();
  }

  flushClock() {
    if (!this.clock) return;
    const row = this.clock;
    this.clock = null;
    this.day(row.at);
    this.items.push(row);
    this.before = row.at;
  }

  row(row) {
    if (this.items.length) this.flushClock();
    this.clock = null;
    this.day(row.at);
    this.items.push(row);
    this.count++;
    this.before = row.at;
  }

  day(at) {
    const day = dayOf(at);
    if (this.lastDay && this.lastDay !== day) this.items.push({ key: `day-${this.lastDay}-${this.items.length}`, divider: 'day', at: this.lastDay });
    this.lastDay = day;
  }
}
