package run.endive.runtime;

/**
 * Takes the place of Endive's class of the same name, which the jar leaves out: what the compiled module calls for {@code i32.ge_u} and
 * {@code memory.copy}.
 *
 * <p>C2 may fold the two signed comparisons that {@link Integer#compareUnsigned} consists of into a wrong one (JDK-8346420). Endive keeps
 * it from that, on Java 17 and older, by a call that cannot be inlined, in each such comparison: a fifth of the time of a decision. A
 * comparison in 64 bits is inlined, and is no pair that C2 could fold. The module of the jar compares nothing unsigned
 * ({@code wasm-bindings/signed}); another one may. {@link Memory#copy} of the engine's memory compares nothing unsigned.
 */
public final class MemCopyWorkaround {

    private static final long UNSIGNED = 0xffff_ffffL;

    private MemCopyWorkaround() {}

    /** Whether the module calls this class, or computes by itself. */
    public static boolean shouldUseMemWorkaround() {
        return true;
    }

    /** {@code memory.copy}. */
    public static void memoryCopy(int destination, int offset, int size, Memory memory) {
        memory.copy(destination, offset, size);
    }

    /** {@code i32.ge_u}: 1 where {@code a} is at least {@code b}, both without a sign; 0 otherwise. */
    public static int i32_ge_u(int a, int b) {
        return (a & UNSIGNED) >= (b & UNSIGNED) ? 1 : 0;
    }
}
