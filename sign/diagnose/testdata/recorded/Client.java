import com.google.gson.Gson;
import java.security.MessageDigest;
import java.util.*;
import org.apache.http.NameValuePair;
import org.apache.http.client.entity.UrlEncodedFormEntity;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.message.BasicNameValuePair;

/** Mistakes made with Apache HttpClient 4.5 and Gson 2.10: entity, string, gbk, doubles, hashmap. */
public class Client {
  static String md5(String text) throws Exception {
    StringBuilder hex = new StringBuilder();
    for (byte b : MessageDigest.getInstance("MD5").digest(text.getBytes("UTF-8"))) hex.append(String.format("%02X", b));
    return hex.toString();
  }

  public static void main(String[] args) throws Exception {
    String mode = args[0], stamp = System.getenv("STAMP"), key = System.getenv("KEY");
    String json = "{\"token\":\"d970cff4-3811\",\"plateNumber\":\"\u6e1dATX061\",\"payment\":8,\"appId\":\"ETCP\"}";
    Gson gson = new Gson();
    Map<String, Object> map = gson.fromJson(json, Map.class);
    String signed = mode.equals("doubles") ? gson.toJson(map) : mode.equals("hashmap") ? gson.toJson(new HashMap<>(gson.fromJson(json, com.google.gson.JsonObject.class).asMap())) : json;
    List<NameValuePair> form = new ArrayList<>();
    form.add(new BasicNameValuePair("merchant_no", "M1"));
    form.add(new BasicNameValuePair("time_stamp", stamp));
    form.add(new BasicNameValuePair("data", mode.equals("printed") ? map.toString() : json));
    form.add(new BasicNameValuePair("sign", md5(signed + key + stamp)));
    HttpPost post = new HttpPost(System.getenv("BASE") + "bindcar");
    if (mode.equals("entity")) {
      post.setEntity(new UrlEncodedFormEntity(form)); // its charset is ISO-8859-1
    } else if (mode.equals("gbk")) {
      post.setEntity(new UrlEncodedFormEntity(form, "GBK"));
    } else if (mode.equals("string")) { // its charset is ISO-8859-1, too
      StringBuilder body = new StringBuilder();
      for (NameValuePair p : form) body.append(body.length() > 0 ? "&" : "").append(p.getName()).append('=').append(p.getValue());
      post.setEntity(new StringEntity(body.toString()));
      post.setHeader("Content-Type", "application/x-www-form-urlencoded");
    } else {
      post.setEntity(new UrlEncodedFormEntity(form, "UTF-8"));
    }
    HttpClients.createDefault().execute(post);
  }
}
