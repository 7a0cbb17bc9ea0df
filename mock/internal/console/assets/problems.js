// What the server refuses, in the page's language: its details are English, so that Chinese readers get what it comes to
// first, and the details of the commonest refusals translated.

import { lang, t } from './i18n.js';

const known = [
  [/car park .* is full|is full/i, '停车场已满'],
  [/is parked already|already parked/i, '该车已在场内'],
  [/is not parked|not parked/i, '该车不在场内'],
  [/want a duration|no duration|duration/i, '时长格式不正确，如 45m、26h30m、8d'],
  [/cannot go back|go(es)? back|set back|may not go back/i, '沙箱已有订单或推送，时钟不能往回拨'],
  [/unknown field/i, '含有未知字段'],
  [/is required/i, '缺少必填项'],
  [/want an instant|want a time|yyyy-MM-dd/i, '时间格式不正确，应为 yyyy-MM-dd HH:mm:ss'],
  [/want a (whole )?number|whole number/i, '应为数字'],
  [/is taken|already (exists|taken)|taken/i, '已被占用'],
  [/no push URL/i, '该商户没有推送地址'],
  [/want one of/i, '不在可选值之内'],
  [/plate/i, '车牌格式不正确'],
];

const byStatus = [400, 401, 403, 404, 409, 410, 413, 422, 503, 504];

// localized is a refusal's text: in English the server's own, in Chinese a summary with the server's words below it.
export function localized(status, detail) {
  if (lang() !== 'zh') return detail || t('problem.other', { status });
  if (/\p{sc=Han}/u.test(detail) && !/[a-z]{4,} [a-z]{2,}/i.test(detail)) return detail;
  const summary = (status === 409 || status === 422) && known.find(([pattern]) => pattern.test(detail))?.[1];
  const text = summary || (byStatus.includes(status) ? t(`problem.${status}`) : t('problem.other', { status }));
  return detail ? `${text}\n${detail}` : text;
}
