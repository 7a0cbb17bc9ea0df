package io.github.etcpmock.testing;

import io.github.etcpmock.EtcpClient;
import io.github.etcpmock.Values;
import io.github.etcpmock.internal.Fields;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What one test has of a mock. */
public final class Sandbox implements AutoCloseable {
    /** What the clock of a new sandbox shows, where it stands until the test moves it. Asia/Shanghai. */
    public static final LocalDateTime START = LocalDateTime.of(2017, 8, 20, 12, 0);

    private final EtcpMock mock;
    private final String id;
    private final String host;
    private final String merchantNo;
    private final String merchantKey;
    private final EtcpClient client;
    private final List<Inbox> inboxes = new ArrayList<>();

    Sandbox(EtcpMock mock, Map<?, ?> made, String host) {
        this.mock = mock;
        this.host = host;
        this.id = Fields.of(made).text("id");
        List<?> merchants = (List<?>) made.get("merchants");
        Fields merchant = Fields.of(merchants.isEmpty() ? Map.of("merchantNo", "", "merchantKey", "") : merchants.get(0));
        this.merchantNo = merchant.text("merchantNo");
        this.merchantKey = merchant.text("merchantKey");
        this.client = new EtcpClient(mock.url(), merchantNo, merchantKey);
    }

    public EtcpMock mock() {
        return mock;
    }

    public String id() {
        return id;
    }

    /** Of the platform. */
    public String url() {
        return mock.url();
    }

    public String merchantNo() {
        return merchantNo;
    }

    public String merchantKey() {
        return merchantKey;
    }

    /** Calls the platform as this sandbox's merchant. */
    public EtcpClient client() {
        return client;
    }

    /** Calls the control API below this sandbox, such as {@code admin("GET", "/orders", null)}: whatever the other methods do not do. */
    public Object admin(String method, String path, Object body) {
        String slash = path.isEmpty() || path.startsWith("/") || path.startsWith("?") ? "" : "/";
        return mock.admin(method, "/sandboxes/" + encode(id) + slash + path, body);
    }

    /** What was done to this sandbox so far, as the text of a scenario file that does it again: {@code etcp-mock scenario run} takes it. */
    public String recording() {
        return mock.text("GET", "/sandboxes/" + encode(id) + "/recording", null);
    }

    // Owners, cars and time.

    /** Signs a user in, has it bind vehicles, and gives its token. */
    public String owner(String phone, String... plates) {
        String token = client.userSignin(phone, "etcp-mock");
        for (String plate : plates) client.bindCar(token, plate);
        return token;
    }

    /** Has a car enter the sandbox's first car park. */
    public Order enter(String plateNumber) {
        List<?> items = (List<?>) ((Map<?, ?>) admin("GET", "/parkings?limit=1", null)).get("items");
        return enter(plateNumber, Fields.of(items.get(0)).text("id"));
    }

    /** Has a car enter. */
    public Order enter(String plateNumber, String parkingId) {
        return new Order(admin("POST", "/cars/enter", Map.of("plateNumber", plateNumber, "parkingId", parkingId)));
    }

    /** Has a car leave; what it owes is paid in cash. */
    public Order exit(String plateNumber) {
        return exit(plateNumber, "cash");
    }

    /** Has a car leave; what it owes is paid in "cash", debited electronically ("withhold"), or left owing ("none"). */
    public Order exit(String plateNumber, String payment) {
        return new Order(admin("POST", "/cars/exit", Map.of("plateNumber", plateNumber, "payment", payment)));
    }

    /** The stays of a plate, oldest first. */
    public List<Order> orders(String plateNumber) {
        return items("/orders", Map.of("plateNumber", plateNumber)).stream().map(Order::new).collect(Collectors.toList());
    }

    /** The newest code that was sent to a phone. */
    public String sms(String phone) {
        return Fields.of(admin("GET", "/sms/" + encode(phone), null)).text("code");
    }

    /** What the clock shows, in Asia/Shanghai. */
    public LocalDateTime now() {
        return Fields.of(admin("GET", "/clock", null)).time("now");
    }

    /**
     * Moves the clock by "45m", "1h30m" or "8d" and gives the time then. What falls due on the way happens first: pushes are sent,
     * and sent again, and their answers awaited.
     */
    public LocalDateTime advance(String by) {
        return Fields.of(admin("POST", "/clock/advance", Map.of("by", by))).time("now");
    }

    /** Sets a rule of the platform: {@code rule("push.encoding", "form")}. */
    public void rule(String name, Object value) {
        admin("PATCH", "/rules", Map.of(name, value));
    }

    // Faults.

    /** Injects a fault and gives its id: {@code fault(Map.of("endpoint", "orderpaid"), Map.of("cut", "after"))}. */
    public String fault(Map<String, ?> on, Map<String, ?> effect) {
        return fault(on, effect, Map.of());
    }

