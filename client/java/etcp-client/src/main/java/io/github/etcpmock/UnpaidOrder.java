package io.github.etcpmock;

import io.github.etcpmock.internal.Fields;
import java.math.BigDecimal;
import java.time.LocalDateTime;

/** A stay with its fee so far (§9.7). */
public final class UnpaidOrder {
    private final String orderId;
    private final String carNumber;
    private final String parkingId;
    private final String parkingName;
    private final LocalDateTime entranceTime;
    private final LocalDateTime exitTime;
    private final BigDecimal parkingFee;
    private final BigDecimal remainingFee;
    private final String verificationInfo;

    UnpaidOrder(Fields fields) {
        orderId = fields.text("orderId");
        carNumber = fields.text("carNumber");
        parkingId = fields.text("parkingId");
        parkingName = fields.text("parkingName");
        entranceTime = fields.time("entranceTime");
        exitTime = fields.time("exitTime");
        parkingFee = fields.yuan("parkingFee");
        remainingFee = fields.yuan("remainingFee");
        verificationInfo = fields.text("verificationInfo");
    }

    public String orderId() {
        return orderId;
    }

    /** Masked: 渝****87. */
    public String carNumber() {
        return carNumber;
    }

    public String parkingId() {
        return parkingId;
    }

    public String parkingName() {
        return parkingName;
    }

    public LocalDateTime entranceTime() {
        return entranceTime;
    }

    /** The platform's now, while the car is parked. */
    public LocalDateTime exitTime() {
        return exitTime;
    }

    /** Yuan. */
    public BigDecimal parkingFee() {
        return parkingFee;
    }

    /** Yuan, what is to be paid. */
    public BigDecimal remainingFee() {
        return remainingFee;
    }

    /** Goes into the payment as it is. */
    public String verificationInfo() {
        return verificationInfo;
    }

    @Override
    public String toString() {
        return "UnpaidOrder{" + "orderId=" + orderId + ", " + "carNumber=" + carNumber + ", " + "parkingId=" + parkingId + ", " + "parkingName=" + parkingName + ", " + "entranceTime=" + entranceTime + ", " + "exitTime=" + exitTime + "}";
    }
}
