package io.github.etcpmock;

/** An envelope as it came, whatever its code. */
public final class Answer {
    private final int code;
    private final String message;
    private final Object data;
    private final int httpStatus;
    private final String reason;
    private final String requestId;

    Answer(int code, String message, Object data, int httpStatus, String reason, String requestId) {
        this.code = code;
        this.message = message;
        this.data = data;
        this.httpStatus = httpStatus;
        this.reason = reason;
        this.requestId = requestId;
    }

    public int code() {
        return code;
    }

    public String message() {
        return message;
    }

    /** Map, List, String, BigDecimal, Boolean, or null where there was none. */
    public Object data() {
        return data;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** A stable word of the mock for a refusal; "" elsewhere. */
    public String reason() {
        return reason;
    }

    /** The entry in the mock's journal; "" elsewhere. */
    public String requestId() {
        return requestId;
    }
}
