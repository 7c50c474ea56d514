package dev.jitapproval.bench;

import dev.cel.common.types.CelType;
import dev.cel.common.values.StructValue;
import java.util.Map;
import java.util.Optional;

/**
 * A group of the context as the planner's runtime takes it. Of a map it would look at every entry, those inside too, each time that one field is
 * read: two to three times slower with these rules.
 */
final class CelGroup extends StructValue<String, Map<?, ?>> {

    private final Map<?, ?> fields;
    private final CelType type;

    CelGroup(Map<?, ?> fields, CelType type) {
        this.fields = fields;
        this.type = type;
    }

    @Override
    public Map<?, ?> value() {
        return fields;
    }

    @Override
    public boolean isZeroValue() {
        return fields.isEmpty();
    }

    @Override
    public CelType celType() {
        return type;
    }

    @Override
    public Object select(String field) {
        return find(field).orElseThrow(() -> new IllegalArgumentException("there is no " + field));
    }

    @Override
    public Optional<Object> find(String field) {
        return Optional.ofNullable(fields.get(field));
    }
}
