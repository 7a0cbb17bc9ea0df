'use strict';

/** Whether the environment asks for Chinese, as the commands read it. */
function inChinese() {
  const asked = process.env.ETCP_MOCK_LANG;
  return /^zh/i.test(asked === 'zh' || asked === 'en' ? asked : process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '');
}

/** The text in the language that the environment asks for. */
function either(english, chinese) {
  return inChinese() ? chinese : english;
}

module.exports = { inChinese, either };
