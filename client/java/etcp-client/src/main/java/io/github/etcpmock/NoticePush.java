package io.github.etcpmock;

import java.time.LocalDateTime;
import java.util.Map;

/** A vehicle was unbound (§10.3), or certified elsewhere (§10.4): see {@link #kind}. The plate is not masked. */
public final class NoticePush extends Push {
    private final LocalDateTime time;

    NoticePush(PushKind kind, Map<String, String> fields) {
        super(kind, fields);
        time = fields().time("time");
    }

    public LocalDateTime time() {
        return time;
    }

    @Override
    public String key() {
        return kind().word() + " " + plateNumber() + " " + field("time");
    }
}
