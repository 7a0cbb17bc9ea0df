import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.SimpleDateFormat;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Merchants' endpoints for pushes, one for each path: /right, and one for each of the mistakes below. It prints its address and ends with its standard input. */
public class Merchant {
  static final String NO = "M1";
  static final String KEY = "s3cret-of-the-merchant";
  static final Pattern SIGNMENT = Pattern.compile(",\\s*\"signment\"\\s*:\\s*\"([^\"]*)\"\\s*\\}$");

  interface Store {
    void store(String push) throws Exception;
  }

  record Endpoint(Predicate<byte[]> verify, Store store) {}

  static String md5(String text) {
    try {
      byte[] sum = MessageDigest.getInstance("MD5").digest((NO + text + KEY).getBytes(StandardCharsets.UTF_8));
      return String.format("%032X", new BigInteger(1, sum));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static String field(String push, String name) {
    Matcher m = Pattern.compile("\"" + name + "\"\\s*:\\s*(\"([^\"]*)\"|[0-9.]+)").matcher(push);
    return m.find() ? m.group(2) == null ? m.group(1) : m.group(2) : null;
  }

  /** The text that was received, with signment cut out. */
  static boolean raw(String text) {
    Matcher m = SIGNMENT.matcher(text);
    return m.find() && md5(text.substring(0, m.start()) + "}").equals(m.group(1));
  }

  static boolean right(byte[] body) {
    return raw(new String(body, StandardCharsets.UTF_8));
  }

  /** The mistake of comparing whatever the case. */
  static boolean ignoreCase(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    Matcher m = SIGNMENT.matcher(text);
    return m.find() && md5(text.substring(0, m.start()) + "}").equalsIgnoreCase(m.group(1));
  }

  /** The mistake of verifying only what has a signment. */
  static boolean ifThere(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    return !text.contains("\"signment\"") && text.endsWith("\"}") && field(text, "plateNumber") != null || raw(text);
  }

  static void nothing(String push) {}

  static final Map<String, Endpoint> MERCHANTS =
      Map.of(
          "/right", new Endpoint(Merchant::right, Merchant::nothing),
          "/right-slow", new Endpoint(Merchant::right, push -> Thread.sleep(5)),
          "/ignore-case", new Endpoint(Merchant::ignoreCase, Merchant::nothing),
          "/if-there", new Endpoint(Merchant::ifThere, Merchant::nothing),
          "/gbk", new Endpoint(body -> raw(new String(body, Charset.forName("GBK"))), Merchant::nothing),
          "/url-decode", new Endpoint(body -> raw(URLDecoder.decode(new String(body, StandardCharsets.UTF_8), StandardCharsets.UTF_8)), Merchant::nothing),
          "/hh",
              new Endpoint(
                  Merchant::right,
                  push -> {
                    SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd hh:mm:ss");
                    format.setLenient(false);
                    if (field(push, "entranceTime") != null) format.parse(field(push, "entranceTime"));
                  }),
          "/int-fee", new Endpoint(Merchant::right, push -> { if (field(push, "receivableFee") != null) Integer.parseInt(field(push, "receivableFee")); }),
          "/short-id", new Endpoint(Merchant::right, push -> { if (field(push, "parkId") != null) Short.parseShort(field(push, "parkId")); }));

  static void handle(HttpExchange exchange) throws IOException {
    byte[] body;
    try (InputStream in = exchange.getRequestBody()) {
      body = in.readNBytes(1 << 16);
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    Endpoint endpoint = MERCHANTS.get(exchange.getRequestURI().getPath());
    if (!exchange.getRequestMethod().equals("POST")) {
      answer(exchange, 405, 1, "POST");
      return;
    }
    boolean right;
    try {
      right = endpoint.verify.test(body);
    } catch (RuntimeException e) {
      right = false;
    }
    if (!right) {
      answer(exchange, 200, 4, "签名校验非法");
      return;
    }
    try {
      endpoint.store.store(new String(body, StandardCharsets.UTF_8));
      answer(exchange, 200, 0, "ok");
    } catch (Exception e) {
      answer(exchange, 500, 2, e.getClass().getName());
    }
  }

  static void answer(HttpExchange exchange, int status, int code, String message) throws IOException {
    byte[] text = ("{\"code\":" + code + ",\"message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  public static void main(String[] args) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 128);
    server.createContext("/", Merchant::handle);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    System.out.println("http://127.0.0.1:" + server.getAddress().getPort());
    while (System.in.read() >= 0) {}
    System.exit(0);
  }
}
