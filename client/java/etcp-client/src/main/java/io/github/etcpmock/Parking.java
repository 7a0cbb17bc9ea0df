package io.github.etcpmock;

import io.github.etcpmock.internal.Fields;

/** A car park in a list (§9.10), all of it text as the platform sends it. */
public final class Parking {
    private final String id;
    private final String parkingName;
    private final String type;
    private final String minFreeTime;
    private final String avgCostPrecise;
    private final String parkingType;
    private final String distance;
    private final String lon;
    private final String lat;

    Parking(Fields fields) {
        id = fields.text("id");
        parkingName = fields.text("parkingName");
        type = fields.text("type");
        minFreeTime = fields.text("minFreeTime");
        avgCostPrecise = fields.text("avgCostPrecise");
        parkingType = fields.text("parkingType");
        distance = fields.text("distance");
        lon = fields.text("lon");
        lat = fields.text("lat");
    }

    public String id() {
        return id;
    }

    public String parkingName() {
        return parkingName;
    }

    public String type() {
        return type;
    }

    /** Minutes. */
    public String minFreeTime() {
        return minFreeTime;
    }

    /** Yuan an hour, an estimate. */
    public String avgCostPrecise() {
        return avgCostPrecise;
    }

    /** "8" ground, "7" underground, "146" both. */
    public String parkingType() {
        return parkingType;
    }

    /** "352m"; "" in a list by city. */
    public String distance() {
        return distance;
    }

    public String lon() {
        return lon;
    }

    public String lat() {
        return lat;
    }

    @Override
    public String toString() {
        return "Parking{" + "id=" + id + ", " + "parkingName=" + parkingName + ", " + "type=" + type + ", " + "minFreeTime=" + minFreeTime + ", " + "avgCostPrecise=" + avgCostPrecise + ", " + "parkingType=" + parkingType + "}";
    }
}
