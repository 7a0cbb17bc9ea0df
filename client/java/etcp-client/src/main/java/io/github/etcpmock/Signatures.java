package io.github.etcpmock;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The two signatures: of requests (§6) and of pushes (§10). */
public final class Signatures {
    private static final char[] DIGITS = "0123456789ABCDEF".toCharArray();

    /** The rule sign.whitespace: what of data + key + time_stamp is hashed. */
    public enum Whitespace {
        /** Every character. */
        EXACT,
        /** Without space, tab, CR and LF. */
        STRIP
    }

    private Signatures() {}

    /** UPPER(HEX(MD5(data + key + stamp))) over the text of {@code data} before it is URL-encoded. */
    public static String request(String data, String key, String stamp) {
        return request(data, key, stamp, Whitespace.EXACT);
    }

    /** {@link #request(String, String, String)} under another rule. */
    public static String request(String data, String key, String stamp, Whitespace whitespace) {
        String text = data + key + stamp;
        return md5(whitespace == Whitespace.STRIP ? text.replaceAll("[ \t\r\n]", "") : text);
    }

    /** UPPER(HEX(MD5(merchantNo + data + key))), where {@code data} is the body without {@code signment}. */
    public static String push(String merchantNo, String data, String key) {
        return md5(merchantNo + data + key);
    }

    private static String md5(String text) {
        byte[] hash;
        try {
            hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
        StringBuilder hex = new StringBuilder();
        for (byte b : hash) hex.append(DIGITS[b >> 4 & 15]).append(DIGITS[b & 15]);
        return hex.toString();
    }

    /** Compares in constant time. */
    static boolean same(String want, String got) {
        return MessageDigest.isEqual(want.getBytes(StandardCharsets.UTF_8), got.getBytes(StandardCharsets.UTF_8));
    }
}
