package io.github.etcpmock;

import io.github.etcpmock.Signatures.Whitespace;
import io.github.etcpmock.internal.Fields;
import io.github.etcpmock.internal.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Calls the platform as one merchant. It keeps no tokens: a token belongs to a user. Safe for several threads.
 *
 * <p>Every method throws {@link PlatformException} where the code is not 0, {@link TransportException} where no answer came, and
 * {@link NotEnvelopeException} where the answer is none of the platform's.
 */
public final class EtcpClient {
    private static final Set<String> BY_GET = Set.of("uservalidatecode", "orderhistory", "orderunpay", "carnum");
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");

    private final String baseUrl;
    private final String merchantNo;
    private final String key;
    private final Duration timeout;
    private final Clock clock;
    private final Whitespace whitespace;
    private final HttpClient http;

    /** A client of the platform at {@code baseUrl} (§8, or a mock's address) for a merchant and its key. */
    public EtcpClient(String baseUrl, String merchantNo, String key) {
        this(baseUrl, merchantNo, key, Duration.ofSeconds(30), Clock.systemUTC(), Whitespace.EXACT,
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
    }

    private EtcpClient(String baseUrl, String merchantNo, String key, Duration timeout, Clock clock, Whitespace whitespace, HttpClient http) {
        if (!baseUrl.matches("(?i)https?://.+")) {
            throw new IllegalArgumentException("baseUrl: want http:// or https:// and a host, such as http://127.0.0.1:8787, got \"" + baseUrl + "\"");
        }
        this.baseUrl = baseUrl.replaceAll("/+$", "");
        this.merchantNo = merchantNo;
        this.key = key;
        this.timeout = timeout;
        this.clock = clock;
        this.whitespace = whitespace;
        this.http = http;
    }

    /** The same client with another time limit for a call. */
    public EtcpClient withTimeout(Duration timeout) {
        return new EtcpClient(baseUrl, merchantNo, key, timeout, clock, whitespace, http);
    }

    /** The same client, {@code time_stamp} taken from another clock. */
    public EtcpClient withClock(Clock clock) {
        return new EtcpClient(baseUrl, merchantNo, key, timeout, clock, whitespace, http);
    }

    /** The same client under another rule sign.whitespace. */
    public EtcpClient withWhitespace(Whitespace whitespace) {
        return new EtcpClient(baseUrl, merchantNo, key, timeout, clock, whitespace, http);
    }

    /** The same client over another HTTP client: its proxy, its trusted authorities. */
    public EtcpClient withHttpClient(HttpClient http) {
        return new EtcpClient(baseUrl, merchantNo, key, timeout, clock, whitespace, http);
    }

    /** Signs the text {@code data} and sends it as it is. No code is an exception here. */
    public Answer call(String endpoint, String data) {
        String stamp = STAMP.format(LocalDateTime.ofInstant(clock.instant(), Values.SHANGHAI));
        String form = "merchant_no=" + encode(merchantNo) + "&time_stamp=" + stamp + "&data=" + encode(data)
                + "&sign=" + Signatures.request(data, key, stamp, whitespace);
        String url = baseUrl + "/merchant/open/1.0.0/openapi/" + encode(endpoint);
        HttpRequest.Builder request = HttpRequest.newBuilder().timeout(timeout);
        if (BY_GET.contains(endpoint)) {
            request.uri(URI.create(url + "?" + form));
        } else {
            request.uri(URI.create(url)).header("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
                    .POST(HttpRequest.BodyPublishers.ofString(form));
        }
        return envelope(endpoint, send(endpoint, request.build()));
    }

    /** Writes {@code data} as compact JSON, without what is null, and sends it. */
    public Answer call(String endpoint, Map<String, ?> data) {
        Map<String, Object> present = new LinkedHashMap<>(data);
        present.values().removeIf(value -> value == null);
        return call(endpoint, Json.write(present));
    }

    private HttpResponse<String> send(String endpoint, HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new TransportException(endpoint, request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransportException(endpoint, request.uri(), e);
        }
    }

    private static Answer envelope(String endpoint, HttpResponse<String> response) {
        Map<?, ?> envelope;
        int code;
        try {
            envelope = (Map<?, ?>) Json.parse(response.body());
            code = ((BigDecimal) envelope.get("code")).intValueExact();
        } catch (IllegalArgumentException | ClassCastException | NullPointerException | ArithmeticException e) {
            throw new NotEnvelopeException(endpoint, "no envelope", response.statusCode(), response.body());
        }
        Object message = envelope.get("message");
        return new Answer(code, message == null ? "" : message.toString(), envelope.get("data"), response.statusCode(),
                response.headers().firstValue("X-Mock-Reason").orElse(""), response.headers().firstValue("X-Mock-Request-Id").orElse(""));
    }

    private <T> T read(String endpoint, Map<String, ?> data, Function<Object, T> read) {
        Answer answer = call(endpoint, data);
        if (answer.code() != 0) {
            throw new PlatformException(endpoint, answer.code(), answer.message(), answer.reason(), answer.requestId());
        }
        try {
            return read.apply(answer.data());
        } catch (RuntimeException e) { // a value of another kind
            throw new NotEnvelopeException(endpoint, "unexpected data: " + e.getMessage(), answer.httpStatus(), Json.write(answer.data()));
        }
    }

    /** Has a code sent by SMS (§9.1). Again within a minute: {@link Code#SMS_FAILED}. */
    public void userValidateCode(String mobilePhone) {
        read("uservalidatecode", data("mobilePhone", mobilePhone), x -> null);
    }

    /** Logs a user in with the code of an SMS and gives the token (§9.2). A wrong code: {@link Code#WRONG_SMS_CODE}. */
    public String userLogin(String mobilePhone, String code, String appId) {
        return read("userlogin", data("mobilePhone", mobilePhone, "code", code, "appId", appId), EtcpClient::token);
    }

    /** Logs in a user whom the merchant vouches for and gives the token (§9.3; the path is {@code usersigin}). */
    public String userSignin(String mobilePhone, String appId) {
        return userSignin(mobilePhone, appId, null);
    }

    /** {@link #userSignin(String, String)} with the user's plate. */
    public String userSignin(String mobilePhone, String appId, String carNumber) {
        return read("usersigin", data("mobilePhone", mobilePhone, "appId", appId, "carNumber", carNumber), EtcpClient::token);
    }

    /** Binds a blue plate to the user (§9.4). */
    public void bindCar(String token, String plateNumber) {
        bindCar(token, plateNumber, null);
    }

    /** Binds a vehicle to the user (§9.4). Bound by another: {@link Code#BOUND_BY_OTHER}; a fourth at once: {@link Code#TOO_MANY_BOUND}. */
    public void bindCar(String token, String plateNumber, PlateColor plateColor) {
        read("bindcar", data("token", token, "plateNumber", plateNumber, "plateColor", wire(plateColor)), x -> null);
    }

    /** Ends the user's binding of a plate, in all its colours (§9.5). Not bound by this user: {@link Code#OPERATION_FAILED}. */
    public void unbindCar(String token, String plateNumber) {
        read("unbindcar", data("token", token, "plateNumber", plateNumber), x -> null);
    }

    /** The stays that ended within the last seven days, the newest entrance first (§9.6). */
    public List<HistoryOrder> orderHistory(String token) {
        return read("orderhistory", data("token", token), x -> Fields.list(x, HistoryOrder::new));
    }

    /** What a car owes (§9.7). No car, or nothing owed: an empty list. */
    public List<UnpaidOrder> orderUnpay(String token, String plateNumber) {
        return orderUnpay(token, plateNumber, null);
    }

    /** {@link #orderUnpay(String, String)} with the channel that the user came by. */
    public List<UnpaidOrder> orderUnpay(String token, String plateNumber, String appId) {
        return read("orderunpay", data("token", token, "plateNumber", plateNumber, "appId", appId), x -> Fields.list(x, UnpaidOrder::new));
    }

    /**
     * Reports that the user has paid (§9.8). The same payment again is safe and gives the first receipt. Another amount than is owed:
     * {@link Code#WRONG_AMOUNT}; nothing left to pay: {@link Code#ORDER_UPDATE_FAILED}; an externalOrderId that paid for something
     * else: {@link Code#ORDER_CREATE_FAILED}.
     */
    public Receipt orderPaid(Payment payment) {
        return read("orderpaid", payment.data(), x -> new Receipt(Fields.of(x)));
    }

    /** {@link #carRetrieve(String, String, String, String, PlateColor)} of a blue plate. */
    public void carRetrieve(String token, String plateNumber, String carFrameNum, String carEngineNum) {
        carRetrieve(token, plateNumber, carFrameNum, carEngineNum, null);
    }

    /** Proves that the user owns a vehicle, by VIN and engine number (§9.9). From then on its pushes are not masked. */
    public void carRetrieve(String token, String plateNumber, String carFrameNum, String carEngineNum, PlateColor plateColor) {
        read("carretrieve", data("token", token, "plateNumber", plateNumber, "carFrameNum", carFrameNum, "carEngineNum", carEngineNum,
                "plateColor", wire(plateColor)), x -> null);
    }

    /** One page of car parks (§9.10). */
    public ParkingPage surroundingParking(ParkingQuery query) {
        return read("surroundingparking", query.data(), x -> new ParkingPage(Fields.of(x)));
    }

    /** The car parks of all pages. */
    public List<Parking> parkings(ParkingQuery query) {
        List<Parking> all = new ArrayList<>();
        ParkingPage page = surroundingParking(query);
        while (!page.list().isEmpty()) {
            all.addAll(page.list());
            if (page.scrollId().isEmpty()) break;
            page = surroundingParking(query.after(page.scrollId()));
        }
        return all;
    }

    /** How full a car park is (§9.11). An unknown one: {@link Code#FAILED}. */
    public ParkingStatus parkingStatus(String parkingId) {
        return read("parkingstatus", data("parkingId", parkingId), x -> new ParkingStatus(Fields.of(x)));
    }

    /** How many vehicles the user has bound, through whichever merchant (§9.12). */
    public int carNum(String token) {
        return read("carnum", data("token", token), x -> Integer.parseInt(Fields.of(x).text("number")));
    }

    @Override
    public String toString() {
        return "EtcpClient{" + baseUrl + ", " + merchantNo + "}"; // the key reaches no output
    }

    private static String token(Object data) {
        String token = Fields.of(data).text("token");
        if (token.isEmpty()) throw new IllegalArgumentException("no token");
        return token;
    }

    private static String wire(PlateColor color) {
        return color == null ? null : color.wire();
    }

    private static Map<String, Object> data(Object... pairs) {
        Map<String, Object> data = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) data.put((String) pairs[i], pairs[i + 1]);
        return data;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
