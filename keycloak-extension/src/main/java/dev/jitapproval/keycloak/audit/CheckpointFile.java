package dev.jitapproval.keycloak.audit;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The file that a realm's checkpoints are appended to, one compact JWS a line, each on the disk before {@link #append} returns.
 *
 * <p>Appending the same checkpoint again appends nothing, and one whose predecessors are missing brings them along: the file is complete
 * and in order however often, and in whatever order, the outbox had to try.
 */
final class CheckpointFile {

    private static final Logger LOG = Logger.getLogger(CheckpointFile.class);
    private static final int CHUNK = 64 * 1024;

    private final Path path;

    /** @param directory made where it is missing; the file in it is named after the realm's id */
    CheckpointFile(Path directory, String realmId) {
        // Whoever imports a realm chooses its id, and must not choose a place on the disk.
        this.path = directory.resolve(URLEncoder.encode(realmId, StandardCharsets.UTF_8) + ".checkpoints");
    }

    /**
     * Makes the file hold a checkpoint, and those before it that it lacks.
     *
     * @param number of the checkpoint
     * @param after the numbers of the checkpoints after one of them, up to that one, in order
     * @param jws the checkpoint with a number
     * @throws IOException also where the file goes on otherwise than the database: one of the two was put back to an earlier state
     */
    void append(long number, LongFunction<List<Long>> after, LongFunction<String> jws) throws IOException {
        Files.createDirectories(path.getParent());
        // Two nodes may share the directory; the lock keeps their lines apart. Within this JVM, it is the monitor that does.
        synchronized (CheckpointFile.class) {
            try (FileChannel file = FileChannel.open(
                            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    FileLock lock = file.lock()) {
                LOG.tracef("%s is locked: %s", path, lock);
                String last = lastLine(file);
                long lastNumber = last == null ? 0 : CheckpointPayload.of(last).seq();
                if (lastNumber >= number && !holds(jws.apply(number))) {
                    throw contradiction("has another checkpoint " + number + " than the database");
                }
                for (long next : after.apply(lastNumber)) {
                    String line = jws.apply(next);
                    if (last != null && !CheckpointPayload.hash(last).equals(CheckpointPayload.of(line).previous())) {
                        throw contradiction("ends with a checkpoint that checkpoint " + next + " of the database does not continue");
                    }
                    write(file, line);
                    last = line;
                }
            }
        }
    }

    private IOException contradiction(String what) {
        return new IOException(path + " " + what + ". Was the database restored? Then move the file aside, and redrive the message");
    }

    private boolean holds(String jws) throws IOException {
        try (Stream<String> lines = Files.lines(path, StandardCharsets.US_ASCII)) {
            return lines.anyMatch(jws::equals);
        }
    }

    private static void write(FileChannel file, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII));
        file.position(file.size());
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        file.force(true);
    }

    /** The last checkpoint in the file, or null. Takes away half a line that a crash left behind. */
    private String lastLine(FileChannel file) throws IOException {
        long end = lineEndBefore(file, file.size());
        if (end < file.size()) {
            LOG.warnf("%s ended within a line, as after a crash; that line is written again", path);
            file.truncate(end);
        }
        if (end == 0) {
            return null;
        }
        long begin = lineEndBefore(file, end - 1);
        ByteBuffer line = ByteBuffer.allocate(Math.toIntExact(end - 1 - begin));
        fill(file, line, begin);
        return new String(line.array(), StandardCharsets.US_ASCII);
    }

    /** The position after the last line end before another position; 0 where there is none. */
    private static long lineEndBefore(FileChannel file, long position) throws IOException {
        long end = position;
        while (end > 0) {
            int length = (int) Math.min(CHUNK, end);
            ByteBuffer chunk = ByteBuffer.allocate(length);
            fill(file, chunk, end - length);
            for (int i = length - 1; i >= 0; i--) {
                if (chunk.get(i) == '\n') {
                    return end - length + i + 1;
                }
            }
            end -= length;
        }
        return 0;
    }

    private static void fill(FileChannel file, ByteBuffer buffer, long from) throws IOException {
        long position = from;
        while (buffer.hasRemaining()) {
            int read = file.read(buffer, position);
            if (read < 0) {
                throw new IOException("the file became shorter while it was read");
            }
            position += read;
        }
    }
}
