package io.github.etcpmock;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@link EtcpClient#surroundingParking} asks for. */
public final class ParkingQuery {
    private final Map<String, Object> data = new LinkedHashMap<>();

    private ParkingQuery() {}

    /** Around a point (BD-09 degrees as text) within 500 to 5000 metres. */
    public static ParkingQuery around(String lat, String lon, int radius) {
        return new ParkingQuery().with("lat", lat).with("lon", lon).with("radius", String.valueOf(radius));
    }

    /** In a city: 北京市. */
    public static ParkingQuery in(String city) {
        return new ParkingQuery().with("city", city);
    }

    /** The same, only with electronic payment. */
    public ParkingQuery payingElectronically() {
        return with("payType", "1");
    }

    /** The page that follows the one which gave this {@link ParkingPage#scrollId}. */
    public ParkingQuery after(String scrollId) {
        return with("scrollId", scrollId);
    }

    private ParkingQuery with(String name, String value) {
        ParkingQuery other = new ParkingQuery();
        other.data.putAll(data);
        other.data.put(name, value);
        return other;
    }

    Map<String, Object> data() {
        return data;
    }
}
