package org.espalier.track;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/**
 * A tracking server and what it takes to be let in. Only {@link #base} may be written anywhere.
 *
 * @param base address without user, password and trailing slash
 */
record ServerAddress(String base, String user, String password, String token) {
    /** From {@code MLFLOW_TRACKING_URI}, {@code _USERNAME}, {@code _PASSWORD}, {@code _TOKEN}; empty if it is no server. */
    static Optional<ServerAddress> of(Map<String, String> environment) {
        return of(environment.getOrDefault("MLFLOW_TRACKING_URI", "").strip(), environment);
    }

    static Optional<ServerAddress> of(String address, Map<String, String> environment) {
        if (!isServer(address)) {
            return Optional.empty();
        }
        URI uri = URI.create(address);
        String[] info = Optional.ofNullable(uri.getUserInfo()).orElse("").split(":", 2);
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String path = Optional.ofNullable(uri.getRawPath()).orElse("").replaceAll("/+$", "");
        return Optional.of(new ServerAddress(
                uri.getScheme() + "://" + uri.getHost() + port + path,
                environment.getOrDefault("MLFLOW_TRACKING_USERNAME", info[0]),
                environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", info.length > 1 ? info[1] : ""),
                environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "")));
    }

    /** Whether this is an address with a host that can be reached by HTTP. */
    static boolean isServer(String address) {
        try {
            URI uri = URI.create(address);
            String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            return (scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** An address as it may be shown: without user and password. */
    static String redact(String address) {
        return address.replaceAll("//[^/@]*@", "//");
    }

    BasicMlflowHostCreds credentials() {
        return new BasicMlflowHostCreds(base, empty(user), empty(password), empty(token), false);
    }

    /** The value of the Authorization header. */
    Optional<String> authorization() {
        if (!token.isEmpty()) {
            return Optional.of("Bearer " + token);
        }
        if (user.isEmpty()) {
            return Optional.empty();
        }
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    private static String empty(String text) {
        return text.isEmpty() ? null : text;
    }

    @Override
    public String toString() {
        return base;
    }
}
