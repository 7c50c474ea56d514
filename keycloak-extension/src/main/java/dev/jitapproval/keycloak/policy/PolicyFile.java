package dev.jitapproval.keycloak.policy;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A file that holds a realm's policy: {@code <realm name>.yaml}, {@code .yml} or {@code .json}.
 *
 * <p>Characters that a file name cannot hold are percent-encoded ({@code a%2Fb.yaml} is the policy of realm {@code a/b}). Names are
 * only ever read from the directory, never made from a realm's name, so no realm name leads out of it.
 *
 * @param path the file
 * @param realmName whose policy it is
 * @param stamp what tells that it has changed
 */
record PolicyFile(Path path, String realmName, Stamp stamp) {

    /** Twice what the engine accepts; keeps a wrong file out of memory. */
    private static final long MAXIMUM_SIZE = 4 << 20;

    private static final List<String> EXTENSIONS = List.of(".yaml", ".yml", ".json");

    /** What a file looks like from outside. */
    record Stamp(Instant modified, long size) {}

    /** The file, if it is one that could be a policy. Links are followed, as mounted configuration consists of them. */
    static Optional<PolicyFile> of(Path path) throws IOException {
        String name = path.getFileName().toString();
        Optional<String> extension =
                EXTENSIONS.stream().filter(name::endsWith).findFirst();
        if (extension.isEmpty() || name.startsWith(".") || !Files.isRegularFile(path)) {
            return Optional.empty();
        }
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        String base = name.substring(0, name.length() - extension.get().length());
        Stamp stamp = new Stamp(attributes.lastModifiedTime().toInstant(), attributes.size());
        return Optional.of(new PolicyFile(path, decode(base), stamp));
    }

    private static String decode(String base) {
        try {
            return URLDecoder.decode(base.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // A stray percent sign stands for itself.
            return base;
        }
    }

    String fileName() {
        return path.getFileName().toString();
    }

    /**
     * The text.
     *
     * @throws IOException if it cannot be read, is too large, or is not UTF-8
     */
    String read() throws IOException {
        if (stamp.size() > MAXIMUM_SIZE) {
            throw new IOException("it is " + stamp.size() + " bytes long; a policy is smaller");
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("it is not valid UTF-8", e);
        }
    }
}
