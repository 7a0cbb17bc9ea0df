'use strict';

// One mock for a whole run of Jest (globalSetup) or Vitest (test.globalSetup): the workers find it in ETCP_MOCK_URL.

const { Mock } = require('./mock.js');

Object.defineProperty(exports, '__esModule', { value: true });

exports.default = async function setup() {
  const mock = await Mock.start();
  process.env.ETCP_MOCK_URL = mock.url;
  return () => mock.close(); // Vitest calls it; under Jest the mock ends with the process
};
