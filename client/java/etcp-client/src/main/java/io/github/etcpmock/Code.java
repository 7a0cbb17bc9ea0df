package io.github.etcpmock;

/** The codes of §11. */
public enum Code {
    OK(0, "成功"),
    FAILED(1, "失败"),
    SERVER_ERROR(2, "服务器异常"),
    TIMESTAMP_EXPIRED(3, "时间戳超时"),
    BAD_SIGNATURE(4, "签名校验非法"),
    UNKNOWN_MERCHANT(5, "没有找到商户密钥"),
    BAD_PARAMETER(6, "参数错误"),
    ORDER_UPDATE_FAILED(7, "更新订单失败"),
    ORDER_CREATE_FAILED(8, "生产订单失败"),
    OPERATION_FAILED(20100, "操作失败"),
    INVALID_TOKEN(20101, "无效 token"),
    MISSING_PARAMETER(20102, "缺少必要参数"),
    BAD_PHONE(20201, "手机号错误"),
    SMS_FAILED(20202, "获取验证码失败"),
    WRONG_SMS_CODE(20203, "手机验证码错误"),
    WRONG_AMOUNT(20206, "支付金额与应付金额不匹配"),
    BOUND_BY_OTHER(20802, "该车辆已被他人绑定"),
    TOO_MANY_BOUND(20803, "绑定数量超限"),
    TOO_MANY_BOUND_IN_A_MONTH(20804, "一月最多绑定 4 辆不同的车");

    private final int number;
    private final String message;

    Code(int number, String message) {
        this.number = number;
        this.message = message;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** The platform's own text. */
    public String message() {
        return message;
    }
}
