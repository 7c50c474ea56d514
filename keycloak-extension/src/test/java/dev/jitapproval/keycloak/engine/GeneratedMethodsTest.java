package dev.jitapproval.keycloak.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What became of the module's functions in bytecode. */
class GeneratedMethodsTest {

    private static final String INTERPRETER = "Interpreter";

    @Test
    void noFunctionIsLeftToTheInterpreter() throws IOException {
        List<String> interpreted = new ArrayList<>();
        for (Path file : machineClasses()) {
            try (InputStream in = Files.newInputStream(file)) {
                new ClassReader(in).accept(new FindInterpreterCalls(interpreted), ClassReader.SKIP_DEBUG);
            }
        }

        assertThat(interpreted)
                .as("functions too large for a Java method; the build's output names their indexes. Split them with #[inline(never)]")
                .isEmpty();
    }

    private static List<Path> machineClasses() throws IOException {
        Path folder = Path.of("target", "classes", "dev", "jitapproval", "keycloak", "engine");
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "PolicyModuleMachine*.class")) {
            found.forEach(files::add);
        }
        assertThat(files).isNotEmpty();
        return files;
    }

    private static final class FindInterpreterCalls extends ClassVisitor {

        private final List<String> found;

        FindInterpreterCalls(List<String> found) {
            super(Opcodes.ASM9);
            this.found = found;
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] throwing) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitMethodInsn(int opcode, String owner, String called, String type, boolean isInterface) {
                    if (owner.contains(INTERPRETER) || called.contains(INTERPRETER)) {
                        found.add(name + " calls " + owner + "." + called);
                    }
                }
            };
        }
    }
}
