// Elements, made without markup: what comes from outside becomes text nodes and
// attributes, never HTML.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'on') for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else if (name === 'vars') for (const [key, v] of Object.entries(value)) element.style.setProperty(key, v);
    else if (name === 'value' || name === 'checked' || name === 'selected' || name === 'disabled') element[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  add(element, children);
  return element;
}

// add appends texts, elements and lists of them.
export function add(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

// h makes an HTML element.
export const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);

// s makes an SVG element.
export const s = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);

// put replaces what an element contains.
export function put(element, ...children) {
  element.replaceChildren();
  return add(element, children);
}

// controls are what the focus can be on, or what can be open, each by its name and how many of that name come before.
function controls(element) {
  const seen = new Map();
  return [...element.querySelectorAll('a, button, input, select, textarea, summary, [tabindex]')].map((control) => {
    const name = `${control.tagName} ${control.getAttribute('aria-label') ?? control.textContent.replace(/[\d:.–-]+/g, '').slice(0, 60)}`;
    const n = seen.get(name) ?? 0;
    seen.set(name, n + 1);
    return { control, key: `${name} ${n}` };
  });
}

// renew puts newer contents of the same kind in place: the focus stays on its control, and what was opened stays open.
export function renew(element, ...children) {
  const before = controls(element);
  const focused = before.find(({ control }) => control === document.activeElement)?.key;
  const open = new Map(before.filter(({ control }) => control.tagName === 'SUMMARY').map(({ control, key }) => [key, control.parentElement.open]));
  put(element, ...children);
  for (const { control, key } of controls(element)) {
    if (open.has(key)) control.parentElement.open = open.get(key);
    if (key === focused) control.focus({ preventScroll: true });
  }
}

// drop takes a row away; a focus in it goes to where it was in the row beside it, or else to the page.
function drop(element) {
  const at = controls(element).findIndex(({ control }) => control === document.activeElement);
  const beside = at >= 0 && [element.nextElementSibling, element.previousElementSibling].find((one) => one?.checkVisibility());
  element.remove();
  if (at < 0) return;
  const next = beside ? controls(beside).filter(({ control }) => control.checkVisibility() && !control.disabled) : [];
  (next[at] ?? next.at(-1))?.control.focus({ preventScroll: true });
  if (document.activeElement === document.body) document.getElementById('main')?.focus({ preventScroll: true });
}

// keyed keeps one row an item: what stays keeps its element, so that a click or the focus is not lost while others come
// and go. make(item) gives {element, update(item)}.
export function keyed(parent, items, keyOf, make) {
  const known = parent.keyedRows ?? new Map();
  const next = new Map();
  let at = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    const row = known.get(key) ?? make(item);
    row.update?.(item);
    next.set(key, row);
    if (row.element === at) at = at.nextElementSibling;
    else parent.insertBefore(row.element, at);
  }
  for (const [key, row] of known) if (!next.has(key)) drop(row.element);
  while (at) {
    const after = at.nextElementSibling;
    if (![...next.values()].some((row) => row.element === at)) at.remove();
    at = after;
  }
  parent.keyedRows = next;
}

// setText changes a text where it differs.
export function setText(element, value) {
  const text = String(value ?? '');
  if (element.textContent !== text) element.textContent = text;
}

