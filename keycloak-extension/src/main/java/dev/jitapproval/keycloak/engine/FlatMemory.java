package dev.jitapproval.keycloak.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import run.endive.runtime.ConstantEvaluators;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.PassiveDataSegment;

/**
 * A module's linear memory as one byte array, as large as the module has asked for and never larger than a cap.
 *
 * <p>Endive's own memories look up a page, or go through a buffer, at every access; evaluation on one array is more than twice as
 * fast. The array's own bounds checks are the module's: an access outside throws. Growing copies, which a reused instance does a few
 * times in its life.
 */
final class FlatMemory implements Memory {

    private static final VarHandle SHORTS = view(short[].class);
    private static final VarHandle INTS = view(int[].class);
    private static final VarHandle LONGS = view(long[].class);
    private static final VarHandle FLOATS = view(float[].class);
    private static final VarHandle DOUBLES = view(double[].class);
    private static final int REFUSED = -1;

    private final int initialPages;
    private final int maximumPages;
    private byte[] bytes;
    private DataSegment[] segments = {};

    FlatMemory(MemoryLimits limits, int maximumPages) {
        if (limits.shared()) {
            throw new WasmEngineException("the policy engine's memory must not be shared between threads");
        }
        this.initialPages = limits.initialPages();
        this.maximumPages = Math.min(limits.maximumPages(), maximumPages);
        if (initialPages > this.maximumPages) {
            throw new WasmEngineException(
                    "the policy engine begins with " + initialPages + " pages of memory; at most " + this.maximumPages
                            + " are allowed");
        }
        this.bytes = new byte[initialPages * PAGE_SIZE];
    }

    private static VarHandle view(Class<?> arrayType) {
        return MethodHandles.byteArrayViewVarHandle(arrayType, ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int pages() {
        return bytes.length / PAGE_SIZE;
    }

    @Override
    public int grow(int size) {
        int before = pages();
        if (size < 0 || size > maximumPages - before) {
            return REFUSED;
        }
        bytes = Arrays.copyOf(bytes, (before + size) * PAGE_SIZE);
        return before;
    }

    @Override
    public int initialPages() {
        return initialPages;
    }

    @Override
    public int maximumPages() {
        return maximumPages;
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public void initialize(Instance instance, DataSegment[] dataSegments) {
        segments = dataSegments == null ? new DataSegment[0] : dataSegments.clone();
        for (DataSegment segment : segments) {
            if (segment instanceof ActiveDataSegment active) {
                long[] offset = ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions());
                write((int) offset[0], active.data(), 0, active.data().length);
            }
        }
    }

    @Override
    public void initPassiveSegment(int segmentId, int dest, int offset, int size) {
        write(dest, segments[segmentId].data(), offset, size);
    }

    @Override
    public void drop(int segment) {
        segments[segment] = new PassiveDataSegment(new byte[0]);
    }

    @Override
    public void write(int addr, byte[] data, int offset, int size) {
        System.arraycopy(data, offset, bytes, addr, size);
    }

    @Override
    public byte[] readBytes(int addr, int len) {
        if (addr < 0 || len < 0 || len > bytes.length - addr) {
            throw new ArrayIndexOutOfBoundsException("no " + len + " bytes at " + addr);
        }
        return Arrays.copyOfRange(bytes, addr, addr + len);
    }

    @Override
    public void copy(int dest, int src, int size) {
        System.arraycopy(bytes, src, bytes, dest, size);
    }

    @Override
    public void fill(byte value, int fromIndex, int toIndex) {
        Arrays.fill(bytes, fromIndex, toIndex, value);
    }

    @Override
    public void zero() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public byte read(int addr) {
        return bytes[addr];
    }

    @Override
    public void writeByte(int addr, byte data) {
        bytes[addr] = data;
    }

    @Override
    public short readShort(int addr) {
        return (short) SHORTS.get(bytes, addr);
    }

    @Override
    public long readU16(int addr) {
        return Short.toUnsignedLong(readShort(addr));
    }

    @Override
    public void writeShort(int addr, short data) {
        SHORTS.set(bytes, addr, data);
    }

    @Override
    public int readInt(int addr) {
        return (int) INTS.get(bytes, addr);
    }

    @Override
    public void writeI32(int addr, int data) {
        INTS.set(bytes, addr, data);
    }

    @Override
    public long readLong(int addr) {
        return (long) LONGS.get(bytes, addr);
    }

    @Override
    public void writeLong(int addr, long data) {
        LONGS.set(bytes, addr, data);
    }

    @Override
    public float readFloat(int addr) {
        return (float) FLOATS.get(bytes, addr);
    }

    @Override
    public long readF32(int addr) {
        return readInt(addr);
    }

    @Override
    public void writeF32(int addr, float data) {
        FLOATS.set(bytes, addr, data);
    }

    @Override
    public double readDouble(int addr) {
        return (double) DOUBLES.get(bytes, addr);
    }

    @Override
    public long readF64(int addr) {
        return readLong(addr);
    }

    @Override
    public void writeF64(int addr, double data) {
        DOUBLES.set(bytes, addr, data);
    }

    // What follows is for shared memories, which the constructor refuses.

    @Override
    @Deprecated(forRemoval = true)
    @SuppressWarnings("removal")
    public Object lock(int address) {
        throw unshared();
    }

    @Override
    @Deprecated(forRemoval = true)
    @SuppressWarnings("removal")
    public int waitOn(int address, int expected, long timeout) {
        throw unshared();
    }

    @Override
    @Deprecated(forRemoval = true)
    @SuppressWarnings("removal")
    public int waitOn(int address, long expected, long timeout) {
        throw unshared();
    }

    @Override
    @Deprecated(forRemoval = true)
    @SuppressWarnings("removal")
    public int notify(int address, int maxThreads) {
        throw unshared();
    }

    private static WasmEngineException unshared() {
        return new WasmEngineException("the policy engine's memory is not shared");
    }
}
