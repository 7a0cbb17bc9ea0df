package io.github.etcpmock.testing;

import io.github.etcpmock.Values;
import io.github.etcpmock.internal.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server that plays the platform. One serves a whole test run: tests keep apart by their sandboxes. */
public final class EtcpMock implements AutoCloseable {
    private static final long READY_SECONDS = 20;
    private static final String LISTENING = "listening on ";

    private final String url;
    private final String token;
    private final Process process;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private EtcpMock(String url, String token, Process process) {
        this.url = url.replaceAll("/+$", "");
        this.token = token;
        this.process = process;
    }

    /**
     * Uses the mock at $ETCP_MOCK_URL, where that is set (its token in $ETCP_MOCK_ADMIN_TOKEN); otherwise starts $ETCP_MOCK_BIN, or
     * etcp-mock of the PATH.
     */
    public static EtcpMock start() {
        String running = System.getenv("ETCP_MOCK_URL");
        if (running != null && !running.isEmpty()) return at(running, System.getenv("ETCP_MOCK_ADMIN_TOKEN"));
        String named = System.getenv("ETCP_MOCK_BIN");
        return start(named == null || named.isEmpty() ? "etcp-mock" : named);
    }

    /** Starts a binary on a free port of 127.0.0.1. It ends with this process, however that ends. */
    public static EtcpMock start(String binary) {
        Path log = null;
        Process process = null;
        try {
            log = Files.createTempFile("etcp-mock", ".log");
            process = new ProcessBuilder(binary, "serve", "--addr", "127.0.0.1:0", "--stop-with-stdin").redirectError(log.toFile()).start();
            return new EtcpMock(address(process, log), null, process);
        } catch (IOException e) {
            throw new MockException(Sandbox.either(
                    binary + " does not start: put etcp-mock on the PATH, name it in ETCP_MOCK_BIN, or name a running one in ETCP_MOCK_URL (" + e.getMessage() + ")",
                    binary + " 无法启动：请把 etcp-mock 放到 PATH 中，或用 ETCP_MOCK_BIN 指定它，或用 ETCP_MOCK_URL 指定正在运行的一个（" + e.getMessage() + "）"), 0, e);
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        } finally {
            if (log != null) log.toFile().delete(); // the process keeps it open
        }
    }

    /** A mock that runs already. {@code token} is its admin token, or null. */
    public static EtcpMock at(String url, String token) {
        EtcpMock mock = new EtcpMock(url, token, null);
        mock.admin("GET", "/version", null);
        return mock;
    }

    private static String address(Process process, Path log) {
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        CompletableFuture<String> first = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                first.complete(out.readLine());
                while (out.readLine() != null) { /* so that the pipe is never full */ }
            } catch (IOException e) {
                first.completeExceptionally(e);
            }
        }, "etcp-mock");
        reader.setDaemon(true);
        reader.start();
        String line = "";
        try {
            line = first.get(READY_SECONDS, TimeUnit.SECONDS);
            if (line != null && line.startsWith(LISTENING)) return line.substring(LISTENING.length()).trim();
            process.waitFor(READY_SECONDS, TimeUnit.SECONDS);
            throw new MockException(Sandbox.either("etcp-mock serve did not start: ", "etcp-mock serve 没有启动：") + (line == null ? "" : line + " ") + Files.readString(log).trim(), 0, null);
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw new MockException(Sandbox.either("etcp-mock serve did not start: ", "etcp-mock serve 没有启动：") + e, 0, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MockException("interrupted", 0, e);
        }
    }

    /** Of the platform. */
    public String url() {
        return url;
    }

    /** A sandbox whose clock stands at {@link Sandbox#START}, with a merchant that nobody else has and a few car parks. */
    public Sandbox sandbox() {
        return sandbox(new SandboxOptions());
    }

    /** A sandbox that starts from something else. */
    public Sandbox sandbox(SandboxOptions options) {
        Sandbox sandbox = new Sandbox(this, (Map<?, ?>) admin("POST", "/sandboxes", options.body()), options.host());
        if (options.isPlain()) {
            sandbox.admin("PUT", "/clock", Map.of("mode", "frozen"));
            sandbox.admin("PUT", "/clock", Map.of("now", Values.formatTime(Sandbox.START)));
        }
        return sandbox;
    }

    /**
     * Calls the control API below /__admin and gives the answer's JSON (Map, List, String, BigDecimal, Boolean), or null.
     *
     * @param body a Map or null
     * @throws MockException it refused
     */
    public Object admin(String method, String path, Object body) {
        String text = text(method, path, body);
        return text.isEmpty() ? null : Json.parse(text);
    }

    String text(String method, String path, Object body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/__admin" + path)).timeout(Duration.ofMinutes(2))
                .header("Content-Type", "application/json")
                .header("Accept-Language", Sandbox.either("en", "zh"))
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(Json.write(body)));
        if (token != null && !token.isEmpty()) request.header("Authorization", "Bearer " + token);
        HttpResponse<String> answer;
        try {
            answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new MockException(method + " " + path + ": " + Sandbox.either("the mock at " + url + " cannot be reached: ", "无法连接位于 " + url + " 的模拟平台：") + e, 0, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MockException("interrupted", 0, e);
        }
        if (answer.statusCode() >= 400) {
            throw new MockException(method + " " + path + ": HTTP " + answer.statusCode() + ": " + problem(answer.body()), answer.statusCode(), reason(answer.body()), null);
        }
        return answer.body();
    }

    private static String problem(String body) {
        try {
            Map<?, ?> problem = (Map<?, ?>) Json.parse(body);
            return String.valueOf(problem.get("detail") == null ? problem.get("title") : problem.get("detail"));
        } catch (IllegalArgumentException | ClassCastException e) {
            return body.substring(0, Math.min(300, body.length()));
        }
    }

    private static String reason(String body) {
        try {
            Object reason = ((Map<?, ?>) Json.parse(body)).get("reason");
            return reason == null ? "" : reason.toString();
        } catch (IllegalArgumentException | ClassCastException e) {
            return "";
        }
    }

    /** Ends the mock, if it was started here. */
    @Override
    public void close() {
        if (process == null) return;
        try {
            process.getOutputStream().close(); // its stdin
            if (!process.waitFor(15, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
