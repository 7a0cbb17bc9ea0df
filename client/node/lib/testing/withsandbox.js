'use strict';

const { checkOptions, sharedMock } = require('./mock.js');

/**
 * A test function that has a sandbox of its own: `test('…', withSandbox(async (sandbox) => { … }))`, in node:test, Jest and Vitest
 * alike. When it fails, what the mock refused and why is printed, and stands in the error's message.
 */
function withSandbox(options, run = options) {
  const given = run === options ? {} : options;
  checkOptions(given);
  return async (...context) => { // no named parameter: Jest would take one for its callback
    const sandbox = await (await (given.mock ?? sharedMock())).sandbox(given);
    try {
      return await run(sandbox, ...context);
    } catch (failure) {
      throw explained(failure, await sandbox.report().catch((e) => e.message));
    } finally {
      await sandbox.close();
    }
  };
}

/** The same error with the report behind its message; the stack, which runners print, has a copy of the message. */
function explained(failure, report) {
  if (!report || !(failure instanceof Error)) {
    if (report) console.error(report);
    return failure;
  }
  const { message, stack } = failure;
  failure.message = `${message}\n\n${report}\n`;
  if (stack) failure.stack = message && stack.includes(message) ? stack.replace(message, () => failure.message) : `${failure.message}\n${stack}`;
  return failure;
}

module.exports = { withSandbox };
