package io.github.etcpmock.testing;

import io.github.etcpmock.EtcpException;

/** The mock could not be started, or refused what a test asked of its control API. */
public final class MockException extends EtcpException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String reason;

    MockException(String message, int status, Throwable cause) {
        this(message, status, "", cause);
    }

    MockException(String message, int status, String reason, Throwable cause) {
        super(message, cause);
        this.status = status;
        this.reason = reason;
    }

    /** The HTTP status, or 0. */
    public int status() {
        return status;
    }

    /** A stable word by which refusals of one status are distinguished, such as "unknown-order", or "". */
    public String reason() {
        return reason;
    }
}
