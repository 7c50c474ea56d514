package dev.jitapproval.bench;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.Map;
import java.util.Optional;

/** The groups of the context as struct types, so that cel-java checks and resolves each field by its type. */
final class CelTypes implements CelTypeProvider {

    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType TEXTS = ListType.create(TEXT);
    private static final CelType TEXTS_BY_NAME = MapType.create(TEXT, TEXTS);

    /** By variable. */
    static final Map<String, StructType> GROUPS = Map.of(
            "client", group("Client", ImmutableMap.of("id", TEXT, "public", SimpleType.BOOL, "attributes", TEXTS_BY_NAME)),
            "user", group("User", ImmutableMap.<String, CelType>builder()
                    .put("username", TEXT)
                    .put("email", TEXT)
                    .put("email_verified", SimpleType.BOOL)
                    .put("roles", TEXTS)
                    .put("groups", TEXTS)
                    .put("attributes", TEXTS_BY_NAME)
                    .put("federated", SimpleType.BOOL)
                    .buildOrThrow()),
            "request", group("Request", ImmutableMap.of("ip", TEXT, "scopes", TEXTS)),
            "risk", group("Risk", ImmutableMap.of("failed_logins", SimpleType.INT)));

    private static StructType group(String name, ImmutableMap<String, CelType> fields) {
        return StructType.create("bench." + name, fields.keySet(), field -> Optional.ofNullable(fields.get(field)));
    }

    @Override
    public ImmutableCollection<CelType> types() {
        return ImmutableList.copyOf(GROUPS.values());
    }

    @Override
    public Optional<CelType> findType(String name) {
        return types().stream().filter(type -> type.name().equals(name)).findFirst();
    }
}
