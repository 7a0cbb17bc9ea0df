package io.github.etcpmock;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Map;

/** A car has left (§10.2). */
public final class ExitPush extends EntryPush {
    private final LocalDateTime exitTime;
    private final Duration stayed;
    private final BigDecimal receivableFee;

    ExitPush(Map<String, String> fields) {
        super(PushKind.EXIT, fields);
        exitTime = fields().time("exitTime");
        if (!fields().text("stayedTime").matches("[0-9]{1,10}")) throw new IllegalArgumentException("stayedTime is no number of seconds");
        stayed = Duration.ofSeconds(Long.parseLong(fields().text("stayedTime")));
        receivableFee = fields().yuan("receivableFee");
    }

    public LocalDateTime exitTime() {
        return exitTime;
    }

    public Duration stayed() {
        return stayed;
    }

    /** Yuan, the whole fee, whatever was paid before. */
    public BigDecimal receivableFee() {
        return receivableFee;
    }
}
