package io.github.etcpmock;

import io.github.etcpmock.internal.Fields;
import java.math.BigDecimal;
import java.time.LocalDateTime;

/** A finished stay (§9.6). */
public final class HistoryOrder {
    private final String orderId;
    private final String carNumber;
    private final String parkingId;
    private final String parkingName;
    private final LocalDateTime entranceTime;
    private final LocalDateTime exitTime;
    private final BigDecimal parkingFee;
    private final BigDecimal actual;

    HistoryOrder(Fields fields) {
        orderId = fields.text("orderId");
        carNumber = fields.text("carNumber");
        parkingId = fields.text("parkingId");
        parkingName = fields.text("parkingName");
        entranceTime = fields.time("entranceTime");
        exitTime = fields.time("exitTime");
        parkingFee = fields.yuan("parkingFee");
        actual = fields.yuan("actual");
    }

    public String orderId() {
        return orderId;
    }

    /** Not masked. */
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

    public LocalDateTime exitTime() {
        return exitTime;
    }

    /** Yuan, the whole fee. */
    public BigDecimal parkingFee() {
        return parkingFee;
    }

    /** Yuan, what of it was paid in cash. */
    public BigDecimal actual() {
        return actual;
    }

    @Override
    public String toString() {
        return "HistoryOrder{" + "orderId=" + orderId + ", " + "carNumber=" + carNumber + ", " + "parkingId=" + parkingId + ", " + "parkingName=" + parkingName + ", " + "entranceTime=" + entranceTime + ", " + "exitTime=" + exitTime + "}";
    }
}
