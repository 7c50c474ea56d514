package dev.jitapproval.keycloak.engine;

/**
 * Finds out that a thread's stack is almost used up before it matters. A stack that ends inside of a lock's {@code unlock} leaves the lock
 * taken for ever: JDK 17 reserves stack for the last few frames of that only (JEP 270), and not for those that lead to them.
 */
final class StackReserve {

    /** With frames as fat as these, some 15 KiB where they are compiled, and three times as much where they are interpreted. */
    private static final int FRAMES = 200;

    private StackReserve() {}

    /** @throws StackOverflowError if there is less; nothing has happened then */
    static void require() {
        if (touch(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8) == 0) {
            throw new AssertionError("a sum of positive numbers is positive");
        }
    }

    /** What it returns depends on every frame, so that none is left out. */
    private static long touch(int frames, long a, long b, long c, long d, long e, long f, long g, long h) {
        return frames == 0 ? a + b + c + d + e + f + g + h : 1 + touch(frames - 1, b, c, d, e, f, g, h, a);
    }
}
