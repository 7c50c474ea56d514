package dev.jitapproval.keycloak.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Policies for tests. */
final class Policies {

    private static final Pattern FIRST_YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    private Policies() {}

    /** The one that docs/policy-reference.md shows. */
    static String fromTheReference() {
        Path page = Path.of("..", "docs", "policy-reference.md");
        try {
            Matcher yaml = FIRST_YAML.matcher(Files.readString(page));
            if (!yaml.find()) {
                throw new IllegalStateException(page + " shows no policy");
            }
            return yaml.group(1);
        } catch (IOException e) {
            throw new IllegalStateException(page + " cannot be read", e);
        }
    }

    /** A request to load a policy so large that it takes a while. */
    static byte[] loadOfManyRules() {
        StringBuilder source = new StringBuilder("apiVersion: jit-approval.dev/v1\nname: large\nrules:\n");
        for (int i = 0; i < 3_000; i++) {
            source.append("  - { id: r").append(i).append(", on: [login], when: 'user.username == \"u").append(i)
                    .append("\" && size(user.roles) > ").append(i).append("', effect: deny }\n");
        }
        return load(source.toString());
    }

    /** A request to load a policy that takes a lot of stack. */
    static byte[] loadOfDeepNesting() {
        return load("apiVersion: jit-approval.dev/v1\nname: deep\nrules:\n  - id: r\n    on: [login]\n    effect: deny\n    when: '"
                + "[1].all(x, ".repeat(24) + "true" + ")".repeat(24) + "'\n");
    }

    static byte[] load(String source) {
        return Wire.request("load", "{\"source\":" + Wire.quote(source) + ",\"file\":\"test.yaml\"}");
    }
}
