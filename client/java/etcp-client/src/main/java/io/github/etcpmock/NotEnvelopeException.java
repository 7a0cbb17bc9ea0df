package io.github.etcpmock;

/** An answer came that is not the platform's envelope, or whose data is not what the document says. */
public final class NotEnvelopeException extends EtcpException {
    private static final long serialVersionUID = 1;

    private final int httpStatus;
    private final String body;

    public NotEnvelopeException(String endpoint, String detail, int httpStatus, String body) {
        super("etcp " + endpoint + ": HTTP " + httpStatus + ": " + detail + ": " + body.substring(0, Math.min(80, body.length())), null);
        this.httpStatus = httpStatus;
        this.body = body;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** The answer as it came. */
    public String body() {
        return body;
    }
}
