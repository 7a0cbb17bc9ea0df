// A stay from sign-in to exit, with the JDK only: requests signed (§6), pushes received and verified (§10).
// Run it with: etcp-mock exec -- java Park.java
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Park {
    static final String URL = System.getenv("ETCP_MOCK_URL");
    static final String ADMIN = System.getenv("ETCP_MOCK_ADMIN") + "/sandboxes/default"; // the mock's control API, of its default world
    static final String NO = System.getenv("ETCP_MOCK_MERCHANT_NO");
    static final String KEY = System.getenv("ETCP_MOCK_MERCHANT_KEY");
    static final HttpClient http = HttpClient.newHttpClient();

    static String md5(String text) throws Exception {
        byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().withUpperCase().formatHex(hash);
    }

    /** A signed request. The text that is signed is the text that is sent. */
    static String call(String method, String endpoint, String data) throws Exception {
        String stamp = ZonedDateTime.now(ZoneId.of("Asia/Shanghai")).format(DateTimeFormatter.ofPattern("yyyyMMddHHmmss"));
        String form = "merchant_no=" + encode(NO) + "&time_stamp=" + stamp + "&data=" + encode(data) + "&sign=" + md5(data + KEY + stamp);
        URI uri = URI.create(URL + "/merchant/open/1.0.0/openapi/" + endpoint + (method.equals("GET") ? "?" + form : ""));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (method.equals("POST")) {
            request.header("Content-Type", "application/x-www-form-urlencoded;charset=utf-8").POST(BodyPublishers.ofString(form));
        }
        return http.send(request.build(), BodyHandlers.ofString()).body();
    }

    static String encode(String text) { return URLEncoder.encode(text, StandardCharsets.UTF_8); }

    static String admin(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(ADMIN + path)).header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)).build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 300) throw new AssertionError(method + " " + path + ": " + answer.body());
        return answer.body();
    }

    /** The value of a field. The JDK has no JSON; a project would use the library it has. */
    static String field(String json, String name) {
        Matcher m = Pattern.compile("\"" + name + "\":\"?([^,\"}]*)").matcher(json);
        if (!m.find()) throw new AssertionError("no " + name + " in " + json);
        return m.group(1);
    }

    static void want(String text, String answer) {
        if (!answer.contains(text)) throw new AssertionError("want " + text + " in: " + answer);
    }

    /** A webhook: verifies signment over the bytes as they came, answers code 0, hands the push on. */
    static HttpServer webhook(BlockingQueue<String> received) throws Exception {
        Pattern signment = Pattern.compile(",\"signment\":\"([0-9A-F]{32})\"}$");
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/etcp", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Matcher m = signment.matcher(body);
            boolean right = false;
            try {
                right = m.find() && md5(NO + m.replaceFirst("}") + KEY).equals(m.group(1));
            } catch (Exception e) { /* MD5 is always there */ }
            byte[] answer = (right ? "{\"code\":0,\"message\":\"ok\"}" : "{\"code\":4,\"message\":\"wrong signment\"}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json;charset=UTF-8");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
            if (right) received.add(body);
        });
        server.start();
        return server;
    }

    public static void main(String[] args) throws Exception {
        BlockingQueue<String> pushes = new LinkedBlockingQueue<>();
        HttpServer webhook = webhook(pushes);
        try {
            park("渝ATX061", "http://127.0.0.1:" + webhook.getAddress().getPort() + "/etcp", pushes);
        } finally {
            webhook.stop(0);
        }
    }

    static void park(String plate, String url, BlockingQueue<String> pushes) throws Exception {
        admin("PUT", "/clock", "{\"mode\":\"frozen\"}"); // time moves when this program says so
        admin("PUT", "/merchants/" + NO, "{\"key\":\"" + KEY + "\",\"push\":{\"url\":\"" + url + "\"}}");
        String token = field(call("POST", "usersigin", "{\"mobilePhone\":\"13800000001\",\"appId\":\"ETCP\"}"), "token");
        want("\"code\":0", call("POST", "bindcar", "{\"token\":\"" + token + "\",\"plateNumber\":\"" + plate + "\"}"));

        String order = field(admin("POST", "/cars/enter", "{\"plateNumber\":\"" + plate + "\",\"parkingId\":\"1\"}"), "orderId");
        String entry = next(pushes);
        want(order, entry);
        want("渝****61", entry);

        admin("POST", "/clock/advance", "{\"by\":\"1h30m\"}");
        String due = call("GET", "orderunpay", "{\"token\":\"" + token + "\",\"plateNumber\":\"" + plate + "\"}");
        want("\"remainingFee\":10", due);

        String pay = "{\"token\":\"" + token + "\",\"orderId\":\"" + order + "\",\"externalOrderId\":\"E1\",\"payment\":\"%s\","
            + "\"payTime\":\"2017-08-20 13:30:00\",\"verificationInfo\":\"" + field(due, "verificationInfo") + "\"}";
        want("\"code\":20206", call("POST", "orderpaid", pay.formatted("9")));
        want("支付通知成功", call("POST", "orderpaid", pay.formatted("10")));

        admin("POST", "/cars/exit", "{\"plateNumber\":\"" + plate + "\"}");
        want("\"stayedTime\":5400", next(pushes));
        System.out.println("paid 10 yuan for order " + order);
    }

    static String next(BlockingQueue<String> pushes) throws Exception {
        String push = pushes.poll(5, TimeUnit.SECONDS);
        if (push == null) throw new AssertionError("no push within 5 s");
        return push;
    }
}