const paths = {
  live: 'M1.5 8h3l2-5 3 10 2-5h3',
  city: 'M3 14V2h5.5a3.5 3.5 0 0 1 0 7H3',
  time: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M8 4.6V8l2.4 1.6',
  faults: 'M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z',
  scenarios: 'M2 4l1.2 1.2L5.4 3M2 8.2l1.2 1.2 2.2-2.2M2 12.4l1.2 1.2 2.2-2.2M8 4.2h6M8 8.4h6M8 12.6h6',
  sandboxes: 'M8 1.8 14 5v6l-6 3.2L2 11V5zM2 5l6 3.2L14 5M8 8.2v6',
  log: 'M3 3.500h1M6 3.500h7.500M3 8h1M6 8h7.500M3 12.500h1M6 12.500h7.500',
  charts: 'M2 14h12M4 11.5V8M8 11.5V3M12 11.5V6',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M3 13l1.2-1.2M11.8 4.2 13 3',
  moon: 'M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1z',
  auto: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
  play: 'M4.5 2.8v10.4L13 8z',
  pause: 'M5 3v10M11 3v10',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  back: 'M10 3 5 8l5 5',
  dice: 'M2.5 2.5h11v11h-11zM5.5 5.5h.01M10.5 5.5h.01M8 8h.01M5.5 10.5h.01M10.5 10.5h.01',
  trash: 'M2.5 4h11M6 4V2.5h4V4M4 4l.6 9.5h6.8L12 4',
  plus: 'M8 3v10M3 8h10',
  send: 'M14 2 2 7l5 2 2 5zM14 2 7 9',
  save: 'M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  load: 'M8 10.5v-8M4.5 6 8 2.5 11.5 6M2.5 13.5h11',
  reset: 'M3 8a5 5 0 1 0 1.6-3.6M3 2v3h3',
  check: 'M3 8.5 6.5 12 13 4.5',
  in: 'M2 8h8M7 5l3 3-3 3M10.5 2.5h3v11h-3',
  out: 'M6 8h8M11 5l3 3-3 3M6.5 2.5h-4v11h4',
  orders: 'M3 1.8h10v12.4l-2-1.2-1.5 1.2L8 13l-1.5 1.2L5 13l-2 1.2zM5.5 5.5h5M5.5 8.5h5',
  sms: 'M2 3h12v8H7l-3 2.6V11H2zM5 6.2h6M5 8.2h4',
  search: 'M7 2.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6M10.6 10.6 14 14',
  user: 'M8 2a2.8 2.8 0 1 0 0 5.6A2.8 2.8 0 0 0 8 2M2.5 14c.4-3.2 2.6-4.8 5.5-4.8s5.100 1.600 5.500 4.800',
  next: 'M6 3l5 5-5 5',
  help: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M6.200 6.200a1.800 1.800 0 1 1 2.600 1.600c-.5.300-.8.600-.8 1.200M8 11.400h.01',
  link: 'M6.500 9.500l3-3M7 4.500l1.800-1.800a3 3 0 0 1 4.300 4.300L11.300 8.800M9 11.500l-1.800 1.800a3 3 0 0 1-4.300-4.300L4.700 7.200',
  record: 'M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8',
  stop: 'M4 4h8v8H4z',
};

// icon is a drawing beside a text, which says what it means.
export const icon = (name) =>
  s('svg', { class: `icon icon-${name}`, viewBox: '0 0 16 16', 'aria-hidden': 'true', focusable: 'false' }, s('path', { d: paths[name] ?? '' }));

let serial = 0;
// uid is an id for an element that another refers to.
export const uid = (stem) => `${stem}-${++serial}`;

// button is a push button; a hint is what it is called where it shows no text.
export function button({ text, icon: drawing, hint, kind, act, pressed, disabled }) {
  return h('button', {
    type: 'button', class: `button ${kind ?? ''} ${text ? '' : 'square'}`, title: hint, 'aria-label': text ? undefined : hint,
    'aria-pressed': pressed === undefined ? undefined : String(pressed), disabled, on: { click: act },
  }, drawing && icon(drawing), text && h('span', null, text));
}

// field is a labelled control.
export function field(label, control, note) {
  const id = control.id || (control.id = uid('field'));
  const hint = note && h('span', { class: 'note', id: uid('note') }, note);
  if (hint) control.setAttribute('aria-describedby', hint.id);
  return h('div', { class: 'field' }, h('label', { for: id }, label), control, hint);
}

// choice is a select over [value, text] pairs.
export function choice(options, value, act, label) {
  return h('select', { 'aria-label': label, on: { change: (e) => act?.(e.target.value) } },
    options.map(([v, text]) => h('option', { value: v, selected: v === value }, text)));
}

// download gives the browser a file.
export function download(name, text, kind) {
  const url = URL.createObjectURL(new Blob([text], { type: kind }));
  const link = h('a', { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
