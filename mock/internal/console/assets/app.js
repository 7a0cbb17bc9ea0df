// The frame around the pages: navigation, sandbox, clock, language, appearance.

import { all, get, onUnauthorized } from './api.js';
import { hashOf, readAddress } from './address.js';
import { Clock } from './clock.js';
import { clockBar } from './clockbar.js';
import { button, choice, h, icon, put } from './dom.js';
import { Feed } from './feed.js';
import { lang, setLang, t } from './i18n.js';
import { listenForKeys } from './keys.js';
import { banner, banners, doing, fail, notices } from './notices.js';
import { openPalette } from './palette.js';
import { pages, shownIn } from './pages.js';
import { askForToken } from './signin.js';

const THEME = 'etcp-mock.theme';
const LOOK = 3_000; // milliseconds between two looks at which sandboxes there are

const app = { sandbox: 'default', merchants: [], sandboxes: [], clock: new Clock(), at: readAddress(), last: {}, pages, go, href, choose, refresh, switchLanguage, switchTheme };
app.feed = new Feed(app.clock);

const main = h('main', { id: 'main', tabindex: -1 });
let page = null;

// href is the address of a page of the shown sandbox; without a query, the one it was left with.
function href(name, part = '', query = undefined) {
  return hashOf({ page: name, part, sandbox: app.sandbox, query: query ?? (part ? '' : app.last[name] ?? '') });
}

// go changes the query of the shown page: in the address, and as a step that Back undoes where push is set.
function go(changes, { push = false } = {}) {
  const asked = resolve(readAddress());
  if (asked.page !== app.at.page || asked.part !== app.at.part) return; // a link was followed, and the page it leads to is not shown yet
  for (const [key, value] of Object.entries(changes)) {
    if (value) app.at.query.set(key, value);
    else app.at.query.delete(key);
  }
  const hash = hashOf({ ...app.at, sandbox: app.sandbox });
  if (hash === location.hash) return;
  if (push) history.pushState(null, '', hash);
  else history.replaceState(null, '', hash);
  leaveMark();
}

// leaveMark notes how a page was left, for the link to it; what is open in it is not part of that.
function leaveMark() {
  const query = new URLSearchParams(app.at.query);
  query.delete('row');
  app.last[app.at.page] = query.toString();
  drawLinks();
}

function resolve(at) {
  return at.page in pages ? at : { ...at, page: 'live', part: '' };
}

function drawLinks() {
  const chosen = shownIn[app.at.page] ?? app.at.page;
  for (const link of document.querySelectorAll('nav a')) {
    if (link.dataset.page === chosen) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
    link.href = href(link.dataset.page);
  }
}

function drawTitle() {
  const name = app.at.part ? `${t(`nav.${app.at.page}`)} ${app.at.part.slice(0, 12)}` : t(`nav.${app.at.page}`);
  document.title = `${name} · ${app.sandbox} · etcp-mock`;
}

function render() {
  page?.close?.();
  drawTitle();
  page = pages[app.at.page](app);
  put(main, page.element);
  leaveMark();
}

// arrive goes where the address says.
function arrive() {
  const before = app.at;
  app.at = resolve(readAddress());
  const other = app.at.sandbox !== app.sandbox;
  if (other) {
    app.sandbox = app.at.sandbox;
    app.last = {};
    follow();
    refresh().catch(fail);
  }
  if (!other && app.at.page === before.page && app.at.part === before.part && page?.arrive) {
    page.arrive(app.at.query);
    leaveMark();
    return;
  }
  render();
  main.focus({ preventScroll: true });
  main.scrollTop = 0;
}

async function choose(id) {
  app.sandbox = id;
  app.last = {};
  const kept = app.at.page === 'stay' ? 'orders' : app.at.page;
  app.at = { page: kept, part: '', sandbox: id, query: new URLSearchParams() };
  history.pushState(null, '', hashOf(app.at));
  render();
  await follow();
}

async function follow() {
  try {
    await app.feed.open(app.sandbox);
  } catch (error) {
    if (error.status === 404) await lost();
    else {
      fail(error);
      app.feed.setState('lost');
      app.feed.stream.again(app.feed.stream.turn);
    }
  }
}

// lost leaves a sandbox that is no longer there, and says so.
async function lost() {
  const id = app.sandbox;
  if (id === 'default') return;
  await choose('default');
  banner(t('app.gone', { id }));
  await refresh();
}

const sandboxes = h('div', { class: 'chooser' });

