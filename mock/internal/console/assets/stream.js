// The event stream of a sandbox, one for all tabs of the browser: the tab that holds the sandbox's lock reads it and passes
// on what comes over a channel. A browser opens six connections to a server at most, and a stream keeps one.

import { eventsURL, get, of } from './api.js';

const KINDS = ['request', 'push', 'car', 'clock', 'fault', 'faults', 'rules', 'merchants', 'sandboxes', 'rule', 'merchant', 'sandbox', 'reset', 'lagged', 'skipped'];
const SLOTS = 3; // streams of all sandboxes together; the other connections are for calls
const POLL = 3_000; // milliseconds between two looks where there is no slot
const AGAIN = 1_500; // milliseconds until a stream that ended is opened again
const PAST = 400; // events before the page was opened that are passed on to other tabs
const NOTHING = '-0'; // an id of no sandbox: the server answers with its own newest id

const shares = 'locks' in navigator && 'BroadcastChannel' in globalThis;

// split takes an event's id apart: whose it is, and its number.
function split(id) {
  const at = id.lastIndexOf('-');
  return [id.slice(0, at), Number(id.slice(at + 1))];
}

export class Stream {
  // event({kind, text, number, past}), state(name), gone(), poll() and fenced() are what happens.
  constructor(acts) {
    Object.assign(this, acts);
    this.turn = 0;
    this.onVisible = () => this.visible();
    document.addEventListener('visibilitychange', this.onVisible);
  }

  open(sandbox) {
    this.close();
    const turn = ++this.turn;
    Object.assign(this, { sandbox, last: '', fence: -1, past: [], leads: false, waiting: false, stopped: new AbortController() });
    // ready is when it is known from which event on the stream brings everything, or that it does not for now: what is read
    // from then on has all that is before it.
    this.ready = new Promise((resolve) => { this.isReady = resolve; });
    if (!shares) {
      this.connect(turn);
      return;
    }
    this.channel = new BroadcastChannel(`etcp-mock.events.${sandbox}`);
    this.channel.onmessage = (e) => { if (turn === this.turn) this.hear(e.data); };
    this.needs = new BroadcastChannel('etcp-mock.needs-a-stream');
    this.needs.onmessage = () => { if (document.hidden) this.yieldTo(); };
    this.channel.postMessage({ hello: true });
    this.queue(turn);
  }

  close() {
    this.turn++;
    this.stopped?.abort();
    this.source?.close();
    this.source = null;
    this.release?.();
    this.channel?.close();
    this.needs?.close();
    this.channel = this.needs = null;
    clearTimeout(this.timer);
    clearInterval(this.polling);
  }

  // queue waits for its turn to read the stream.
  queue(turn) {
    this.stopped = new AbortController();
    const { signal } = this.stopped;
    navigator.locks.request(`etcp-mock.events.${this.sandbox}`, { signal }, async () => {
      const slot = await this.slot(turn, signal);
      if (turn !== this.turn) { slot?.(); return; }
      this.leads = true;
      this.connect(turn);
      await new Promise((resolve) => { this.release = resolve; });
      this.leads = false;
      this.source?.close();
      slot?.();
    }).catch((error) => { if (error.name !== 'AbortError') throw error; });
  }

  // slot is one of the few streams that the browser may hold; while there is none the page looks now and then.
  async slot(turn, signal) {
    const take = (n, options) => new Promise((resolve) => {
      navigator.locks.request(`etcp-mock.stream.${n}`, options, (lock) => {
        if (!lock) { resolve(null); return undefined; }
        return new Promise((free) => resolve(free));
      }).catch(() => resolve(null));
    });
    for (let n = 0; n < SLOTS; n++) {
      const free = await take(n, { ifAvailable: true });
      if (free) return free;
    }
    this.needs?.postMessage({});
    this.waiting = true;
    this.isReady();
    this.show('live');
    this.polling = setInterval(() => this.poll(), POLL);
    const free = await take(Math.floor(Math.random() * SLOTS), { signal });
    clearInterval(this.polling);
    this.waiting = false;
    return turn === this.turn ? free : (free?.(), null);
  }

  // yieldTo gives the stream to a page that is looked at.
  yieldTo() {
    if (!this.leads) return;
    this.idle = true;
    this.release?.();
  }

  visible() {
    if (document.hidden || !this.idle) return;
    this.idle = false;
    this.queue(this.turn);
  }

  connect(turn) {
    const source = new EventSource(eventsURL(this.sandbox, this.last || NOTHING));
    this.source = source;
    source.onopen = () => { if (turn === this.turn && this.last) this.pass({ state: 'live' }); };
    source.onerror = () => {
      if (turn !== this.turn || source !== this.source) return;
      this.pass({ state: 'lost' });
      if (source.readyState === EventSource.CLOSED) this.again(turn); // the browser has given up
    };
    for (const kind of KINDS) {
      source.addEventListener(kind, (e) => {
        if (turn !== this.turn || source !== this.source) return;
        if (!this.last && kind === 'reset') this.rewind(turn, e.lastEventId);
        else this.pass({ kind, text: e.data, id: kind === 'lagged' ? '' : e.lastEventId });
      });
    }
  }

  // rewind follows from the first event that the server still has; those up to now are past.
  rewind(turn, id) {
    const [owner, number] = split(id);
    this.source.close();
    this.pass({ fence: number, last: `${owner}-0` });
    this.connect(turn);
  }

  again(turn) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      if (turn !== this.turn) return;
      try {
        await get(of(this.sandbox));
      } catch (error) {
        if (turn !== this.turn) return;
        if (error.status === 404) this.pass({ gone: true });
        else this.again(turn);
        return;
      }
      if (turn === this.turn) this.connect(turn);
    }, AGAIN);
  }

  // pass hands on what has come, here and to the other tabs.
  pass(message) {
    if (this.channel) this.channel.postMessage(message);
    this.take(message);
  }

  hear(message) {
    if (!message.hello) this.take(message);
    else if (this.leads) {
      if (!this.last) return; // it does so itself, soon
      const [owner, number] = split(this.last);
      this.channel.postMessage({ fence: owner === this.fenceOf ? Math.max(number, this.fence) : number, last: `${owner}-0` });
      for (const one of this.past) this.channel.postMessage(one);
      if (this.now) this.channel.postMessage({ state: this.now });
    }
  }

  take(message) {
    if (message.state) this.show(message.state);
    else if (message.gone) this.gone();
    else if (message.fence !== undefined) {
      if (this.fence >= 0) return; // of another tab that came later
      this.fence = message.fence;
      [this.fenceOf] = split(message.last);
      this.last ||= message.last;
      this.isReady();
      this.fenced();
    } else if (message.kind) this.arrive(message);
  }

  show(state) {
    this.now = state;
    this.state(state);
  }

  arrive(message) {
    const { kind, text, id } = message;
    if (id) {
      const [owner, number] = split(id);
      const [seenOf, seen] = split(this.last || '-');
      if (owner === seenOf && number <= seen) return;
      this.last = id;
      if (kind !== 'request' && kind !== 'push' && kind !== 'skipped') {
        this.past.push(message);
        if (this.past.length > PAST) this.past.shift();
      }
      this.event({ kind, text, number, past: owner === this.fenceOf && number <= this.fence });
      return;
    }
    this.event({ kind, text, past: false });
  }
}
