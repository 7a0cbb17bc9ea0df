package io.github.etcpmock;

/** The four pushes of §10. */
public enum PushKind {
    /** §10.1: a car has entered. */
    ENTRY("entry"),
    /** §10.2: a car has left. */
    EXIT("exit"),
    /** §10.3: a vehicle was unbound. */
    UNBIND("unbind"),
    /** §10.4: a vehicle was certified elsewhere, so that this merchant's pushes are masked again. */
    CERTIFICATION_INVALID("certification-invalid");

    private final String word;

    PushKind(String word) {
        this.word = word;
    }

    /** The mock's name for it. */
    public String word() {
        return word;
    }
}
