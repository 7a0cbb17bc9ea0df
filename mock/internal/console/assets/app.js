// The frame around the pages: navigation, sandbox, clock, language, appearance.

import { all, onUnauthorized, signIn } from './api.js';
import { Clock } from './clock.js';
import { button, choice, field, h, icon, put } from './dom.js';
import { Feed } from './feed.js';
import { lang, setLang, t } from './i18n.js';
import { charts } from './charts.js';
import { city } from './city.js';
import { faults } from './faults.js';
import { live } from './live.js';
import { sandboxes as sandboxesPage } from './sandboxes.js';
import { scenarios } from './scenarios.js';
import { time } from './time.js';
import { dialog, doing, fail, onAnnounce, say } from './show.js';

const pages = { live, city, time, faults, scenarios, sandboxes: sandboxesPage, charts };
const THEME = 'etcp-mock.theme';

const app = { sandbox: 'default', merchants: [], clock: new Clock(), query: new URLSearchParams(), address, choose, refresh };
app.feed = new Feed(app.clock);

const main = h('main', { id: 'main', tabindex: 0 });
let page = null;
let current = '';

// The address: #/page?s=sandbox&…, so that it can be sent to a colleague.
function readAddress() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  app.query = new URLSearchParams(query ?? '');
  return path in pages ? path : 'live';
}

function hashOf(name, query) {
  const q = new URLSearchParams(query);
  if (app.sandbox !== 'default') q.set('s', app.sandbox);
  const text = q.toString();
  return `#/${name}${text ? '?' + text : ''}`;
}

function address(changes) {
  for (const [key, value] of Object.entries(changes)) {
    if (value) app.query.set(key, value);
    else app.query.delete(key);
  }
  app.query.delete('s');
  history.replaceState(null, '', hashOf(current, app.query));
}