    /** Injects a fault that hits as often as {@code more} says: {@code fault(Map.of("endpoint", "orderpaid"), Map.of("code", 1), Map.of("times", 1))}. */
    public String fault(Map<String, ?> on, Map<String, ?> effect, Map<String, ?> more) {
        Map<String, Object> fault = new LinkedHashMap<>(more);
        fault.put("on", on);
        fault.put("do", effect);
        return Fields.of(admin("POST", "/faults", fault)).text("id");
    }

    /** Takes all faults away. */
    public void clearFaults() {
        admin("DELETE", "/faults", null);
    }

    // Pushes.

    /** An endpoint on a free port that receives and verifies this merchant's pushes, each kind at a URL of its own. */
    public Inbox inbox() {
        Inbox inbox = new Inbox(this, host);
        inboxes.add(inbox);
        pushTo(inbox.url(), Map.of("unbind", inbox.url() + "/unbind", "certification-invalid", inbox.url() + "/certification-invalid"));
        return inbox;
    }

    /** Has the merchant's pushes sent to a URL. */
    public void pushTo(String url) {
        pushTo(url, Map.of());
    }

    /** Has the merchant's pushes sent to a URL, and those of a kind in {@code urls} to that one. */
    public void pushTo(String url, Map<String, String> urls) {
        Map<String, Object> push = new LinkedHashMap<>();
        push.put("url", url);
        if (!urls.isEmpty()) push.put("urls", urls);
        admin("PUT", "/merchants/" + encode(merchantNo), Map.of("key", merchantKey, "push", push));
    }

    /** All pushes with their attempts, oldest first. */
    public List<Map<?, ?>> pushes() {
        return items("/pushes", Map.of());
    }

    /** Waits until every push that is due has been answered. */
    public void drain() {
        admin("POST", "/pushes/drain", Map.of("timeout", "5s"));
    }

    // What the mock was asked.

    /** The journal, oldest first. */
    public List<Map<?, ?>> requests() {
        return items("/requests", Map.of());
    }

    /** An endpoint's part of the journal, oldest first. */
    public List<Map<?, ?>> requests(String endpoint) {
        return items("/requests", Map.of("endpoint", endpoint));
    }

    /** Asserts that the endpoint was called with this data (or more of it), and waits a second for it. A payment of 10 is 10.0, "10" and "10.0". */
    public void saw(String endpoint, Map<String, ?> data) {
        saw(endpoint, data, Map.of());
    }

    /** Asserts the same and what {@code more} says: {@code Map.of("code", 0, "count", Map.of("min", 2, "max", 2))}. */
    public void saw(String endpoint, Map<String, ?> data, Map<String, ?> more) {
        Map<String, Object> want = new LinkedHashMap<>(Map.of("endpoint", endpoint, "data", data, "byValue", true, "within", "1s"));
        want.putAll(more);
        verify("/requests/verify", either("no " + endpoint + " like it came", "没有收到符合条件的 " + endpoint), want);
    }

    /** Asserts that the endpoint was not called until now. */
    public void neverSaw(String endpoint) {
        neverSaw(endpoint, Map.of());
    }

    /** Asserts that the endpoint was not called with this data until now. */
    public void neverSaw(String endpoint, Map<String, ?> data) {
        Map<String, Object> want = new LinkedHashMap<>(Map.of("endpoint", endpoint, "byValue", true, "count", Map.of("max", 0)));
        if (!data.isEmpty()) want.put("data", data);
        verify("/requests/verify", either("a " + endpoint + " like it came", "收到了符合条件的 " + endpoint), want);
    }

    /** Asserts that a push of a kind with these fields (or more) was delivered, and waits a second for it. */
    public void pushed(String kind, Map<String, ?> fields) {
        String failure = either("no push " + kind + " like it was delivered", "没有送达符合条件的 " + kind + " 推送");
        verify("/pushes/verify", failure, Map.of("kind", kind, "body", fields, "byValue", true, "status", "delivered", "within", "1s"));
    }

    private void verify(String path, String failure, Map<String, ?> want) {
        Map<?, ?> found = (Map<?, ?>) admin("POST", path, want);
        if (Boolean.TRUE.equals(found.get("ok"))) return;
        String matched = either(" (" + found.get("matched") + " matched)", "（匹配 " + found.get("matched") + " 个）");
        StringBuilder text = new StringBuilder("etcp-mock: " + failure + matched + hint(found));
        Object nearest = found.get("nearest");
        for (Object each : nearest instanceof List ? (List<?>) nearest : List.of()) {
            Map<?, ?> near = (Map<?, ?>) each;
            text.append("\n  ").append(either("nearest " + near.get("id") + ": ", "最接近的 " + near.get("id") + "："));
            text.append(((List<?>) near.get("differs")).stream().map(String::valueOf).map(Sandbox::differing).collect(Collectors.joining(either("; ", "；"))));
        }
        throw new AssertionError(text.toString());
    }

    /** Why no push (of a kind, or of any, "") was made, behind a semicolon; "" where that is not known. */
    String whyNone(String kind) {
        return hint((Map<?, ?>) admin("POST", "/pushes/verify", kind.isEmpty() ? Map.of() : Map.of("kind", kind)));
    }

