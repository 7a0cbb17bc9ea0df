// The admin token, where the server wants one.

import { signIn } from './api.js';
import { button, field, h } from './dom.js';
import { t } from './i18n.js';
import { dialog } from './show.js';

export async function askForToken() {
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
    const d = dialog(t('app.token.title'), [h('p', null, t('app.token.why')), field(t('app.token.label'), input), wrong], [button({ text: t('app.token.enter'), kind: 'primary', act: enter })]);
    d.closed.then(resolve);
    input.focus();
  });
}
