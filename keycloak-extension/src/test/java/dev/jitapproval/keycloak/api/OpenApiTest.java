package dev.jitapproval.keycloak.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.jitapproval.keycloak.admin.JitAdminResource;
import dev.jitapproval.keycloak.rest.ApprovalResource;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Request;
import java.io.File;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/openapi.yaml against the resource classes: each knows every call of the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {

    private static final String ADMIN = "/admin/realms/{realm}/jit-approval";
    private static final String REALM = "/realms/{realm}/jit-approval";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch", "head", "options");

    /** A call as the code has it. */
    record Call(String path, Method method) {

        @Override
        public String toString() {
            return verb(method).orElseThrow() + " " + path;
        }
    }

    private final Map<String, Call> calls = new TreeMap<>();
    private JsonNode document;

    @BeforeAll
    void read() throws IOException {
        document = new YAMLMapper().readTree(new File("../docs/openapi.yaml"));
        collect(ADMIN, JitAdminResource.class);
        collect(REALM, ApprovalResource.class);
    }

    @Test
    void eachKnowsEveryCallOfTheOther() {
        assertThat(documented()).containsExactlyInAnyOrderElementsOf(calls.keySet());
    }

    @Test
    void everyProblemHasItsCode() {
        Set<String> written = texts(document.at("/components/schemas/ProblemCode/enum"));
        assertThat(written).isEqualTo(Arrays.stream(ProblemType.values()).map(ProblemType::code).collect(Collectors.toSet()));
    }

    @Test
    void everyCodeStandsInTheTableForPeople() throws IOException {
        String table = Files.readString(new File("../docs/api.md").toPath());
        assertThat(Arrays.stream(ProblemType.values()))
                .allSatisfy(type -> assertThat(table).contains("| `" + type.code() + "` | " + type.status() + " |"));
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertThat(document.findValuesAsText("$ref"))
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse());
    }

    Stream<Call> calls() {
        return calls.values().stream();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void hasTheSameParameters(Call call) {
        Set<String> path = annotated(call, PathParam.class).map(PathParam::value).collect(Collectors.toCollection(TreeSet::new));
        path.add("realm");
        assertThat(parameters(call, "path")).isEqualTo(path);
        assertThat(parameters(call, "query"))
                .isEqualTo(annotated(call, QueryParam.class).map(QueryParam::value).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void hasTheAnswersThatTheSignatureTells(Call call) {
        JsonNode operation = operation(call);
        Set<String> statuses = names(operation.path("responses"));
        if (texts(operation.path("tags")).contains("browser")) {
            assertThat(operation.path("security")).isEmpty();
            return;
        }
        boolean preconditions = Arrays.stream(call.method().getParameterTypes()).anyMatch(Request.class::equals);
        boolean post = verb(call.method()).orElseThrow().equals("post");
        assertThat(statuses).contains("400", "401", "403", "405").anyMatch(status -> status.startsWith("2"));
        assertThat(operation.path("security")).hasSize(1);
        assertThat(statuses.contains("304")).as("304").isEqualTo(preconditions && !post);
        assertThat(parameters(call, "header").contains("If-None-Match")).isEqualTo(preconditions && !post);
        assertThat(parameters(call, "header").contains("If-Match")).isEqualTo(preconditions && post);
        if (call.path().contains("{id}")) {
            assertThat(statuses).contains("404");
        }
        if (post) {
            assertThat(statuses).contains("413", "415");
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void takesTheSameMediaTypes(Call call) {
        Consumes consumes = call.method().getAnnotation(Consumes.class);
        if (consumes != null) {
            assertThat(names(operation(call).at("/requestBody/content"))).containsExactlyInAnyOrder(consumes.value());
        }
    }

    private void collect(String path, Class<?> resource) {
        for (Method method : resource.getMethods()) {
            Path own = method.getAnnotation(Path.class);
            String full = own == null ? path : path + "/" + own.value().replaceAll("\\{\\s*(\\w+)\\s*:[^/]*}(?=/|$)", "{$1}");
            if (verb(method).isPresent()) {
                Call call = new Call(full, method);
                calls.put(call.toString(), call);
            } else if (own != null) {
                collect(full, method.getReturnType());
            }
        }
    }

    private List<String> documented() {
        return document.path("paths").properties().stream()
                .flatMap(path -> names(path.getValue()).stream().filter(METHODS::contains).map(method -> method + " " + path.getKey()))
                .toList();
    }

    private JsonNode operation(Call call) {
        return document.path("paths").path(call.path()).path(verb(call.method()).orElseThrow());
    }

    private Set<String> parameters(Call call, String in) {
        return Stream.of(document.path("paths").path(call.path()).path("parameters"), operation(call).path("parameters"))
                .flatMap(list -> StreamSupport.stream(list.spliterator(), false))
                .map(parameter -> document.at(parameter.path("$ref").textValue().substring(1)))
                .filter(parameter -> parameter.path("in").textValue().equals(in))
                .map(parameter -> parameter.path("name").textValue())
                .collect(Collectors.toSet());
    }

    private static <A extends Annotation> Stream<A> annotated(Call call, Class<A> annotation) {
        return Arrays.stream(call.method().getParameters())
                .map((Parameter parameter) -> parameter.getAnnotation(annotation))
                .filter(found -> found != null);
    }

    private static Optional<String> verb(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .filter(found -> found != null)
                .map(found -> found.value().toLowerCase(Locale.ROOT))
                .findFirst();
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::textValue).collect(Collectors.toSet());
    }
}
