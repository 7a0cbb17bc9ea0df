package io.github.etcpmock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.etcpmock.PushVerifier.SignData;
import io.github.etcpmock.Signatures.Whitespace;
import io.github.etcpmock.internal.Fields;
import io.github.etcpmock.internal.Json;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Pushes are verified over the body as it came (§10), under each encoding and each rule push.sign_data. */
class PushVerifierTest {
    private static final String NO = "M1";
    private static final String KEY = "the-key-of-M1";
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded;charset=UTF-8";
    private static final String NOTICE = "{\"plateNumber\":\"渝ATX061\",\"time\":\"2017-08-20 11:57:51\"}";
    private static final String EXIT = "{\"synId\":\"9e2f\",\"plateNumber\":\"渝****61\",\"parkName\":\"A&B <停车场>\",\"parkId\":1002559,"
            + "\"entranceTime\":\"2017-08-17 18:44:19\",\"userType\":\"77\",\"pushTime\":\"2017-08-19 12:07:20\",\"exitTime\":\"2017-08-19 12:07:19\","
            + "\"stayedTime\":148980,\"receivableFee\":5.50,\"fixParkingId\":\"\",\"remainingDays\":\"\"}";

    private static String signed(String data) {
        return signed(data, data);
    }

    private static String signed(String data, String text) {
        return data.substring(0, data.length() - 1) + ",\"signment\":\"" + Signatures.push(NO, text, KEY) + "\"}";
    }

    private static Map<String, String> pairs(String data) {
        Map<String, String> pairs = new LinkedHashMap<>();
        Json.members(data).forEach(m -> pairs.put(m.name, m.text));
        return pairs;
    }

    private static String form(Map<String, String> pairs) {
        return pairs.entrySet().stream().map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
    }

    private static String form(String data, String text) {
        Map<String, String> pairs = pairs(data);
        pairs.put("signment", Signatures.push(NO, text, KEY));
        return form(pairs);
    }

    private static Push verify(String body, String contentType, SignData signData) {
        return new PushVerifier(NO, KEY, signData).verify(body.getBytes(StandardCharsets.UTF_8), contentType);
    }

    private static PushException refused(Code code, byte[] body, String contentType, PushKind kind) {
        PushException e = assertThrows(PushException.class, () -> new PushVerifier(NO, KEY).verify(body, contentType, kind));
        assertTrue(e.is(code), e.getMessage());
        assertEquals(new BigDecimal(code.number()), Fields.of(Json.parse(new String(e.answer(), StandardCharsets.UTF_8))).get("code"));
        return e;
    }

    private static void refused(Code code, String body) {
        refused(code, body.getBytes(StandardCharsets.UTF_8), JSON, null);
    }

    @Test
    void vectors() {
        for (Object each : Facts.get("vectors")) {
            Fields v = Fields.of(each);
            if (v.text("kind").equals("request")) {
                Whitespace rule = v.text("sign.whitespace").equals("strip") ? Whitespace.STRIP : Whitespace.EXACT;
                assertEquals(v.text("sign"), Signatures.request(v.text("data"), v.text("key"), v.text("time_stamp"), rule), v.text("name"));
                continue;
            }
            String data = v.text("body").stripTrailing();
            byte[] body = (data.substring(0, data.length() - 1) + ",\"signment\":\"" + v.text("sign") + "\"}").getBytes(StandardCharsets.UTF_8);
            SignData rule = SignData.valueOf(v.text("push.sign_data").toUpperCase(Locale.ROOT));
            PushKind kind = data.contains("synId") ? null : PushKind.UNBIND;
            PushVerifier verifier = new PushVerifier(v.text("merchant_no"), v.text("key"), rule);
            if (data.contains("plateNumber")) {
                assertNotNull(verifier.verify(body, JSON, kind).plateNumber(), v.text("name"));
            } else { // signed right, so that what is missing is named
                assertTrue(assertThrows(PushException.class, () -> verifier.verify(body, JSON, kind)).is(Code.MISSING_PARAMETER), v.text("name"));
            }
            PushVerifier other = new PushVerifier(v.text("merchant_no"), v.text("key") + "x", rule);
            assertTrue(assertThrows(PushException.class, () -> other.verify(body, JSON, kind)).is(Code.BAD_SIGNATURE));
        }
    }

    @Test
    void codes() {
        List<?> rows = Facts.get("codes");
        assertEquals(rows.size(), Code.values().length);
        for (int i = 0; i < rows.size(); i++) {
            assertEquals(Fields.of(rows.get(i)).text("code"), String.valueOf(Code.values()[i].number()));
            assertEquals(Fields.of(rows.get(i)).text("message"), Code.values()[i].message());
        }
    }

    @Test
    void anExitIsRead() {
        ExitPush push = (ExitPush) verify(signed(EXIT), JSON, SignData.JSON);
        assertEquals(PushKind.EXIT, push.kind());
        assertEquals("1002559", push.parkId());
        assertEquals(Duration.ofSeconds(148980), push.stayed());
        assertEquals(new BigDecimal("5.5"), push.receivableFee());
        assertEquals("exit 9E2F", push.key());
    }

    @Test
    void theTextItselfIsSigned() {
        for (String data : List.of(EXIT, EXIT.replace("5.50", "150.0"), EXIT.replace("148980", "\"148980\""),
                EXIT.replace("渝", "\\u6e1d").replace("停", "\\/"), EXIT.replace(",", " ,\n "), "{ \"more\" : true , " + EXIT.substring(1),
                EXIT.substring(0, EXIT.length() - 1) + "\n}")) {
            assertEquals(PushKind.EXIT, verify(signed(data), JSON, SignData.JSON).kind(), data);
        }
    }

