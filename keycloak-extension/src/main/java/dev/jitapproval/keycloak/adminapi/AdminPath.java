package dev.jitapproval.keycloak.adminapi;

import jakarta.ws.rs.core.UriInfo;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a call of the admin API goes.
 *
 * @param realm the name of the realm that is acted on; null where a new one is made
 * @param segments what follows the realm in the path, decoded, without what a server may ignore: empty segments and matrix parameters
 */
record AdminPath(String realm, List<String> segments) {

    private static final String ADMIN = "admin";
    private static final String REALMS = "realms";

    /** The second edition of the API, an experimental feature: {@code /admin/api/…/{realm}/…}. */
    private static final String API = "api";

    AdminPath {
        segments = List.copyOf(segments);
    }

    /**
     * Every way in which a server may read the path: an encoded slash as one of a name, or as one between segments. Wider than Keycloak's own, so
     * that no other way to write a path passes.
     *
     * @param uri of the call; whatever stands before the API's own root does not matter
     */
    static List<AdminPath> readings(UriInfo uri) {
        return Stream.of(uri.getRequestUri().getRawPath(), uri.getPath()).map(AdminPath::readings).flatMap(List::stream).distinct().toList();
    }

    static List<AdminPath> readings(String raw) {
        List<String> whole = Arrays.stream(raw.split("/")).map(AdminPath::plain).toList();
        List<String> apart = whole.stream().flatMap(segment -> Arrays.stream(segment.split("/"))).map(AdminPath::withoutMatrix).toList();
        return Stream.of(whole, apart).distinct().map(AdminPath::of).flatMap(Optional::stream).distinct().toList();
    }

    /** The segment at a position after the realm, or an empty text. */
    String at(int position) {
        return position < segments.size() ? segments.get(position) : "";
    }

    /** Whether the path goes on with exactly these segments; {@code *} is any one. */
    boolean is(String... pattern) {
        return segments.size() == pattern.length && starts(pattern);
    }

    /** Whether the path goes on with these segments, whatever follows. */
    boolean starts(String... pattern) {
        if (segments.size() < pattern.length) {
            return false;
        }
        for (int i = 0; i < pattern.length; i++) {
            if (!pattern[i].equals("*") && !pattern[i].equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The path without its first segments. */
    AdminPath from(int position) {
        return new AdminPath(realm, segments.subList(Math.min(position, segments.size()), segments.size()));
    }

    /** Also below another root than the server's own, which proxies add. */
    private static Optional<AdminPath> of(List<String> written) {
        List<String> segments = written.stream().filter(segment -> !segment.isEmpty()).toList();
        for (int i = 0; i + 1 < segments.size(); i++) {
            if (segments.get(i).equals(ADMIN)) {
                List<String> after = segments.subList(i + 2, segments.size());
                if (segments.get(i + 1).equals(REALMS)) {
                    return Optional.of(after.isEmpty()
                            ? new AdminPath(null, List.of())
                            : new AdminPath(after.get(0), after.subList(1, after.size())));
                }
                if (segments.get(i + 1).equals(API) && !after.isEmpty()) {
                    return Optional.of(new AdminPath(after.get(0), Stream.concat(Stream.of(API), after.stream().skip(1)).toList()));
                }
            }
        }
        return Optional.empty();
    }

    private static String plain(String segment) {
        return decoded(withoutMatrix(segment));
    }

    private static String withoutMatrix(String segment) {
        int matrix = segment.indexOf(';');
        return matrix < 0 ? segment : segment.substring(0, matrix);
    }

    /** As in a path, where a plus is a plus. What is no encoding stays as it is. */
    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return segment;
        }
    }
}
