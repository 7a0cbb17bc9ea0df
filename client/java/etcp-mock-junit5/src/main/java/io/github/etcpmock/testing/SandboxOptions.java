package io.github.etcpmock.testing;

import io.github.etcpmock.internal.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a sandbox starts from. */
public final class SandboxOptions {
    private long seed = 1;
    private String scenario;
    private Map<String, Object> fixture;
    private String host = "127.0.0.1";

    /** The same seed and the same calls give the same codes, ids and tokens. 1 by default. */
    public SandboxOptions seed(long seed) {
        this.seed = seed;
        return this;
    }

    /** The name of a scenario whose sandbox it starts from. */
    public SandboxOptions scenario(String name) {
        this.scenario = name;
        return this;
    }

    /**
     * A fixture as JSON. Leave out {@code merchants}, or their {@code no} and {@code key}: they are made up, so that one fixture
     * serves tests that run at once.
     */
    @SuppressWarnings("unchecked")
    public SandboxOptions fixture(String json) {
        try {
            this.fixture = (Map<String, Object>) Json.parse(json);
        } catch (IllegalArgumentException | ClassCastException e) {
            throw new IllegalArgumentException("fixture: want a JSON object, such as {\"clock\":\"2017-08-20 12:00:00\"}: " + e.getMessage(), e);
        }
        return this;
    }

    /** Where the mock reaches this machine, for the inbox; 127.0.0.1 by default. */
    public SandboxOptions host(String host) {
        this.host = host;
        return this;
    }

    boolean isPlain() {
        return scenario == null && fixture == null;
    }

    String host() {
        return host;
    }

    Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("seed", seed);
        if (scenario != null) body.put("scenario", scenario);
        if (fixture != null) body.put("fixture", withMerchant());
        return body;
    }

    private Map<String, Object> withMerchant() {
        List<?> given = (List<?>) fixture.getOrDefault("merchants", List.of());
        List<Map<String, Object>> merchants = new ArrayList<>();
        for (Object each : given.isEmpty() ? List.of(Map.of()) : given) {
            Map<String, Object> merchant = new LinkedHashMap<>();
            ((Map<?, ?>) each).forEach((name, value) -> merchant.put((String) name, value));
            merchant.putIfAbsent("no", "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 16));
            merchant.putIfAbsent("key", UUID.randomUUID().toString().replace("-", ""));
            merchants.add(merchant);
        }
        Map<String, Object> whole = new LinkedHashMap<>(fixture);
        whole.put("merchants", merchants);
        return whole;
    }
}
