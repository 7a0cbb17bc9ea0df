package io.github.etcpmock.junit5;

/** What the mock refused in a test that failed, and why: a suppressed exception of its failure. */
public final class MockReport extends RuntimeException {
    private static final long serialVersionUID = 1;

    MockReport(String report) {
        super(report, null, false, false); // where it was made says nothing
    }
}
