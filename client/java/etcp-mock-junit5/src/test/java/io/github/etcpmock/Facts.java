package io.github.etcpmock;

import io.github.etcpmock.internal.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.List;
import java.util.Map;

/** The facts that the Go test beside this folder writes down: vectors, endpoints, codes (client/clienttest). */
final class Facts {
    private Facts() {}

    static List<?> get(String name) {
        try {
            return (List<?>) ((Map<?, ?>) Json.parse(Files.readString(Paths.get(System.getenv("ETCP_MOCK_FACTS"))))).get(name);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
