// Receives the platform's pushes (§10), with the JDK only. It passes every check of `contract webhook`.
// Run it with: ETCP_MOCK_MERCHANT_NO=demo ETCP_MOCK_MERCHANT_KEY=demo-key java Webhook.java 9000
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Webhook {
    static final byte[] NO = System.getenv("ETCP_MOCK_MERCHANT_NO").getBytes(StandardCharsets.UTF_8);
    static final byte[] KEY = System.getenv("ETCP_MOCK_MERCHANT_KEY").getBytes(StandardCharsets.UTF_8);
    static final int MOST = 64 << 10;
    static final Map<String, String> KINDS = Map.of("/etcp", "", "/etcp/unbind", "unbind", "/etcp/certification-invalid", "certification-invalid");

    /** signment stands last. What was signed is all the rest, byte for byte as it came: parsing and writing it again may change it. */
    static final Pattern LAST = Pattern.compile(",\\s*\"signment\"\\s*:\\s*\"([0-9A-F]{32})\"\\s*}\\s*$");

    static final Set<String> seen = ConcurrentHashMap.newKeySet(); // a table with a unique key, in a real system

    static boolean verified(byte[] body) throws Exception {
        Matcher m = LAST.matcher(new String(body, StandardCharsets.ISO_8859_1)); // a character a byte: places are places in the bytes
        if (!m.find()) return false;
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        md5.update(NO);
        md5.update(body, 0, m.start());
        md5.update((byte) '}');
        byte[] want = HexFormat.of().withUpperCase().formatHex(md5.digest(KEY)).getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(want, m.group(1).getBytes(StandardCharsets.US_ASCII));
    }

    /** A field's text, null where there is none. The JDK has no JSON; a project would use the library it has. */
    static String field(String json, String name) {
        Matcher m = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        return m.find() ? m.group(1) : null;
    }

    /** The same push comes again where an answer was lost: (kind, synId) makes it one; unbindings have no synId. */
    static boolean store(String named, String push) {
        String kind = !named.isEmpty() ? named : push.contains("\"exitTime\"") ? "exit" : "entry";
        String plate = field(push, "plateNumber");
        String id = named.isEmpty() ? field(push, "synId") : field(push, "time");
        if (plate == null || id == null) return false;
        if (seen.add(kind + " " + (named.isEmpty() ? id.toLowerCase() : plate + " " + id))) System.out.println(kind + " " + plate);
        return true;
    }

    static void receive(HttpExchange exchange) throws Exception {
        String kind = KINDS.get(exchange.getRequestURI().getPath());
        if (!exchange.getRequestMethod().equals("POST")) { answer(exchange, 405, 1, "POST only"); return; }
        if (kind == null) { answer(exchange, 404, 1, "no such address"); return; }
        InputStream in = exchange.getRequestBody();
        byte[] body = in.readNBytes(MOST + 1);
        if (body.length > MOST) {
            in.skip(Long.MAX_VALUE); // so that the answer can be read
            answer(exchange, 413, 1, "too long");
        } else if (!verified(body)) {
            answer(exchange, 200, 4, "签名校验非法");
        } else if (!store(kind, new String(body, StandardCharsets.UTF_8))) {
            answer(exchange, 200, 6, "参数错误");
        } else {
            answer(exchange, 200, 0, "ok"); // only now: the platform forgets the push
        }
    }

    static void answer(HttpExchange exchange, int status, int code, String message) throws IOException {
        byte[] body = ("{\"code\":" + code + ",\"message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json;charset=UTF-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", args.length > 0 ? Integer.parseInt(args[0]) : 0), 128);
        server.createContext("/", exchange -> {
            try (exchange) {
                receive(exchange);
            } catch (Exception e) {
                answer(exchange, 500, 2, "服务器异常");
            }
        });
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        System.out.println("listening on http://127.0.0.1:" + server.getAddress().getPort() + "/etcp");
    }
}
