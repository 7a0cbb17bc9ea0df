package io.github.etcpmock.junit5;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test method that has a {@link io.github.etcpmock.testing.Sandbox} parameter a sandbox of its own, on one mock for the
 * whole run ({@link io.github.etcpmock.testing.EtcpMock#start()}), which can be a parameter too. On a class or on a method; a
 * method's wins. When a test fails, what the mock refused and why is a suppressed exception of the failure, so that every report
 * shows it.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(EtcpMockExtension.class)
public @interface EtcpMockTest {
    /** The same seed and the same calls give the same codes, ids and tokens. */
    long seed() default 1;

    /** A fixture as JSON; see {@link io.github.etcpmock.testing.SandboxOptions#fixture}. */
    String fixture() default "";

    /** The name of a scenario whose sandbox the test starts from. */
    String scenario() default "";
}
