package io.github.etcpmock.testing;

import io.github.etcpmock.EtcpException;

/** The mock could not be started, or refused what a test asked of its control API. */
public final class MockException extends EtcpException {
    private static final long serialVersionUID = 1;

    private final int status;

    MockException(String message, int status, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The HTTP status, or 0. */
    public int status() {
        return status;
    }
}
