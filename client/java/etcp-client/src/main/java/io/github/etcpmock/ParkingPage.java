package io.github.etcpmock;

import io.github.etcpmock.internal.Fields;
import java.util.List;

/** One page of car parks. An empty list is past the end. */
public final class ParkingPage {
    private final List<Parking> list;
    private final String scrollId;

    ParkingPage(Fields fields) {
        list = Fields.list(fields.get("list"), Parking::new);
        scrollId = fields.text("scrollId");
    }

    public List<Parking> list() {
        return list;
    }

    /** For the next page. */
    public String scrollId() {
        return scrollId;
    }

    @Override
    public String toString() {
        return "ParkingPage{" + "list=" + list + ", " + "scrollId=" + scrollId + "}";
    }
}
