package io.github.etcpmock;

import java.net.ConnectException;
import java.net.URI;

/** No answer came: not reached, cut, or too late. Whether the call was carried out is not known. */
public final class TransportException extends EtcpException {
    private static final long serialVersionUID = 1;

    public TransportException(String endpoint, Throwable cause) {
        super("etcp " + endpoint + ": " + why(cause), cause);
    }

    /** Names the platform, without the rest of the URL, which holds a token. */
    TransportException(String endpoint, URI of, Throwable cause) {
        super("etcp " + endpoint + ": no answer from " + of.getScheme() + "://" + of.getHost() + (of.getPort() < 0 ? "" : ":" + of.getPort()) + ": " + why(cause), cause);
    }

    private static String why(Throwable cause) {
        if (cause.getMessage() != null) return cause.getMessage();
        return cause instanceof ConnectException ? "it cannot be connected to" : cause.getClass().getSimpleName(); // java.net.http says no more
    }
}
