// Which of the eleven checks of a request failed, read off its reason.

const envelope = ['merchant_no', 'time_stamp', 'data', 'sign'];

const byReason = {
  'unknown-path': 0, 'method-not-allowed': 0, 'body-too-large': 0, 'body-malformed': 0,
  'fault-injected': 1, 'unknown-merchant': 3, 'timestamp-malformed': 4, 'timestamp-expired': 5, 'sign-mismatch': 6,
  'data-malformed': 7, 'malformed-parameter': 9, 'strict-lint': 9,
  'token-unknown': 10, 'token-of-other-merchant': 10, 'token-superseded': 10, 'token-expired': 10,
};

export const CHECKS = 11;

// failedCheck is the number of the check that failed, or null where none did.
export function failedCheck(request) {
  if (!request.reason) return request.code === 0 ? null : 1;
  if (Number.isInteger(request.check)) return request.check;
  const [word, param] = request.reason.split(': ');
  if (word === 'missing-parameter') return envelope.includes(param) ? 2 : 8;
  return byReason[word] ?? 11;
}
