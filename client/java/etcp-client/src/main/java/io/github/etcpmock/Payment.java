package io.github.etcpmock;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@link EtcpClient#orderPaid} reports. */
public final class Payment {
    private final Map<String, Object> data = new LinkedHashMap<>();

    private Payment() {}

    /** All of what is owed for an order, as it was quoted. {@code externalOrderId} is the merchant's own id, unique for good. */
    public static Payment of(String token, UnpaidOrder order, String externalOrderId, LocalDateTime payTime) {
        Payment payment = new Payment();
        payment.data.put("token", token);
        payment.data.put("orderId", order.orderId());
        payment.data.put("externalOrderId", externalOrderId);
        payment.data.put("payment", Values.formatYuan(order.remainingFee()));
        payment.data.put("payTime", Values.formatTime(payTime));
        payment.data.put("verificationInfo", order.verificationInfo());
        return payment;
    }

    /** The same with another amount, in yuan. */
    public Payment withAmount(BigDecimal amount) {
        return with("payment", Values.formatYuan(amount));
    }

    /** The same with the channel that the user came by. */
    public Payment withAppId(String appId) {
        return with("appId", appId);
    }

    private Payment with(String name, Object value) {
        Payment other = new Payment();
        other.data.putAll(data);
        other.data.put(name, value);
        return other;
    }

    Map<String, Object> data() {
        return data;
    }
}
