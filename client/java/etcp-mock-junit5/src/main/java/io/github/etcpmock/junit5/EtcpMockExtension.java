package io.github.etcpmock.junit5;

import io.github.etcpmock.testing.EtcpMock;
import io.github.etcpmock.testing.MockException;
import io.github.etcpmock.testing.Sandbox;
import io.github.etcpmock.testing.SandboxOptions;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link EtcpMockTest} does. */
public final class EtcpMockExtension implements ParameterResolver, TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
    private static final Namespace OURS = Namespace.create(EtcpMockExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Sandbox.class || type == EtcpMock.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (parameter.getParameter().getType() == EtcpMock.class) return mock(context);
        return context.getStore(OURS).getOrComputeIfAbsent(context.getUniqueId(), id -> new Held<>(mock(context).sandbox(options(context))), Held.class).value;
    }

    private static EtcpMock mock(ExtensionContext context) {
        return (EtcpMock) context.getRoot().getStore(OURS).getOrComputeIfAbsent(EtcpMock.class, type -> new Held<>(EtcpMock.start()), Held.class).value;
    }

    private static SandboxOptions options(ExtensionContext context) {
        SandboxOptions options = new SandboxOptions();
        Optional<EtcpMockTest> mark = AnnotationSupport.findAnnotation(context.getTestMethod(), EtcpMockTest.class);
        if (!mark.isPresent()) mark = AnnotationSupport.findAnnotation(context.getTestClass(), EtcpMockTest.class);
        mark.ifPresent(given -> {
            options.seed(given.seed());
            if (!given.fixture().isEmpty()) options.fixture(given.fixture());
            if (!given.scenario().isEmpty()) options.scenario(given.scenario());
        });
        return options;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    private static Throwable explained(ExtensionContext context, Throwable failure) {
        Held<?> held = context.getStore(OURS).get(context.getUniqueId(), Held.class);
        if (held == null) return failure;
        String report;
        try {
            report = ((Sandbox) held.value).report();
        } catch (MockException e) {
            report = e.getMessage();
        }
        if (!report.isEmpty()) failure.addSuppressed(new MockReport(report));
        return failure;
    }

    /** Closed by JUnit when its context ends: a sandbox with its test, the mock with the run. */
    private static final class Held<T extends AutoCloseable> implements Store.CloseableResource {
        private final T value;

        Held(T value) {
            this.value = value;
        }

        @Override
        public void close() throws Throwable {
            value.close();
        }
    }
}
