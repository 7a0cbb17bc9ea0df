// What the server refused, in the page's language, which it is asked for by Accept-Language.

import { t } from './i18n.js';

const byStatus = [400, 401, 403, 404, 409, 410, 413, 422, 503, 504];

// localized is a refusal's text: the server's own, or where it gives none what its status comes to.
export const localized = (status, detail) => detail || (byStatus.includes(status) ? t(`problem.${status}`) : t('problem.other', { status }));
