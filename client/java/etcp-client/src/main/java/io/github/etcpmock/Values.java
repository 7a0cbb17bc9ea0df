package io.github.etcpmock;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.regex.Pattern;

/** Money and times as the platform writes them. */
public final class Values {
    /** Asia/Shanghai, in which the platform gives every time. China has had no summer time since 1991. */
    public static final ZoneOffset SHANGHAI = ZoneOffset.ofHours(8);

    private static final Pattern YUAN = Pattern.compile("-?[0-9]+(?:\\.[0-9]+)?");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);

    private Values() {}

    /**
     * An amount in yuan: a plain decimal with at most two places that are not zero.
     *
     * @throws IllegalArgumentException it is not
     */
    public static BigDecimal parseYuan(String text) {
        if (!YUAN.matcher(text).matches()) throw new IllegalArgumentException("amount " + text + ": not a plain decimal");
        return places(new BigDecimal(text));
    }

    /**
     * As the document prints it: at least one place, "8.0", "5.5", "10.34".
     *
     * @throws IllegalArgumentException it has more than two places
     */
    public static String formatYuan(BigDecimal amount) {
        return places(amount).toPlainString();
    }

    /** One place, or two where they are needed: equal amounts are equal objects. */
    private static BigDecimal places(BigDecimal amount) {
        BigDecimal plain = amount.stripTrailingZeros();
        if (plain.scale() > 2) throw new IllegalArgumentException("amount " + amount.toPlainString() + ": more than two places");
        return plain.scale() == 2 ? plain : plain.setScale(1, RoundingMode.UNNECESSARY);
    }

    /**
     * yyyy-MM-dd HH:mm:ss.
     *
     * @throws java.time.format.DateTimeParseException it is not
     */
    public static LocalDateTime parseTime(String text) {
        return LocalDateTime.parse(text, TIME);
    }

    /** yyyy-MM-dd HH:mm:ss. */
    public static String formatTime(LocalDateTime time) {
        return TIME.format(time);
    }
}
