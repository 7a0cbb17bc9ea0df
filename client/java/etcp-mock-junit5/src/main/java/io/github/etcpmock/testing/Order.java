package io.github.etcpmock.testing;

import io.github.etcpmock.Values;
import io.github.etcpmock.internal.Fields;
import java.math.BigDecimal;
import java.time.LocalDateTime;

/** One stay of a car, as the platform keeps it. */
public final class Order {
    private final Fields fields;
    private final Object raw;

    Order(Object raw) {
        this.raw = raw;
        this.fields = Fields.of(raw);
    }

    public String orderId() {
        return fields.text("orderId");
    }

    public String plateNumber() {
        return fields.text("plateNumber");
    }

    public String parkingId() {
        return fields.text("parkingId");
    }

    /** parked, left or owing. */
    public String state() {
        return fields.text("state");
    }

    public LocalDateTime entranceTime() {
        return fields.time("entranceTime");
    }

    /** Null while the car is parked. */
    public LocalDateTime exitTime() {
        String text = fields.textOrEmpty("exitTime");
        return text.isEmpty() ? null : Values.parseTime(text);
    }

    /** Yuan. */
    public BigDecimal parkingFee() {
        return fields.yuan("parkingFee");
    }

    /** Yuan. */
    public BigDecimal paidElectronic() {
        return fields.yuan("paidElectronic");
    }

    /** Yuan. */
    public BigDecimal paidCash() {
        return fields.yuan("paidCash");
    }

    /** Yuan. */
    public BigDecimal remainingFee() {
        return fields.yuan("remainingFee");
    }

    /** Everything that the control API gives. */
    @Override
    public String toString() {
        return raw.toString();
    }
}
