package io.github.etcpmock;

import io.github.etcpmock.internal.Fields;
import java.time.LocalDateTime;

/** How full a car park is (§9.11). */
public final class ParkingStatus {
    private final String totalSpace;
    private final LocalDateTime time;
    private final String status;

    ParkingStatus(Fields fields) {
        totalSpace = fields.text("totalSpace");
        time = fields.time("time");
        status = fields.text("status");
    }

    public String totalSpace() {
        return totalSpace;
    }

    public LocalDateTime time() {
        return time;
    }

    /** 充足, 紧张 or 已满. */
    public String status() {
        return status;
    }

    @Override
    public String toString() {
        return "ParkingStatus{" + "totalSpace=" + totalSpace + ", " + "time=" + time + ", " + "status=" + status + "}";
    }
}
