package io.github.etcpmock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.etcpmock.junit5.EtcpMockTest;
import io.github.etcpmock.testing.Sandbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
            s.enter("渝ATX061");
            s.drain();
            s.owner("13900000002", "渝ATX061");
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
