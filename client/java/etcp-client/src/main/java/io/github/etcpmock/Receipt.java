package io.github.etcpmock;

import io.github.etcpmock.internal.Fields;
import java.math.BigDecimal;
import java.time.LocalDateTime;

/** The platform's record of a payment (§9.8). */
public final class Receipt {
    private final String orderId;
    private final String externalOrderId;
    private final String payOrderId;
    private final BigDecimal payment;
    private final LocalDateTime payTime;

    Receipt(Fields fields) {
        orderId = fields.text("orderId");
        externalOrderId = fields.text("externalOrderId");
        payOrderId = fields.text("payOrderId");
        payment = fields.yuan("payment");
        payTime = fields.time("payTime");
    }

    public String orderId() {
        return orderId;
    }

    public String externalOrderId() {
        return externalOrderId;
    }

    public String payOrderId() {
        return payOrderId;
    }

    /** Yuan. */
    public BigDecimal payment() {
        return payment;
    }

    public LocalDateTime payTime() {
        return payTime;
    }

    @Override
    public String toString() {
        return "Receipt{" + "orderId=" + orderId + ", " + "externalOrderId=" + externalOrderId + ", " + "payOrderId=" + payOrderId + ", " + "payment=" + payment + ", " + "payTime=" + payTime + "}";
    }
}
