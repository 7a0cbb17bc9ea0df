package io.github.etcpmock.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.etcpmock.Code;
import io.github.etcpmock.EntryPush;
import io.github.etcpmock.ExitPush;
import io.github.etcpmock.Push;
import io.github.etcpmock.PushException;
import io.github.etcpmock.PushKind;
import io.github.etcpmock.PushVerifier;
import io.github.etcpmock.PushVerifier.SignData;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** The pushes of one sandbox's merchant, verified, in the order they came. One that is not signed right is a failure of the test. */
public final class Inbox implements AutoCloseable {
    private final Sandbox sandbox;
    private final PushVerifier verifier;
    private final HttpServer server;
    private final ExecutorService threads;
    private final String url;
    private final List<Object> came = new ArrayList<>(); // Push or PushException; its monitor guards fail too
    private int fail;

    Inbox(Sandbox sandbox, String host) {
        this.sandbox = sandbox;
        Map<?, ?> rules = (Map<?, ?>) sandbox.admin("GET", "/rules", null);
        Object rule = ((Map<?, ?>) rules.get("push.sign_data")).get("value");
        verifier = new PushVerifier(sandbox.merchantNo(), sandbox.merchantKey(), SignData.valueOf(rule.toString().toUpperCase(Locale.ROOT)));
        try {
            server = HttpServer.create(new InetSocketAddress(host, 0), 128);
        } catch (IOException e) {
            throw new MockException("no port for the inbox: " + e, 0, e);
        }
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "etcp-mock-inbox");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::receive);
        server.start();
        url = "http://" + host + ":" + server.getAddress().getPort() + "/etcp";
    }

    private void receive(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        int status = 200;
        byte[] answer;
        try {
            Push push = verifier.verify(body, exchange.getRequestHeaders().getFirst("Content-Type"), kind(exchange.getRequestURI().getPath()));
            answer = PushVerifier.ACCEPTED.getBytes(StandardCharsets.UTF_8);
            synchronized (came) {
                if (fail > 0) {
                    fail--;
                    answer = new PushException(Code.FAILED.number(), Code.FAILED.message(), 200).answer();
                } else {
                    came.add(push);
                    came.notifyAll();
                }
            }
        } catch (PushException e) {
            status = e.httpStatus();
            answer = e.answer();
            synchronized (came) {
                came.add(e);
                came.notifyAll();
            }
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json;charset=UTF-8");
        exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(status, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static PushKind kind(String path) {
        for (PushKind kind : List.of(PushKind.UNBIND, PushKind.CERTIFICATION_INVALID)) if (path.endsWith("/" + kind.word())) return kind;
        return null;
    }

    public String url() {
        return url;
    }

    /** Answers the next n pushes with code 1, so that they come again. */
    public void failNext(int n) {
        synchronized (came) {
            fail = n;
        }
    }

    /** The next push, waited for up to five seconds. */
    public Push next() {
        return next(Push.class);
    }

    /** The next push of a type, such as {@code ExitPush.class}, waited for up to five seconds; others keep their place. */
    public <P extends Push> P next(Class<P> type) {
        return next(type, Duration.ofSeconds(5));
    }

    /** The next push of a type, waited for that long. */
    public <P extends Push> P next(Class<P> type, Duration timeout) {
        long until = System.nanoTime() + timeout.toNanos();
        synchronized (came) {
            while (true) {
                for (Object each : came) {
                    if (!(each instanceof PushException) && each.getClass() != type && type != Push.class) continue;
                    came.remove(each);
                    if (each instanceof PushException) {
                        throw new AssertionError(Sandbox.either("etcp-mock: a push came that is not right: ", "etcp-mock: 收到的推送不正确：") + ((PushException) each).getMessage());
                    }
                    return type.cast(each);
                }
                long left = (until - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    String none = Sandbox.either("no " + type.getSimpleName() + " came within " + timeout.toMillis() + " ms", timeout.toMillis() + " 毫秒内没有收到 " + type.getSimpleName());
                    String others = came.stream().map(each -> each.getClass().getSimpleName()).collect(Collectors.joining(", "));
                    if (!others.isEmpty()) others = Sandbox.either("; others came: ", "；收到的是：") + others;
                    throw new AssertionError("etcp-mock: " + none + sandbox.whyNone(type == EntryPush.class ? "entry" : type == ExitPush.class ? "exit" : "") + others);
                }
                try {
                    came.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError("interrupted");
                }
            }
        }
    }

    /** Asserts that no push has come that next has not given, once all that are due are answered. */
    public void empty() {
        sandbox.drain();
        synchronized (came) {
            if (!came.isEmpty()) throw new AssertionError(Sandbox.either("etcp-mock: a push came: ", "etcp-mock: 收到了推送：") + came.get(0));
        }
    }

    /** Stops listening. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
