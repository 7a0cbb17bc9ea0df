'use strict';

const { Inbox } = require('./inbox.js');
const { Mock, MockError, sharedMock } = require('./mock.js');
const { Sandbox, START } = require('./sandbox.js');
const { withSandbox } = require('./withsandbox.js');

module.exports = { Inbox, Mock, MockError, START, Sandbox, sharedMock, withSandbox };