    @Test
    void signmentMayStandAnywhere() {
        String signment = "\"signment\":\"" + Signatures.push(NO, NOTICE, KEY) + "\"";
        String[] members = NOTICE.substring(1, NOTICE.length() - 1).split(",");
        for (List<String> order : List.of(List.of(signment, members[0], members[1]), List.of(members[0], signment, members[1]),
                List.of(members[0], members[1], signment))) {
            byte[] body = ("{" + String.join(",", order) + "}").getBytes(StandardCharsets.UTF_8);
            assertEquals("渝ATX061", new PushVerifier(NO, KEY).verify(body, JSON, PushKind.UNBIND).plateNumber());
        }
    }

    @Test
    void aFormDoesNotSayWhatIsANumber() {
        List<String> numbers = List.of("1002559", "148980", "5.50");
        for (int ways = 0; ways < 8; ways++) {
            String text = EXIT;
            for (int bit = 0; bit < 3; bit++) if ((ways & 1 << bit) != 0) text = text.replace(":" + numbers.get(bit), ":\"" + numbers.get(bit) + "\"");
            assertEquals(new BigDecimal("5.5"), ((ExitPush) verify(form(EXIT, text), FORM, SignData.JSON)).receivableFee());
        }
    }

    @Test
    void encodingsAndWhatIsSigned() {
        Map<SignData, String> texts = Map.of(SignData.JSON, EXIT, SignData.VALUES, String.join("", pairs(EXIT).values()), SignData.QUERY,
                pairs(EXIT).entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).collect(Collectors.joining("&")));
        texts.forEach((signData, text) -> {
            assertEquals(PushKind.EXIT, verify(signed(EXIT, text), JSON, signData).kind());
            assertEquals(PushKind.EXIT, verify(form(EXIT, text), FORM, signData).kind());
            assertEquals(PushKind.EXIT, verify(form(Map.of("data", signed(EXIT, text))), FORM, signData).kind());
        });
        assertThrows(PushException.class, () -> verify(signed(EXIT), JSON, SignData.VALUES));
    }

    @Test
    void whatIsRefused() {
        String good = signed(EXIT);
        refused(Code.BAD_SIGNATURE, good.replace("148980", "148981"));
        refused(Code.BAD_SIGNATURE, good.toLowerCase(Locale.ROOT));
        refused(Code.BAD_SIGNATURE, good.replace("渝", "京"));
        refused(Code.BAD_SIGNATURE, good.substring(0, good.length() - 10) + "\"}");
        String open = EXIT.substring(0, EXIT.length() - 1);
        for (String none : List.of(EXIT, open + ",\"signment\":\"\"}", open + ",\"signment\":5}", signed(EXIT.replace("9e2f", "")))) {
            refused(Code.MISSING_PARAMETER, none);
        }
        for (String malformed : List.of(good.substring(0, good.length() - 1) + ",\"synId\":\"other\"}", good.substring(0, good.length() - 1), good + "x",
                "\ufeff" + good, "[]", "", "{\"a\":01}", "{\"a\":1,}", "{\"a\":\"\\u00zz\"}", "{\"a\":\"\\", signed("{\"a\":{\"b\":1}}"), signed(NOTICE),
                signed(EXIT.replace("2017-08-19 12:07:19", "2017-08-19T12:07:19")), signed(EXIT.replace("148980", "-5")))) {
            refused(Code.BAD_PARAMETER, malformed);
        }
        refused(Code.BAD_PARAMETER, new byte[] {(byte) 0xff}, JSON, null);
        refused(Code.BAD_PARAMETER, "a=1&a=2".getBytes(StandardCharsets.UTF_8), FORM, null);
        refused(Code.BAD_PARAMETER, "a=%ff".getBytes(StandardCharsets.UTF_8), FORM, null);
        refused(Code.BAD_PARAMETER, "a=%f".getBytes(StandardCharsets.UTF_8), FORM, null);
        refused(Code.BAD_PARAMETER, good.getBytes(StandardCharsets.UTF_8), JSON, PushKind.UNBIND);
        assertEquals(415, refused(Code.FAILED, good.getBytes(StandardCharsets.UTF_8), "text/plain", null).httpStatus());
        assertEquals(413, refused(Code.FAILED, new byte[65537], JSON, null).httpStatus());
        assertThrows(IllegalArgumentException.class, () -> new PushVerifier(NO, ""));
        assertFalse(new PushVerifier(NO, KEY).toString().contains(KEY));
    }

    @Test
    void moneyAndTimesAreExact() {
        assertEquals(List.of("8.0", "8.0", "5.5", "10.34", "8.0", "-0.1", "100.0"), List.of("8", "8.0", "5.50", "10.34", "8.000", "-0.10", "100").stream()
                .map(x -> Values.formatYuan(Values.parseYuan(x))).collect(Collectors.toList()));
        for (String wrong : List.of("", "8.", ".5", "+8", "8e0", "1.234", "８")) assertThrows(IllegalArgumentException.class, () -> Values.parseYuan(wrong), wrong);
        assertEquals(LocalDateTime.of(2017, 8, 20, 12, 0), Values.parseTime("2017-08-20 12:00:00"));
        for (String wrong : List.of("2017-02-29 00:00:00", "2017-08-20T12:00:00", "2017-8-20 12:00:00")) {
            assertThrows(DateTimeException.class, () -> Values.parseTime(wrong), wrong);
        }
    }
}
