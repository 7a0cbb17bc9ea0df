// Counts for the charts: requests by second and code since the page was opened,
// and how long merchants took to answer.

const SECONDS = 300;
const LATENCIES = 2_000;

export class Counts {
  constructor() { this.clear(); }

  clear() {
    this.buckets = []; // {second, codes: Map(code → n), total}, oldest first
    this.latencies = []; // {ms, ok, at}
    this.counted = new Set();
  }

  live(kind, item) {
    if (kind === 'request') this.count(item.code, 1);
    if (kind === 'push') this.attempts(item);
  }

  // skip counts requests by code that the stream left out.
  skip(codes) {
    for (const [code, n] of Object.entries(codes)) this.count(Number(code), n);
  }

  count(code, n) {
    const second = Math.floor(Date.now() / 1000);
    let last = this.buckets.at(-1);
    if (last?.second !== second) {
      last = { second, codes: new Map(), total: 0 };
      this.buckets.push(last);
      if (this.buckets.length > SECONDS) this.buckets.shift();
    }
    last.total += n;
    last.codes.set(code, (last.codes.get(code) ?? 0) + n);
  }

  past(kind, rows) {
    if (kind === 'push') for (const { item } of rows) this.attempts(item);
  }

  attempts(push) {
    push.attempts.forEach((a, i) => {
      const key = `${push.id}/${i}`;
      if (this.counted.has(key)) return;
      this.counted.add(key);
      this.latencies.push({ ms: a.durationMs, ok: !a.error, at: a.at });
    });
    if (this.latencies.length > LATENCIES) this.latencies.splice(0, this.latencies.length - LATENCIES);
    if (this.counted.size > 5 * LATENCIES) this.counted = new Set([...this.counted].slice(-LATENCIES));
  }

  // seconds is the newest n seconds, those without a request included.
  seconds(n) {
    const now = Math.floor(Date.now() / 1000);
    const by = new Map(this.buckets.map((b) => [b.second, b]));
    return Array.from({ length: n }, (_, i) => by.get(now - n + 1 + i) ?? { second: now - n + 1 + i, codes: new Map(), total: 0 });
  }
}
