import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A merchant's client in Java. Its one argument says which mistake it makes: latin, hashmap, map; none for none. */
public class Sign {
  static String json(Map<String, String> m) {
    StringBuilder b = new StringBuilder();
    m.forEach((k, v) -> b.append(b.length() == 0 ? "{" : ",").append('"').append(k).append("\":\"").append(v).append('"'));
    return b.append('}').toString();
  }

  public static void main(String[] args) throws Exception {
    Map<String, String> d = new LinkedHashMap<>();
    d.put("token", "d970cff4");
    d.put("plateNumber", "\u6e1dATX061");
    d.put("plateColor", "1");
    String stamp = ZonedDateTime.now(ZoneId.of("GMT+8")).format(DateTimeFormatter.ofPattern("yyyyMMddHHmmss"));
    String signed = json(args[0].equals("hashmap") ? new HashMap<>(d) : d);
    StringBuilder sign = new StringBuilder();
    for (byte b : MessageDigest.getInstance("MD5").digest((signed + System.getenv("KEY") + stamp).getBytes("UTF-8"))) {
      sign.append(String.format("%02X", b));
    }
    String data = URLEncoder.encode(args[0].equals("map") ? d.toString() : json(d), args[0].equals("latin") ? "ISO-8859-1" : "UTF-8");
    String body = "merchant_no=M1&time_stamp=" + stamp + "&data=" + data + "&sign=" + sign;
    HttpRequest request = HttpRequest.newBuilder(URI.create(System.getenv("BASE") + "bindcar"))
        .header("Content-Type", "application/x-www-form-urlencoded").POST(HttpRequest.BodyPublishers.ofString(body)).build();
    System.out.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
  }
}
