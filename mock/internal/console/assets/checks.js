// Which of the checks of a request failed, read off its reason.

import { tables } from './tables.js';

const envelope = ['merchant_no', 'time_stamp', 'data', 'sign'];

const byReason = {
  'unknown-path': 0, 'method-not-allowed': 0, 'body-too-large': 0, 'body-malformed': 0,
  'injected-fault': 1, 'unknown-merchant': 3, 'timestamp-malformed': 4, 'timestamp-expired': 5, 'sign-mismatch': 6, 'sign-unexamined': 6,
  'data-malformed': 7, 'malformed-parameter': 9, 'too-long': 9, 'strict-lint': 9,
  'token-unknown': 10, 'token-of-other-merchant': 10, 'token-superseded': 10, 'token-expired': 10,
};

export const CHECKS = tables.checks;

// failedCheck is the number of the check that failed, or null where none did.
export function failedCheck(request) {
  if (Number.isInteger(request.check)) return request.check;
  if (!request.reason) return request.code === 0 && !(request.cut === 'before') ? null : 1;
  const [word, param] = request.reason.split(': ');
  if (word === 'missing-parameter') return envelope.includes(param) ? 2 : 8;
  return byReason[word] ?? CHECKS;
}

// checkStates is each check with what became of it: passed, failed, unreached, or injected, where a fault had its effect.
export function checkStates(request) {
  const failed = failedCheck(request);
  const states = [];
  for (let n = failed === 0 ? 0 : 1; n <= CHECKS; n++) {
    let state = failed === null || n < failed ? 'passed' : n === failed ? 'failed' : 'unreached';
    if (n === 1 && (failed === 1 || (request.faults?.length && state === 'passed'))) state = 'injected';
    states.push({ n, state });
  }
  return { failed, states };
}
