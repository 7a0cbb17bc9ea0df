// Receives the platform's pushes (§10), verified by client/java. It passes every check of `contract webhook`.
// Run it with: ETCP_MOCK_MERCHANT_NO=demo ETCP_MOCK_MERCHANT_KEY=demo-key java -cp etcp-client.jar Webhook.java 9000
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.etcpmock.Push;
import io.github.etcpmock.PushException;
import io.github.etcpmock.PushKind;
import io.github.etcpmock.PushVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

public class Webhook {
    static final PushVerifier VERIFIER = new PushVerifier(System.getenv("ETCP_MOCK_MERCHANT_NO"), System.getenv("ETCP_MOCK_MERCHANT_KEY"));
    static final int MOST = 64 << 10;

    static final Set<String> seen = ConcurrentHashMap.newKeySet(); // a table with a unique key, in a real system

    /** What the path is for: null for entries and exits. */
    static PushKind kind(String path) {
        switch (path) {
            case "/etcp": return null;
            case "/etcp/unbind": return PushKind.UNBIND;
            case "/etcp/certification-invalid": return PushKind.CERTIFICATION_INVALID;
            default: throw new PushException(1, "no such address", 404);
        }
    }

    static void receive(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) throw new PushException(1, "POST only", 405);
        PushKind kind = kind(exchange.getRequestURI().getPath());
        InputStream in = exchange.getRequestBody();
        byte[] body = in.readNBytes(MOST + 1);
        if (body.length > MOST) in.skip(Long.MAX_VALUE); // so that the answer can be read
        Push push = VERIFIER.verify(body, exchange.getRequestHeaders().getFirst("Content-Type"), kind);
        if (seen.add(push.key())) System.out.println(push.kind().word() + " " + push.plateNumber()); // it comes again where an answer was lost
    }

    static void handle(HttpExchange exchange) throws IOException {
        int status = 200;
        byte[] answer = PushVerifier.ACCEPTED.getBytes(StandardCharsets.UTF_8); // only when it is stored: the platform forgets the push
        try {
            receive(exchange);
        } catch (PushException e) {
            status = e.httpStatus();
            answer = e.answer();
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json;charset=UTF-8");
        exchange.sendResponseHeaders(status, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", args.length > 0 ? Integer.parseInt(args[0]) : 0), 128);
        server.createContext("/", Webhook::handle);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        System.out.println("listening on http://127.0.0.1:" + server.getAddress().getPort() + "/etcp");
    }
}
