import testing from './index.js';

export const { Inbox, Mock, MockError, START, Sandbox, sharedMock, withSandbox } = testing;
