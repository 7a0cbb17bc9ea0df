package io.github.etcpmock;

import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Map;

/** A car has entered (§10.1). */
public class EntryPush extends Push {
    private final String synId;
    private final String parkName;
    private final String parkId;
    private final LocalDateTime entranceTime;
    private final LocalDateTime pushTime;

    EntryPush(Map<String, String> fields) {
        this(PushKind.ENTRY, fields);
    }

    EntryPush(PushKind kind, Map<String, String> fields) {
        super(kind, fields);
        synId = fields().text("synId");
        parkName = fields().text("parkName");
        parkId = fields().text("parkId");
        entranceTime = fields().time("entranceTime");
        pushTime = fields().textOrEmpty("pushTime").isEmpty() ? null : fields().time("pushTime");
    }

    /** The order's id. */
    public String synId() {
        return synId;
    }

    public String parkName() {
        return parkName;
    }

    public String parkId() {
        return parkId;
    }

    public LocalDateTime entranceTime() {
        return entranceTime;
    }

    /** Null where there is none. */
    public LocalDateTime pushTime() {
        return pushTime;
    }

    /** "76" long-term, "77" temporary. */
    public String userType() {
        return fields().textOrEmpty("userType");
    }

    public String fixParkingId() {
        return fields().textOrEmpty("fixParkingId");
    }

    public String remainingDays() {
        return fields().textOrEmpty("remainingDays");
    }

    @Override
    public String key() {
        return kind().word() + " " + synId.toUpperCase(Locale.ROOT);
    }
}
