'use strict';

const { Client } = require('./client.js');
const { Code, EtcpError, PlatformError, TransportError, NotEnvelopeError, PushError } = require('./errors.js');
const { ACCEPTED, PushVerifier } = require('./push.js');
const { signRequest, signPush } = require('./signing.js');
const { yuan, toFen, fromFen, parseTime, formatTime } = require('./values.js');

module.exports = {
  ACCEPTED, Client, Code, EtcpError, NotEnvelopeError, PlatformError, PushError, PushVerifier, TransportError,
  formatTime, fromFen, parseTime, signPush, signRequest, toFen, yuan,
};
