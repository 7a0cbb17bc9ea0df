'use strict';

/** The codes of §11. */
const Code = Object.freeze({
  OK: 0,
  FAILED: 1,
  SERVER_ERROR: 2,
  TIMESTAMP_EXPIRED: 3,
  BAD_SIGNATURE: 4,
  UNKNOWN_MERCHANT: 5,
  BAD_PARAMETER: 6,
  ORDER_UPDATE_FAILED: 7,
  ORDER_CREATE_FAILED: 8,
  OPERATION_FAILED: 20100,
  INVALID_TOKEN: 20101,
  MISSING_PARAMETER: 20102,
  BAD_PHONE: 20201,
  SMS_FAILED: 20202,
  WRONG_SMS_CODE: 20203,
  WRONG_AMOUNT: 20206,
  BOUND_BY_OTHER: 20802,
  TOO_MANY_BOUND: 20803,
  TOO_MANY_BOUND_IN_A_MONTH: 20804,
});

/** The platform's own text for each code. */
const messages = Object.freeze({
  0: '成功',
  1: '失败',
  2: '服务器异常',
  3: '时间戳超时',
  4: '签名校验非法',
  5: '没有找到商户密钥',
  6: '参数错误',
  7: '更新订单失败',
  8: '生产订单失败',
  20100: '操作失败',
  20101: '无效 token',
  20102: '缺少必要参数',
  20201: '手机号错误',
  20202: '获取验证码失败',
  20203: '手机验证码错误',
  20206: '支付金额与应付金额不匹配',
  20802: '该车辆已被他人绑定',
  20803: '绑定数量超限',
  20804: '一月最多绑定 4 辆不同的车',
});

class EtcpError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = new.target.name;
  }
}

class PlatformError extends EtcpError {
  constructor({ endpoint, code, message, reason = '', requestId = '' }) {
    const more = [reason, requestId && `request ${requestId}`].filter(Boolean).join(', ');
    super(`etcp ${endpoint}: code ${code} ${message}${more && ` (${more})`}`);
    Object.assign(this, { endpoint, code, platformMessage: message, reason, requestId });
  }
}

class TransportError extends EtcpError {
  constructor(endpoint, detail, cause) {
    super(`etcp ${endpoint}: ${detail}`, { cause });
    this.endpoint = endpoint;
  }
}

class NotEnvelopeError extends EtcpError {
  constructor(endpoint, detail, httpStatus, body) {
    super(`etcp ${endpoint}: HTTP ${httpStatus}: ${detail}: ${JSON.stringify(body.slice(0, 80))}`);
    Object.assign(this, { endpoint, httpStatus, body });
  }
}

class PushError extends EtcpError {
  constructor(code, message, httpStatus = 200) {
    super(`push refused: code ${code} ${message}`);
    Object.assign(this, { code, httpStatus, answer: JSON.stringify({ code, message }) });
  }
}

module.exports = { Code, messages, EtcpError, PlatformError, TransportError, NotEnvelopeError, PushError };
