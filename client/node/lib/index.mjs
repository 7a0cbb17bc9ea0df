import client from './index.js';

export const {
  ACCEPTED, Client, Code, EtcpError, NotEnvelopeError, PlatformError, PushError, PushVerifier, TransportError,
  formatTime, fromFen, parseTime, signPush, signRequest, toFen, yuan,
} = client;
