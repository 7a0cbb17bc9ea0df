package io.github.etcpmock;

import io.github.etcpmock.internal.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A push is not to be accepted: answer it with {@link #httpStatus} and {@link #answer}. */
public final class PushException extends EtcpException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final String answerMessage;
    private final int httpStatus;

    public PushException(int code, String message, int httpStatus) {
        super("push refused: code " + code + " " + message, null);
        this.code = code;
        this.answerMessage = message;
        this.httpStatus = httpStatus;
    }

    static PushException of(Code code, String detail) {
        return new PushException(code.number(), detail.isEmpty() ? code.message() : code.message() + ": " + detail, 200);
    }

    public int code() {
        return code;
    }

    /** Whether it is refused with that code. */
    public boolean is(Code wanted) {
        return code == wanted.number();
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** The body to answer with, JSON in UTF-8. */
    public byte[] answer() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("code", code);
        answer.put("message", answerMessage);
        return Json.write(answer).getBytes(StandardCharsets.UTF_8);
    }
}
