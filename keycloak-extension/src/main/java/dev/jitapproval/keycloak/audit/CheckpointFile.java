package dev.jitapproval.keycloak.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.LongFunction;
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
        this.path = directory.resolve(realmId + ".checkpoints");
    }

    /**
     * Appends the checkpoints that the file lacks.
     *
     * @param after the numbers of the checkpoints after one of them, in order
     * @param jws the checkpoint with a number
     */
    void append(LongFunction<List<Long>> after, LongFunction<String> jws) throws IOException {
        Files.createDirectories(path.getParent());
        // Two nodes may share the directory; the lock keeps their lines apart. Nobody else holds it in this JVM.
        synchronized (CheckpointFile.class) {
            try (FileChannel file = FileChannel.open(
                            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    FileLock lock = file.lock()) {
                LOG.tracef("%s is locked: %s", path, lock);
                for (long number : after.apply(lastNumber(file))) {
                    ByteBuffer line = ByteBuffer.wrap((jws.apply(number) + "\n").getBytes(StandardCharsets.US_ASCII));
                    file.position(file.size());
                    while (line.hasRemaining()) {
                        file.write(line);
                    }
                    file.force(true);
                }
            }
        }
    }

    /** The number of the last checkpoint in the file; 0 where there is none. Takes away half a line that a crash left behind. */
    private long lastNumber(FileChannel file) throws IOException {
        long end = lineEndBefore(file, file.size());
        if (end < file.size()) {
            LOG.warnf("%s ended within a line, as after a crash; that line is written again", path);
            file.truncate(end);
        }
        if (end == 0) {
            return 0;
        }
        long begin = lineEndBefore(file, end - 1);
        ByteBuffer line = ByteBuffer.allocate(Math.toIntExact(end - 1 - begin));
        fill(file, line, begin);
        return CheckpointPayload.of(new String(line.array(), StandardCharsets.US_ASCII)).seq();
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
