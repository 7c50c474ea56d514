package dev.jitapproval.keycloak.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import run.endive.runtime.ExportFunction;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;

/**
 * A host that hands in addresses and lengths that it was never given, and frees what is not its own. Each is an error, none is followed, and
 * the instance is as good as before.
 */
class ForeignPointersTest {

    private static final byte[] VERSION = Wire.request("version", "{}");
    private static final int TRIES = 5_000;

    private final Instance instance = EngineInstance.instantiate();
    private final Memory memory = instance.memory();
    private final ExportFunction alloc = instance.export("jit_alloc");
    private final ExportFunction free = instance.export("jit_free");
    private final ExportFunction call = instance.export("jit_call");

    private byte[] version;

    static LongStream seeds() {
        return LongStream.of(1, 2, 3, 20261124);
    }

    @BeforeEach
    void answersWell() {
        version = exchange(VERSION);
        assertThat(Wire.answer(version).error()).isNull();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomAddressesAndLengthsAreRefused(long seed) {
        Random random = new Random(seed);
        int live = buffer(VERSION);
        int gone = buffer(VERSION);
        free.apply(gone, VERSION.length);
        int pages = memory.pages();

        for (int i = 0; i < TRIES; i++) {
            int address = number(random, live, gone);
            int length = number(random, VERSION.length, memory.pages() * Memory.PAGE_SIZE);
            if (address == live && length == VERSION.length) {
                continue;
            }
            free.apply(address, length);
            boolean cut = address == live && length > 0 && length < VERSION.length;
            assertThat(errorOf(callAt(address, length)))
                    .as("%d bytes at %d", length, address)
                    .isEqualTo(cut ? "bad_json" : "bad_buffer");
        }

        assertThat(memory.readBytes(live, VERSION.length)).as("the buffer that is live").isEqualTo(VERSION);
        assertThat(callAt(live, VERSION.length)).isEqualTo(version);
        free.apply(live, VERSION.length);
        assertThat(memory.pages()).as("pages of memory").isEqualTo(pages);
        assertThat(exchange(VERSION)).isEqualTo(version);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomLengthsAreAllocatedOrRefused(long seed) {
        Random random = new Random(seed);
        List<int[]> held = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            int length = number(random, VERSION.length, 1 << 10);
            int address = (int) alloc.apply(length)[0];
            if (address == 0) {
                continue;
            }
            assertThat(length).as("a buffer that was given").isPositive();
            assertThat(holdsOnly(0, address, length)).as("it is zeroed").isTrue();
            memory.fill((byte) -1, address, address + length);
            held.add(new int[] {address, length});
            if (held.size() > random.nextInt(8)) {
                int[] back = held.remove(random.nextInt(held.size()));
                assertThat(holdsOnly(-1, back[0], back[1])).as("nobody else wrote there").isTrue();
                free.apply(back[0], back[1]);
            }
        }
        held.forEach(back -> free.apply(back[0], back[1]));
        assertThat(exchange(VERSION)).isEqualTo(version);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomBytesAreAnErrorAndNoTrap(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < TRIES; i++) {
            byte[] bytes = random.nextBoolean() ? new byte[1 + random.nextInt(300)] : VERSION.clone();
            if (bytes.length == VERSION.length) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            } else {
                random.nextBytes(bytes);
            }
            byte[] answer = exchange(bytes);
            if (Wire.answer(answer).error() == null) {
                assertThat(answer).as("only what means the same is answered the same").isEqualTo(version);
            }
        }
        assertThat(exchange(VERSION)).isEqualTo(version);
    }

    /** Any number, with a liking for the borders: of memory, of what is known, and of the type. */
    private int number(Random random, int one, int other) {
        int end = memory.pages() * Memory.PAGE_SIZE;
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextInt(end);
            case 2 -> end - random.nextInt(64);
            case 3 -> one + random.nextInt(17) - 8;
            case 4 -> other + random.nextInt(17) - 8;
            case 5 -> (1 << random.nextInt(32)) + random.nextInt(3) - 1;
            case 6 -> -random.nextInt(64);
            default -> random.nextInt(2) == 0 ? one : other;
        };
    }

    private boolean holdsOnly(int value, int address, int length) {
        for (byte found : memory.readBytes(address, length)) {
            if (found != value) {
                return false;
            }
        }
        return true;
    }

    private static String errorOf(byte[] answer) {
        Wire.Answer read = Wire.answer(answer);
        assertThat(read.error()).isNotNull();
        return read.error().code();
    }

    private byte[] exchange(byte[] request) {
        int address = buffer(request);
        byte[] answer = callAt(address, request.length);
        free.apply(address, request.length);
        return answer;
    }

    private int buffer(byte[] bytes) {
        int address = (int) alloc.apply(bytes.length)[0];
        assertThat(address).isNotZero();
        memory.write(address, bytes);
        return address;
    }

    private byte[] callAt(int address, int length) {
        long packed = call.apply(address, length)[0];
        int output = (int) (packed >>> 32);
        int size = (int) packed;
        assertThat(output).as("an answer").isNotZero();
        byte[] answer = memory.readBytes(output, size);
        free.apply(output, size);
        return answer;
    }
}
