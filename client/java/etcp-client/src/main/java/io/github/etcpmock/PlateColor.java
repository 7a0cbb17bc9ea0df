package io.github.etcpmock;

/** The colours of §9.4. Plates of different colours may have the same number. */
public enum PlateColor {
    BLUE("1"),
    BLACK("2"),
    YELLOW("3"),
    WHITE("4");

    private final String wire;

    PlateColor(String wire) {
        this.wire = wire;
    }

    /** As it goes on the wire. */
    public String wire() {
        return wire;
    }
}
