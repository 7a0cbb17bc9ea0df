// The sandbox's clock, as the page keeps it between what the server says.

import { format, parse } from './times.js';
import { get, of, post, putTo } from './api.js';

export class Clock {
  constructor() {
    this.mode = 'running';
    this.rate = 1;
    this.base = NaN;
    this.since = performance.now();
    this.changed = new Set();
  }

  set({ now, mode, rate }) {
    this.base = parse(now);
    this.since = performance.now();
    if (mode) this.mode = mode;
    if (rate) this.rate = rate;
    for (const act of this.changed) act(this);
  }

  // now is in milliseconds, as parse gives them.
  now() {
    if (this.mode === 'frozen') return this.base;
    return this.base + (performance.now() - this.since) * this.rate;
  }

  text() { return format(this.now()); }

  async load(sandbox) { this.set(await get(of(sandbox, 'clock'))); }
  async change(sandbox, to) { this.set(await putTo(of(sandbox, 'clock'), to)); }
  async advance(sandbox, by) { this.set(await post(of(sandbox, 'clock/advance'), { by })); }
}
