package dev.jitapproval.keycloak.engine;

import run.endive.runtime.ExportFunction;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.wasm.types.MemoryLimits;

/**
 * One instance of the policy module, for one thread at a time. Speaks the C ABI of {@code wasm-bindings/src/abi.rs}.
 */
final class EngineInstance {

    /** The version of the exports that this class speaks. */
    static final int ABI_VERSION = 1;

    // A policy of 10,000 rules takes some 32 MiB, most of them while it is read, and memory never shrinks. One that holds such a policy
    // and reads the next is kept: it would have to read them again. What is refused for its size takes no more than the cap.
    private static final int MAXIMUM_MEMORY = 96 << 20;
    private static final int WORTH_KEEPING = 64 << 20;

    // Decisions ask for a kilobyte or two, all day: theirs is one buffer, made once. A policy to read gets one of its own for the time.
    private static final int LARGEST_KEPT = 16 << 10;

    private final Instance instance;
    private final Memory memory;
    private final ExportFunction alloc;
    private final ExportFunction free;
    private final ExportFunction call;
    private int kept;
    private int keptLength;

    private EngineInstance(Instance instance) {
        this.instance = instance;
        this.memory = instance.memory();
        this.alloc = instance.export("jit_alloc");
        this.free = instance.export("jit_free");
        this.call = instance.export("jit_call");
    }

    /**
     * Makes a fresh instance; some 20 microseconds once the module has been read.
     *
     * @throws EngineException if the module is not one that this class can talk to
     */
    static EngineInstance create() {
        return of(instantiate());
    }

    /**
     * Talks to an instance of the module that was made in any way.
     *
     * @throws EngineException if the module is not one that this class can talk to
     */
    static EngineInstance of(Instance instance) {
        long abi = instance.export("jit_abi_version").apply()[0];
        if (abi != ABI_VERSION) {
            throw EngineException.protocol(
                    null, "the policy module speaks ABI " + abi + ", this extension " + ABI_VERSION, null);
        }
        return new EngineInstance(instance);
    }

    /** The module as it is, with a memory of its own. */
    static Instance instantiate() {
        return Instance.builder(PolicyModule.load())
                .withMachineFactory(PolicyModule::create)
                .withMemoryFactory(EngineInstance::flatMemory)
                .build();
    }

    static FlatMemory flatMemory(MemoryLimits limits) {
        return new FlatMemory(limits, MAXIMUM_MEMORY / Memory.PAGE_SIZE);
    }

    /**
     * Carries a request in and the answer out.
     *
     * @throws RuntimeException or a {@link VirtualMachineError} if the module traps; the instance is of no use afterwards
     */
    byte[] call(byte[] request) {
        if (request.length > LARGEST_KEPT) {
            int own = allocate(request.length);
            byte[] answer = call(own, request);
            free.apply(own, request.length);
            return answer;
        }
        if (keptLength < request.length) {
            grow(request.length);
        }
        return call(kept, request);
    }

    private void grow(int length) {
        free.apply(kept, keptLength);
        keptLength = 0;
        int larger = Integer.highestOneBit(length) << 1;
        kept = allocate(larger);
        keptLength = larger;
    }

    private int allocate(int length) {
        int address = (int) alloc.apply(length)[0];
        if (address == 0) {
            throw EngineException.protocol(
                    "too_large", "the policy engine does not take a request of " + length + " bytes", null);
        }
        return address;
    }

    private byte[] call(int input, byte[] request) {
        memory.write(input, request);
        long packed = call.apply(input, request.length)[0];
        int output = (int) (packed >>> 32);
        int length = (int) packed;
        if (output == 0) {
            throw new IllegalStateException("out of memory while answering");
        }
        byte[] answer = memory.readBytes(output, length);
        free.apply(output, length);
        return answer;
    }

    /** False where an unusual request has made the instance so large that a fresh one is cheaper to keep. */
    boolean isWorthKeeping() {
        return (long) instance.memory().pages() * Memory.PAGE_SIZE <= WORTH_KEEPING;
    }
}
