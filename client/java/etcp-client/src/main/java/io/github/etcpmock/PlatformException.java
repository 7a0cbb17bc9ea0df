package io.github.etcpmock;

/** The platform refused a call: its code is not 0. */
public final class PlatformException extends EtcpException {
    private static final long serialVersionUID = 1;

    private final String endpoint;
    private final int code;
    private final String platformMessage;
    private final String reason;
    private final String requestId;

    public PlatformException(String endpoint, int code, String platformMessage, String reason, String requestId) {
        super(describe(endpoint, code, platformMessage, reason, requestId), null);
        this.endpoint = endpoint;
        this.code = code;
        this.platformMessage = platformMessage;
        this.reason = reason;
        this.requestId = requestId;
    }

    private static String describe(String endpoint, int code, String message, String reason, String requestId) {
        String text = "etcp " + endpoint + ": code " + code + " " + message;
        String more = reason + (requestId.isEmpty() ? "" : (reason.isEmpty() ? "" : ", ") + "request " + requestId);
        return more.isEmpty() ? text : text + " (" + more + ")";
    }

    /** The last element of the path. */
    public String endpoint() {
        return endpoint;
    }

    /** Of §11; see {@link #is}. */
    public int code() {
        return code;
    }

    /** Whether this is a refusal with that code. */
    public boolean is(Code wanted) {
        return code == wanted.number();
    }

    /** The platform's own text. */
    public String platformMessage() {
        return platformMessage;
    }

    /** A stable word of the mock, such as {@code plate-bound-by-other}; "" elsewhere. */
    public String reason() {
        return reason;
    }

    /** The entry in the mock's journal; "" elsewhere. */
    public String requestId() {
        return requestId;
    }
}
