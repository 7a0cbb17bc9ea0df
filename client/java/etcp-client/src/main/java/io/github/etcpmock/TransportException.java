package io.github.etcpmock;

/** No answer came: not reached, cut, or too late. Whether the call was carried out is not known. */
public final class TransportException extends EtcpException {
    private static final long serialVersionUID = 1;

    public TransportException(String endpoint, Throwable cause) {
        super("etcp " + endpoint + ": " + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage()), cause);
    }
}
