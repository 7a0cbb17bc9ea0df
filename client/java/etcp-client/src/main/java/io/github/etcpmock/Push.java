package io.github.etcpmock;

import io.github.etcpmock.internal.Fields;
import java.util.Collections;
import java.util.Map;

/** A push that is verified: an {@link EntryPush}, an {@link ExitPush} or a {@link NoticePush}. */
public abstract class Push {
    private final PushKind kind;
    private final Map<String, String> fields;
    private final String plateNumber;

    Push(PushKind kind, Map<String, String> fields) {
        this.kind = kind;
        this.fields = Collections.unmodifiableMap(fields);
        this.plateNumber = fields().text("plateNumber");
    }

    final Fields fields() {
        return Fields.of(fields);
    }

    public final PushKind kind() {
        return kind;
    }

    /** Masked (渝****61) in entries and exits, unless the vehicle is certified for the merchant. */
    public final String plateNumber() {
        return plateNumber;
    }

    /** A field as text, null where there is none. */
    public final String field(String name) {
        return fields.get(name);
    }

    /** The same for every delivery of the same push: store it under a unique key. */
    public abstract String key();

    @Override
    public String toString() {
        return kind.word() + fields;
    }
}
