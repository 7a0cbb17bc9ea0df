// What has been typed and not yet sent: kept for the tab, through a reload, another language and a visit to another page.

const PREFIX = 'etcp-mock.draft.';

// recall is a value kept under a name, or another.
export function recall(name, otherwise = null) {
  try {
    const text = sessionStorage.getItem(PREFIX + name);
    return text === null ? otherwise : JSON.parse(text);
  } catch { return otherwise; }
}

// remember keeps a value; null forgets it.
export function remember(name, value) {
  try {
    if (value === null || value === undefined) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch { /* storage is full or forbidden: the page works without */ }
}

// kept ties a control to a name: it has what was typed before, and what is typed is kept.
export function kept(name, control) {
  const property = control.type === 'checkbox' ? 'checked' : 'value';
  const before = recall(name);
  if (before !== null) control[property] = before;
  const save = () => remember(name, control[property]);
  control.addEventListener('input', save);
  control.addEventListener('change', save);
  return control;
}
