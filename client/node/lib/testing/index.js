'use strict';

const { Inbox } = require('./inbox.js');
const { Mock, MockError, sharedMock } = require('./mock.js');
const { Sandbox, START, withSandbox } = require('./sandbox.js');

module.exports = { Inbox, Mock, MockError, START, Sandbox, sharedMock, withSandbox };