// refresh reads which sandboxes there are.
async function refresh() {
  const items = await all('sandboxes');
  app.sandboxes = items;
  app.merchants = items.find((i) => i.id === app.sandbox)?.merchants ?? [];
  const ids = items.map((i) => i.id);
  if (!ids.includes(app.sandbox)) ids.unshift(app.sandbox);
  const shown = sandboxes.querySelector('select');
  if (shown && shown.lang === lang() && [...shown.options].map((o) => o.value).join('\n') === ids.join('\n')) shown.value = app.sandbox;
  else {
    const select = choice(ids.map((id) => [id, id]), app.sandbox, (id) => choose(id).then(refresh).catch(fail), t('app.sandbox'));
    select.lang = lang();
    put(sandboxes, icon('sandboxes'), select);
  }
  for (const act of app.refreshed ?? []) act();
  return items;
}
app.refreshed = new Set();

function switchTheme() {
  const next = { auto: 'light', light: 'dark', dark: 'auto' }[localStorage.getItem(THEME) ?? 'auto'];
  localStorage.setItem(THEME, next);
  frame();
  document.querySelector('.theme button')?.focus();
}

function switchLanguage() {
  setLang(lang() === 'zh' ? 'en' : 'zh');
  frame();
  document.querySelector('.language button')?.focus();
}

function theme() {
  const kept = localStorage.getItem(THEME) ?? 'auto';
  document.documentElement.dataset.theme = kept;
  return button({ icon: { auto: 'auto', light: 'sun', dark: 'moon' }[kept], hint: `${t('app.theme')}: ${t(`app.theme.${kept}`)}`, kind: 'quiet', act: switchTheme });
}

let ends = [];

function state() {
  const dot = h('span', { class: 'state', role: 'status' });
  const replica = h('span', { class: 'replica' });
  const show = () => {
    dot.className = `state state-${app.feed.state}`;
    put(dot, h('i', { 'aria-hidden': 'true' }), h('span', null, t(`app.state.${app.feed.state}`)), replica);
    if (app.feed.state === 'live') get('version').then(({ replica: name }) => put(replica, name ? t('app.replica', { name }) : '')).catch(() => {}); // it may be another than before
  };
  ends.push(app.feed.on((news) => { if (news.state) show(); }));
  show();
  return dot;
}

// frame draws everything, in the language and appearance of now.
function frame() {
  setLang(lang());
  for (const end of ends.splice(0)) end();
  const other = lang() === 'zh' ? 'en' : 'zh';
  const language = h('button', { type: 'button', class: 'button quiet', lang: other === 'zh' ? 'zh-CN' : 'en', on: { click: switchLanguage } }, other === 'zh' ? '中文' : 'English');
  const links = Object.keys(pages).filter((name) => !(name in shownIn));
  const nav = h('nav', { 'aria-label': t('app.nav') }, h('ul', null, links.map((name) => h('li', null, h('a', { 'data-page': name, href: '#' }, icon(name), h('span', null, t(`nav.${name}`)))))));
  const clock = clockBar(app);
  ends.push(clock.close);
  const find = button({ text: t('find.button'), icon: 'search', hint: t('find.hint'), kind: 'find', act: () => openPalette(app) });
  const scroll = main.scrollTop;
  put(document.body,
    h('a', { class: 'skip', href: '#main', on: { click: (e) => { e.preventDefault(); if (page.focus) page.focus(); else main.focus(); } } }, t('app.skip')),
    h('header', { class: 'top' },
      h('span', { class: 'brand' }, h('img', { src: new URL('icon.svg', import.meta.url), alt: '', width: 20, height: 20 }), h('b', null, 'etcp-mock')),
      sandboxes, clock.element, h('span', { class: 'grow' }), find, state(), h('span', { class: 'language' }, language), h('span', { class: 'theme' }, theme())),
    nav, h('div', { class: 'middle' }, banners, main), notices);
  render();
  main.scrollTop = scroll;
  refresh().catch(() => {}); // follow says what is wrong with the server
}

onUnauthorized(askForToken);
addEventListener('hashchange', arrive);
listenForKeys(app, () => page);
app.feed.on((news) => {
  if (news.gone) {
    if (app.sandbox !== 'default') lost().catch(fail);
    else app.feed.stream.again(app.feed.stream.turn);
  }
  if (news.restarted) banner(t('app.restarted'));
  if (news.kinds && ['sandboxes', 'sandbox', 'merchants', 'merchant', 'reset'].some((kind) => news.kinds.has(kind))) refresh().catch(() => {});
});
// What sandboxes there are is told by none of their streams.
setInterval(() => { if (!document.hidden && app.feed.state === 'live') refresh().catch(() => {}); }, LOOK);
document.addEventListener('visibilitychange', doing(async () => { if (!document.hidden) await refresh().catch(() => {}); }));

app.at = resolve(app.at);
app.sandbox = app.at.sandbox;
frame();
follow();
