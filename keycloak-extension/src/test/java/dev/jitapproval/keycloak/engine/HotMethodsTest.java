package dev.jitapproval.keycloak.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;

/**
 * HotSpot compiles no method of more than 8,000 bytes (HugeMethodLimit, while DontCompileHugeMethods is on, as it is by default): it
 * runs in the JVM's interpreter for ever, some fifty times slower. A policy may be read that way; a decision may not be made that way.
 */
class HotMethodsTest {

    private static final int LONGEST = 8_000;

    /** How many there are still. Lower it when one goes; it must never rise. */
    private static final int KNOWN = 7;

    private static final String MODULE = PolicyModule.class.getName();

    @Test
    void aDecisionRunsNoMethodThatIsTooLargeToBeCompiled() throws Exception {
        EngineInstance engine = instrumented();
        Set<String> tooLarge = new TreeSet<>();
        int decisions = 0;
        ObjectMapper mapper = new ObjectMapper();
        for (String line : Files.readAllLines(Path.of(System.getProperty("jit.corpus")))) {
            JsonNode step = mapper.readTree(line);
            String request = step.required("request").textValue();
            Entered.METHODS.clear();
            byte[] answer = engine.call(request.getBytes(StandardCharsets.UTF_8));
            if (isDecision(mapper, request) && mapper.readTree(answer).has("ok")) {
                tooLarge.addAll(Entered.METHODS);
                decisions++;
            }
        }

        assertThat(decisions).as("decisions in the corpus").isGreaterThan(50);
        assertThat(tooLarge)
                .as("""
                        methods over %,d bytes that decisions run: the JVM will never compile them. Split a function `func_N` with \
                        #[inline(never)]; what it is called in Rust tells `./jit wasm --names`. `call_indirect_N` has an entry for each \
                        function of its type, so that fewer of these, or other parameters, make it smaller.""", LONGEST)
                .hasSizeLessThanOrEqualTo(KNOWN);
    }

    /** Corpora hold requests that are no JSON. */
    private static boolean isDecision(ObjectMapper mapper, String request) {
        try {
            return mapper.readTree(request).path("op").asText().equals("decide");
        } catch (IOException e) {
            return false;
        }
    }

    private static EngineInstance instrumented() throws ReflectiveOperationException {
        Method create = new Instrumenting(HotMethodsTest.class.getClassLoader()).loadClass(MODULE).getMethod("create", Instance.class);
        return EngineInstance.of(Instance.builder(PolicyModule.load())
                .withMachineFactory(instance -> machine(create, instance))
                .withMemoryFactory(EngineInstance::flatMemory)
                .build());
    }

    private static Machine machine(Method create, Instance instance) {
        try {
            return (Machine) create.invoke(null, instance);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The methods that were entered, of those that are too large. Public, since the instrumented classes have a class loader of their own. */
    public static final class Entered {

        static final Set<String> METHODS = new TreeSet<>();

        private Entered() {}

        public static void note(String method) {
            METHODS.add(method);
        }
    }

    /** Loads the generated classes a second time, so changed that a method which is too large notes when it is entered. */
    private static final class Instrumenting extends ClassLoader {

        Instrumenting(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(MODULE)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                ClassReader reader = new ClassReader(in);
                Sizes sizes = new Sizes(reader);
                reader.accept(sizes, 0);
                ClassWriter writer = new ClassWriter(reader, 0);
                reader.accept(new Notes(writer, sizes.bytes), 0);
                byte[] bytes = writer.toByteArray();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    /** The bytes of each method's code. */
    private static final class Sizes extends ClassVisitor {

        final Map<String, Integer> bytes = new HashMap<>();

        Sizes(ClassReader reader) {
            super(Opcodes.ASM9, new ClassWriter(reader, 0));
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] throwing) {
            return new MethodVisitor(Opcodes.ASM9, super.visitMethod(access, name, descriptor, signature, throwing)) {
                @Override
                public void visitMaxs(int stack, int locals) {
                    Label end = new Label();
                    super.visitLabel(end);
                    bytes.put(name + descriptor, end.getOffset());
                    super.visitMaxs(stack, locals);
                }
            };
        }
    }

    private static final class Notes extends ClassVisitor {

        private final Map<String, Integer> bytes;

        Notes(ClassVisitor next, Map<String, Integer> bytes) {
            super(Opcodes.ASM9, next);
            this.bytes = bytes;
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] throwing) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, throwing);
            int size = bytes.getOrDefault(name + descriptor, 0);
            if (size <= LONGEST) {
                return next;
            }
            return new MethodVisitor(Opcodes.ASM9, next) {
                @Override
                public void visitCode() {
                    super.visitCode();
                    super.visitLdcInsn(String.format("%s (%,d bytes)", name, size));
                    super.visitMethodInsn(
                            Opcodes.INVOKESTATIC, Type.getInternalName(Entered.class), "note", "(Ljava/lang/String;)V", false);
                }

                @Override
                public void visitMaxs(int stack, int locals) {
                    super.visitMaxs(Math.max(stack, 1), locals);
                }
            };
        }
    }
}
