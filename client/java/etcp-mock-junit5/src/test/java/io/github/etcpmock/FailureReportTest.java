package io.github.etcpmock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.sun.net.httpserver.HttpServer;
import io.github.etcpmock.junit5.EtcpMockTest;
import io.github.etcpmock.testing.EtcpMock;
import io.github.etcpmock.testing.Sandbox;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A failing test says what the mock refused. */
class FailureReportTest {
    /** Fails when it is run by the test below, and not otherwise. */
    @EtcpMockTest
    @EnabledIfSystemProperty(named = "etcp.inner", matches = "true")
    static class Inner {
        @Test
        void bind(Sandbox s) {
            s.pushTo("http://127.0.0.1:9/etcp");
            s.owner("13800000001", "渝ATX061");
            s.enter("渝ATX061"); // its push fails while the test does
            s.owner("13900000002", "渝ATX061");
        }
    }

    @Test
    void whatTheWebhookAnsweredIsInTheReportAndAllIsInOneLanguage() throws IOException {
        String answer = "{\"code\":6,\"message\":\"unbind and certification-invalid look alike: give each a URL of its own\"}";
        HttpServer webhook = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        webhook.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, answer.length());
            exchange.getResponseBody().write(answer.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        webhook.start();
        Locale before = Locale.getDefault();
        try (EtcpMock mock = EtcpMock.start(); Sandbox s = mock.sandbox()) {
            s.pushTo("http://127.0.0.1:" + webhook.getAddress().getPort() + "/etcp");
            s.owner("13800000001", "渝ATX061");
            s.enter("渝ATX061");
            s.drain();
            Locale.setDefault(Locale.ENGLISH);
            assertTrue(s.report().contains("is pending: code is 6, not 0; the answer was " + answer), s.report());
            Locale.setDefault(Locale.CHINA);
            assertTrue(s.report().contains("code 为 6，应为 0；应答为 " + answer), s.report());
            String failure = assertThrows(AssertionError.class, () -> s.pushed("entry", Map.of())).getMessage();
            assertTrue(failure.contains("没有送达符合条件的 entry 推送（匹配 0 个）"), failure);
            assertTrue(failure.contains("最接近的 p1：status：应为 "), failure);
        } finally {
            Locale.setDefault(before);
            webhook.stop(0);
        }
    }

    @Test
    void aFailingTestSaysWhatWasRefused() {
        List<Throwable> failures = new ArrayList<>();
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.ENGLISH);
        System.setProperty("etcp.inner", "true");
        try {
            LauncherFactory.create().execute(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(Inner.class)).build(), new TestExecutionListener() {
                @Override
                public void executionFinished(TestIdentifier id, TestExecutionResult result) {
                    result.getThrowable().ifPresent(failures::add);
                }
            });
        } finally {
            System.clearProperty("etcp.inner");
            Locale.setDefault(before);
        }
        assertEquals(1, failures.size());
        assertTrue(failures.get(0).getMessage().matches("etcp bindcar: code 20802 .*plate-bound-by-other, request r\\d+\\)"), failures.get(0).getMessage());
        String report = failures.get(0).getSuppressed()[0].getMessage();
        assertTrue(report.contains("bindcar: code 20802, plate-bound-by-other: 渝ATX061 (plateColor 1) is bound by 13800000001"), report);
        assertTrue(report.contains("push entry of 渝ATX061 to http://127.0.0.1:9/etcp is pending: "), report);
    }
}
