package dev.jitapproval.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The same rules with cel-java, as somebody would write it who wants it fast: programs are compiled once, variables have types, Jackson reads
 * the context straight into what cel-java takes, and variables are looked up where they are, since a map of them would be copied for each rule.
 *
 * <p>Like the engine, it asks every rule that may hold and takes the strictest; one that cannot be evaluated denies.
 */
final class CelJava implements Contender {

    private static final ObjectReader CONTEXT = JsonMapper.builder()
            // CEL's int is a long; another Integer would be copied at each use.
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build()
            .readerFor(new TypeReference<Map<String, Object>>() {});

    private static final Rule[] NONE = {};

    private final Runtime runtime;
    private final Rule[] all;
    private final Map<String, Map<String, Rule[]>> byActionAndClient;

    /** The two that cel-java 0.14 has. */
    enum Runtime {
        LEGACY,
        PLANNER
    }

    /** The strictest first. */
    private enum Effect {
        DENY,
        CONFIRM,
        ALLOW
    }

    private record Rule(String id, Effect effect, CelRuntime.Program when) {}

    private record Decision(Effect effect, String rule, List<String> matched) {}

    /** @param indexed whether rules are found by action and client, so that only the rest of their condition is evaluated */
    CelJava(Runtime runtime, Case rules, boolean indexed) {
        this.runtime = runtime;
        CelBuilder builder = runtime == Runtime.LEGACY ? CelFactory.legacyCelBuilder() : CelFactory.plannerCelBuilder();
        builder.setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setTypeProvider(new CelTypes())
                .addVar("action", SimpleType.STRING);
        CelTypes.GROUPS.forEach(builder::addVar);
        Cel cel = builder.build();
        if (indexed) {
            all = NONE;
            byActionAndClient = index(cel, rules);
        } else {
            all = rules.rules().stream().map(rule -> compile(cel, rule, rule.full())).toArray(Rule[]::new);
            byActionAndClient = null;
        }
    }

    private static Map<String, Map<String, Rule[]>> index(Cel cel, Case rules) {
        Map<String, Map<String, List<Rule>>> lists = new HashMap<>();
        for (Case.Rule rule : rules.rules()) {
            lists.computeIfAbsent(rule.guard().action(), action -> new HashMap<>())
                    .computeIfAbsent(rule.guard().client(), client -> new ArrayList<>())
                    .add(compile(cel, rule, rule.when()));
        }
        Map<String, Map<String, Rule[]>> index = new HashMap<>();
        lists.forEach((action, clients) -> {
            Map<String, Rule[]> rulesOfClients = new HashMap<>();
            clients.forEach((client, list) -> rulesOfClients.put(client, list.toArray(NONE)));
            index.put(action, rulesOfClients);
        });
        return index;
    }

    private static Rule compile(Cel cel, Case.Rule rule, String condition) {
        try {
            Effect effect = Effect.valueOf(rule.effect().toUpperCase(Locale.ROOT));
            return new Rule(rule.id(), effect, cel.createProgram(cel.compile(condition).getAst()));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new RefusedException(rule.id() + ": " + e.getMessage());
        }
    }

    @Override
    public Object decide(Case.Step step) {
        try {
            Map<String, Object> context = CONTEXT.readValue(step.bytes());
            Rule[] rules = byActionAndClient == null ? all : candidates(context);
            if (runtime == Runtime.PLANNER) {
                CelTypes.GROUPS.forEach((name, type) ->
                        context.computeIfPresent(name, (group, fields) -> new CelGroup((Map<?, ?>) fields, type)));
            }
            return decide(variable -> Optional.ofNullable(context.get(variable)), rules);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Rule[] candidates(Map<String, Object> context) {
        Map<String, Rule[]> byClient = byActionAndClient.get((String) context.get("action"));
        if (byClient == null) {
            return NONE;
        }
        Rule[] found = byClient.get((String) ((Map<?, ?>) context.get("client")).get("id"));
        // The rules of a case are guarded all or none, so that there is nothing to merge.
        return found == null ? byClient.getOrDefault(null, NONE) : found;
    }

    private static Decision decide(CelVariableResolver context, Rule[] rules) {
        Effect effect = Effect.ALLOW;
        String decidedBy = null;
        List<String> matched = new ArrayList<>(2);
        for (Rule rule : rules) {
            Effect said = rule.effect;
            try {
                if (!(Boolean) rule.when.eval(context)) {
                    continue;
                }
                matched.add(rule.id);
            } catch (CelEvaluationException e) {
                said = Effect.DENY;
            }
            if (decidedBy == null || said.compareTo(effect) < 0) {
                effect = said;
                decidedBy = rule.id;
            }
        }
        return new Decision(effect, decidedBy, matched);
    }

    @Override
    public Verdict verdict(Object decision) {
        Decision it = (Decision) decision;
        return new Verdict(it.effect.name().toLowerCase(Locale.ROOT), it.rule);
    }
}
