package io.github.etcpmock;

/** The base of every exception of this library. */
public abstract class EtcpException extends RuntimeException {
    private static final long serialVersionUID = 1;

    protected EtcpException(String message, Throwable cause) {
        super(message, cause);
    }
}
