/**
 * A mock of the platform for tests: a server ({@link io.github.etcpmock.testing.EtcpMock}), a sandbox for each test
 * ({@link io.github.etcpmock.testing.Sandbox}), cars, the clock, and an endpoint for the pushes. Nothing here needs JUnit; with
 * JUnit 5, {@link io.github.etcpmock.junit5.EtcpMockTest} starts and ends them.
 */
package io.github.etcpmock.testing;