function render() {
  const name = readAddress();
  page?.close?.();
  current = name;
  document.title = `${t(`nav.${name}`)} · ${app.sandbox} · etcp-mock`;
  page = pages[name](app);
  put(main, page.element);
  for (const link of document.querySelectorAll('nav a')) {
    if (link.dataset.page === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
    link.href = hashOf(link.dataset.page, '');
  }
}

async function choose(id) {
  app.sandbox = id;
  app.query = new URLSearchParams();
  history.replaceState(null, '', hashOf(current, ''));
  render();
  await follow();
}

async function follow() {
  try {
    await app.feed.open(app.sandbox);
  } catch (error) {
    if (error.status === 404 && app.sandbox !== 'default') {
      say(t('app.gone', { id: app.sandbox }), 'bad');
      await choose('default');
    } else {
      fail(error);
      app.feed.again(app.feed.life);
    }
  }
}

const sandboxes = h('div', { class: 'chooser' });

// refresh reads which sandboxes there are.
async function refresh() {
  const items = await all('sandboxes');
  app.merchants = items.find((i) => i.id === app.sandbox)?.merchants ?? [];
  const ids = items.map((i) => i.id);
  if (!ids.includes(app.sandbox)) ids.unshift(app.sandbox);
  const select = choice(ids.map((id) => [id, id]), app.sandbox, doing(async (id) => { await choose(id); await refresh(); }), t('app.sandbox'));
  put(sandboxes, icon('sandboxes'), select);
  return items;
}

function clockBar() {
  const { clock } = app;
  const time = h('time', { class: 'clock-time' });
  const mode = h('span', { class: 'clock-mode' });
  const freeze = button({ text: t('clock.freeze'), icon: 'pause', act: doing(() => clock.change(app.sandbox, clock.mode === 'frozen' ? { mode: 'running', rate: 1 } : { mode: 'frozen' })) });
  const fast = button({ text: '60×', hint: t('clock.fast'), act: doing(() => clock.change(app.sandbox, { mode: 'running', rate: clock.mode === 'running' && clock.rate === 60 ? 1 : 60 })) });
  fast.setAttribute('aria-label', t('clock.fast'));
  const steps = ['1m', '15m', '1h', '1d'].map((by) => {
    const b = button({ text: `+${by}`, kind: 'step', hint: t('clock.step', { by }), act: doing(async () => { await clock.advance(app.sandbox, by); say(t('clock.moved', { by })); }) });
    b.setAttribute('aria-label', `+${by}: ${t('clock.step', { by })}`);
    return b;
  });
  const tick = () => {
    const text = clock.text() || '–';
    if (time.textContent !== text) time.textContent = text;
  };
  const changed = () => {
    const frozen = clock.mode === 'frozen';
    mode.textContent = frozen ? t('clock.frozen') : clock.rate === 1 ? t('clock.running') : t('clock.at', { rate: clock.rate });
    bar.classList.toggle('is-frozen', frozen);
    put(freeze, icon(frozen ? 'play' : 'pause'), h('span', null, frozen ? t('clock.run') : t('clock.freeze')));
    fast.setAttribute('aria-pressed', String(!frozen && clock.rate === 60));
    tick();
  };
  const bar = h('div', { class: 'clock', role: 'group', 'aria-label': t('clock.label') }, icon('time'), time, mode, h('div', { class: 'joined' }, freeze, fast), h('div', { class: 'joined steps' }, steps));
  clock.changed.clear();
  clock.changed.add(changed);
  clearInterval(app.ticking);
  app.ticking = setInterval(tick, 250);
  changed();
  return bar;
}

function theme() {
  const kept = localStorage.getItem(THEME) ?? 'auto';
  document.documentElement.dataset.theme = kept;
  const next = { auto: 'light', light: 'dark', dark: 'auto' }[kept];
  return button({
    icon: { auto: 'auto', light: 'sun', dark: 'moon' }[kept], hint: `${t('app.theme')}: ${t(`app.theme.${kept}`)}`, kind: 'quiet',
    act: () => { localStorage.setItem(THEME, next); frame(); document.querySelector('.theme button')?.focus(); },
  });
}

let offState = () => {};

function state() {
  const dot = h('span', { class: 'state', role: 'status' });
  const show = () => {
    dot.className = `state state-${app.feed.state}`;
    put(dot, h('i', { 'aria-hidden': 'true' }), h('span', null, t(`app.state.${app.feed.state}`)));
  };
  offState();
  offState = app.feed.on((news) => { if (news.state) show(); });
  show();
  return dot;
}

// frame draws everything, in the language and appearance of now.
function frame() {
  setLang(lang());
  const other = lang() === 'zh' ? 'en' : 'zh';
  const language = h('button', {
    type: 'button', class: 'button quiet', lang: other === 'zh' ? 'zh-CN' : 'en', on: { click: () => { setLang(other); frame(); document.querySelector('.language button')?.focus(); } },
  }, other === 'zh' ? '中文' : 'English');
  const nav = h('nav', { 'aria-label': t('app.nav') }, h('ul', null, Object.keys(pages).map((name) =>
    h('li', null, h('a', { href: hashOf(name, ''), 'data-page': name }, icon(name), h('span', null, t(`nav.${name}`)))))));
  const scroll = main.scrollTop;
  put(document.body,
    h('a', { class: 'skip', href: '#main', on: { click: (e) => { e.preventDefault(); main.focus(); } } }, t('app.skip')),
    h('header', { class: 'top' },
      h('span', { class: 'brand' }, h('img', { src: 'icon.svg', alt: '', width: 20, height: 20 }), h('b', null, 'etcp-mock')),
      sandboxes, clockBar(), h('span', { class: 'grow' }), state(), h('span', { class: 'language' }, language), h('span', { class: 'theme' }, theme())),
    nav, main, toasts);
  render();
  main.scrollTop = scroll;
  refresh().catch(() => {}); // follow tells what is wrong with the server
}

const toasts = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' });
onAnnounce((text, kind) => {
  const toast = h('p', { class: `toast ${kind ?? ''}` }, text);
  toasts.append(toast);
  setTimeout(() => toast.remove(), kind === 'bad' ? 9000 : 2500);
});

async function askForToken() {
  const input = h('input', { type: 'password', autocomplete: 'current-password', required: true });
  const wrong = h('p', { class: 'bad-text', role: 'alert' });
  await new Promise((resolve) => {
    const enter = async () => {
      try {
        await signIn(input.value.trim());
        resolve();
        d.close();
      } catch (error) {
        wrong.textContent = error.status === 401 ? t('app.token.wrong') : error.message;
        input.select();
      }
    };
    input.addEventListener('keydown', (e) => { if (e.key === 'Enter') enter(); });
    const d = dialog(t('app.token.title'), [h('p', null, t('app.token.why')), field(t('app.token.label'), input), wrong], [button({ text: t('app.token.enter'), kind: 'primary', act: enter })]);
    d.closed.then(resolve);
    input.focus();
  });
}
onUnauthorized(askForToken);

addEventListener('hashchange', () => {
  const wanted = new URLSearchParams(location.hash.split('?')[1] ?? '').get('s') ?? 'default';
  if (wanted !== app.sandbox) { app.sandbox = wanted; follow(); refresh().catch(fail); }
  render();
  main.focus();
});

readAddress();
app.sandbox = app.query.get('s') ?? 'default';
frame();
follow();
