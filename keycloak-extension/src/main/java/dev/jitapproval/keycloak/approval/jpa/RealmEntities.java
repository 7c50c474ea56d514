package dev.jitapproval.keycloak.approval.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.metamodel.EntityType;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The extension's entities whose rows belong to one realm: those with an attribute {@code realmId}. Found rather than listed, so that
 * a table which somebody adds cannot be forgotten when a realm is removed.
 */
final class RealmEntities {

    /** The attribute that names the realm. */
    static final String REALM = "realmId";

    /** Other tables may refer to requests, hence it goes last. */
    private static final Class<?> LAST = JitRequestEntity.class;

    private RealmEntities() {}

    /** The names of the entities, in an order in which their rows can be removed. */
    static List<String> names(EntityManager entities) {
        Set<Class<?>> own = Set.copyOf(JitJpaEntityProviderFactory.ENTITIES);
        return entities.getMetamodel().getEntities().stream()
                .filter(entity -> own.contains(entity.getJavaType()))
                .filter(entity -> entity.getAttributes().stream().anyMatch(attribute -> REALM.equals(attribute.getName())))
                .sorted(Comparator.<EntityType<?>, Boolean>comparing(entity -> entity.getJavaType() == LAST)
                        .thenComparing(EntityType::getName))
                .map(EntityType::getName)
                .toList();
    }
}
