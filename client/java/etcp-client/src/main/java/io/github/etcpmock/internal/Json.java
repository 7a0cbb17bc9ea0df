package io.github.etcpmock.internal;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Just enough JSON, for the JDK has none. Not part of the interface of this library.
 *
 * <p>Values are Map, List, String, BigDecimal, Boolean and null. What is wrong is an IllegalArgumentException.
 */
public final class Json {
    private static final Pattern LITERAL =
            Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null");
    private static final int DEEPEST = 200;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** A member of a flat object: what JSON maps lose. */
    public static final class Member {
        public final String name;
        /** Of a string what it means, of anything else its literal. */
        public final String text;
        public final boolean quoted;
        final int start;
        final int end;

        public Member(String name, String text, boolean quoted) {
            this(name, text, quoted, 0, 0);
        }

        private Member(String name, String text, boolean quoted, int start, int end) {
            this.name = name;
            this.text = text;
            this.quoted = quoted;
            this.start = start;
            this.end = end;
        }
    }

    /** Reads a document. */
    public static Object parse(String text) {
        Json json = new Json(text);
        json.space();
        Object value = json.value(0);
        json.end();
        return value;
    }

    /** Reads one flat object of distinct names, in their order. */
    public static List<Member> members(String text) {
        Json json = new Json(text);
        List<Member> found = new ArrayList<>();
        json.space();
        json.expect('{');
        while (json.peek() != '}' || !found.isEmpty()) {
            int start = json.at;
            String name = json.string();
            json.space();
            json.expect(':');
            boolean quoted = json.peek() == '"';
            String value = quoted ? json.string() : json.literal();
            for (Member m : found) if (m.name.equals(name)) throw json.wrong(name + " twice");
            found.add(new Member(name, value, quoted, start, json.at));
            json.space();
            if (json.peek() != ',') break;
            json.expect(',');
        }
        json.expect('}');
        json.end();
        return found;
    }

    /** The object's own text less one member and its comma. */
    public static String without(String text, List<Member> given, String name) {
        int i = 0;
        while (!given.get(i).name.equals(name)) i++;
        if (i > 0) return text.substring(0, text.indexOf(',', given.get(i - 1).end)) + text.substring(given.get(i).end);
        Member first = given.get(0);
        return text.substring(0, first.start) + text.substring(given.size() > 1 ? given.get(1).start : first.end);
    }

    /** The members as compact JSON: only quotes, backslashes and control characters escaped. */
    public static String compact(List<Member> given) {
        StringBuilder out = new StringBuilder("{");
        for (Member m : given) {
            if (out.length() > 1) out.append(',');
            quote(out, m.name);
            out.append(':');
            if (m.quoted) quote(out, m.text);
            else out.append(m.text);
        }
        return out.append('}').toString();
    }

    /** Writes Map, Iterable, String, Number, Boolean and null, compactly; of anything else its toString as a string. */
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    private static void write(StringBuilder out, Object value) {
        if (value instanceof Map) {
            String comma = "{";
            for (Map.Entry<?, ?> e : ((Map<?, ?>) value).entrySet()) {
                out.append(comma);
                quote(out, String.valueOf(e.getKey()));
                out.append(':');
                write(out, e.getValue());
                comma = ",";
            }
            out.append(comma.equals("{") ? "{}" : "}");
        } else if (value instanceof Iterable) {
            String comma = "[";
            for (Object each : (Iterable<?>) value) {
                out.append(comma);
                write(out, each);
                comma = ",";
            }
            out.append(comma.equals("[") ? "[]" : "]");
        } else if (value instanceof BigDecimal) {
            out.append(((BigDecimal) value).toPlainString());
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            quote(out, value.toString());
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int named = "\"\\\b\f\n\r\t".indexOf(c);
            if (named >= 0) out.append('\\').append("\"\\bfnrt".charAt(named));
            else if (c < ' ') out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        out.append('"');
    }

    private Object value(int depth) {
        if (depth > DEEPEST) throw wrong("nested too deep");
        if (peek() == '"') return string();
        if (peek() == '{') return object(depth);
        if (peek() == '[') return array(depth);
        String literal = literal();
        switch (literal) {
            case "null": return null;
            case "true": return true;
            case "false": return false;
            default: return new BigDecimal(literal);
        }
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> found = new LinkedHashMap<>();
        expect('{');
        while (peek() != '}' || !found.isEmpty()) {
            String name = string();
            space();
            expect(':');
            found.put(name, value(depth + 1));
            space();
            if (peek() != ',') break;
            expect(',');
        }
        expect('}');
        return found;
    }

    private List<Object> array(int depth) {
        List<Object> found = new ArrayList<>();
        expect('[');
        while (peek() != ']' || !found.isEmpty()) {
            found.add(value(depth + 1));
            space();
            if (peek() != ',') break;
            expect(',');
        }
        expect(']');
        return found;
    }

    private String literal() {
        Matcher m = LITERAL.matcher(text).region(at, text.length());
        if (!m.lookingAt()) throw wrong("no value");
        at = m.end();
        return m.group();
    }

    private String string() {
        if (peek() != '"') throw wrong("no text in quotes");
        StringBuilder out = new StringBuilder();
        for (at++; peek() != '"'; at++) {
            char c = peek();
            if (c < ' ') throw wrong("a text without an end");
            if (c != '\\') {
                out.append(c);
                continue;
            }
            at++;
            int named = "\"\\/bfnrt".indexOf(peek());
            if (named >= 0) out.append("\"\\/\b\f\n\r\t".charAt(named));
            else if (peek() == 'u') out.append(hex());
            else throw wrong("an escape that is none");
        }
        at++;
        return whole(out);
    }

    private char hex() {
        String digits = text.substring(at + 1, Math.min(at + 5, text.length()));
        if (!digits.matches("[0-9a-fA-F]{4}")) throw wrong("an escape that is none");
        at += 4;
        return (char) Integer.parseInt(digits, 16);
    }

    /** Half of a surrogate pair, which no UTF-8 holds, becomes U+FFFD. */
    private static String whole(StringBuilder text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) i++;
            else if (Character.isSurrogate(c)) text.setCharAt(i, '\uFFFD');
        }
        return text.toString();
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
    }

    private void expect(char c) {
        if (peek() != c) throw wrong("no " + c);
        at++;
        space();
    }

    private void end() {
        space();
        if (at != text.length()) throw wrong("something behind the value");
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("not JSON: " + what + " at character " + at);
    }
}