    private static String hint(Map<?, ?> found) {
        String hint = in(inChinese(), Fields.of(found), "hint");
        return hint.isEmpty() ? "" : either("; ", "；") + hint;
    }

    private static String differing(String text) {
        if (!inChinese()) {
            return text;
        }
        return text.replaceFirst("(?s)^(.*?): want (.*), got (.*)$", "$1：应为 $2，实际为 $3")
                .replaceFirst("应为 an object，", "应为对象，").replaceFirst("实际为 nothing$", "实际为无")
                .replaceFirst(" \\(a string\\)$", "（字符串）").replaceFirst(" \\(a number\\)$", "（数字）").replaceFirst(" \\(no string\\)$", "（不是字符串）");
    }

    /** What the endpoint itself answered, behind a semicolon; "" where it did not. */
    private static String answered(Fields attempt) {
        String answer = attempt.textOrEmpty("response").trim().replaceAll("\\s+", " ");
        if (answer.isEmpty()) return "";
        return either("; the answer was ", "；应答为 ") + (answer.length() > 300 ? answer.substring(0, 300) + "…" : answer);
    }

    /** The text in the language that the environment asks for. */
    static String either(String english, String chinese) {
        return inChinese() ? chinese : english;
    }

    private static boolean inChinese() {
        String asked = String.valueOf(System.getenv("ETCP_MOCK_LANG"));
        return asked.equals("zh") || !asked.equals("en") && Locale.getDefault().getLanguage().equals("zh");
    }

    /** What was refused in this sandbox and why, and which pushes were not delivered; "" where nothing was. */
    public String report() {
        boolean chinese = inChinese();
        List<String> lines = new ArrayList<>();
        for (Map<?, ?> q : requests()) {
            Fields f = Fields.of(q);
            if (f.textOrEmpty("reason").isEmpty()) continue;
            String explanation = in(chinese, f, "explanation");
            String fix = in(chinese, f, "fix");
            lines.add(f.text("id") + " " + f.text("endpoint") + ": code " + f.text("code") + ", " + f.text("reason") + ": " + explanation);
            if (!fix.isEmpty() && !explanation.contains(fix)) lines.add("    " + fix);
        }
        settle();
        for (Map<?, ?> p : pushes()) {
            Fields f = Fields.of(p);
            List<?> attempts = (List<?>) p.get("attempts");
            if (f.text("status").equals("delivered") || attempts.isEmpty()) continue;
            Fields last = Fields.of(attempts.get(attempts.size() - 1));
            String why = in(chinese, last, "error") + answered(last);
            if (chinese) {
                lines.add(f.text("id") + " 推送 " + f.text("kind") + "（" + f.text("plateNumber") + "，" + f.text("url") + "）：" + (f.text("status").equals("failed") ? "失败" : "待投递") + "：" + why);
                continue;
            }
            lines.add(f.text("id") + " push " + f.text("kind") + " of " + f.text("plateNumber") + " to " + f.text("url") + (f.text("status").equals("failed") ? " has failed" : " is pending")
                    + ": " + why);
        }
        if (lines.isEmpty()) return "";
        return either("etcp-mock refused or could not deliver (" + id + "):", "etcp-mock 拒绝的请求和未送达的推送（" + id + "）：")
                + "\n  " + String.join("\n  ", lines);
    }

    /** Waits a moment for the attempts that are in flight: a push may fail as the test does. What is not answered by then is reported as it is. */
    private void settle() {
        try {
            admin("POST", "/pushes/drain", Map.of("timeout", "1s"));
        } catch (MockException e) {
            if (e.status() != 504) throw e;
        }
    }

    private static String in(boolean chinese, Fields f, String name) {
        String text = chinese ? f.textOrEmpty(name + "Zh") : "";
        return text.isEmpty() ? f.textOrEmpty(name) : text;
    }

    private List<Map<?, ?>> items(String path, Map<String, String> query) {
        List<Map<?, ?>> found = new ArrayList<>();
        StringBuilder given = new StringBuilder(path + "?limit=1000");
        query.forEach((name, value) -> given.append('&').append(name).append('=').append(encode(value)));
        String after = "";
        while (true) {
            Map<?, ?> page = (Map<?, ?>) admin("GET", given + after, null);
            for (Object item : (List<?>) page.get("items")) found.add((Map<?, ?>) item);
            String next = Fields.of(page).textOrEmpty("next");
            if (next.isEmpty()) return found;
            after = "&after=" + encode(next);
        }
    }

    /** Ends the sandbox and its inboxes. */
    @Override
    public void close() {
        inboxes.forEach(Inbox::close);
        try {
            admin("DELETE", "", null);
        } catch (MockException e) {
            if (e.status() != 404) throw e;
        }
    }

    @Override
    public String toString() {
        return "Sandbox{" + id + ", " + url() + ", " + Values.formatTime(now()) + "}";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
