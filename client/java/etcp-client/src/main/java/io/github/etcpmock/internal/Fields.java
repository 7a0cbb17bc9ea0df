package io.github.etcpmock.internal;

import io.github.etcpmock.Values;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Typed values out of JSON. What is missing or of another kind is an IllegalArgumentException. Not part of the interface. */
public final class Fields {
    private final Map<?, ?> map;

    private Fields(Map<?, ?> map) {
        this.map = map;
    }

    public static Fields of(Object value) {
        if (!(value instanceof Map)) throw new IllegalArgumentException("not an object");
        return new Fields((Map<?, ?>) value);
    }

    public static <T> List<T> list(Object value, Function<Fields, T> read) {
        if (!(value instanceof List)) throw new IllegalArgumentException("not a list");
        List<T> found = new ArrayList<>();
        for (Object each : (List<?>) value) found.add(read.apply(of(each)));
        return found;
    }

    public Object get(String name) {
        return map.get(name);
    }

    /** A string, or a number by its text. */
    public String text(String name) {
        Object value = map.get(name);
        if (value instanceof BigDecimal) return ((BigDecimal) value).toPlainString();
        if (!(value instanceof String)) throw new IllegalArgumentException(name + " is missing");
        return (String) value;
    }

    /** A string or a number, "" where there is none. */
    public String textOrEmpty(String name) {
        return map.get(name) == null ? "" : text(name);
    }

    public BigDecimal yuan(String name) {
        return Values.parseYuan(text(name));
    }

    public LocalDateTime time(String name) {
        return Values.parseTime(text(name));
    }
}
