package dev.jitapproval.keycloak.approval.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.metamodel.EmbeddableType;
import jakarta.persistence.metamodel.EntityType;
import jakarta.persistence.metamodel.ManagedType;
import jakarta.persistence.metamodel.SingularAttribute;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The extension's entities whose rows belong to one realm: those with an attribute {@code realmId}, be it in an embedded key. Found rather
 * than listed, so that a table which somebody adds cannot be forgotten when a realm is removed.
 *
 * @param name the entity's name
 * @param realm the path to the realm's id, such as {@code realmId} or {@code key.realmId}
 */
record RealmEntities(String name, String realm) {

    private static final String REALM = "realmId";

    /** Other tables may refer to requests, hence it goes last. */
    private static final Class<?> LAST = JitRequestEntity.class;

    /** The entities in an order in which their rows can be removed. */
    static List<RealmEntities> of(EntityManager entities) {
        Set<Class<?>> own = Set.copyOf(JitJpaEntityProviderFactory.ENTITIES);
        return entities.getMetamodel().getEntities().stream()
                .filter(entity -> own.contains(entity.getJavaType()))
                .sorted(Comparator.<EntityType<?>, Boolean>comparing(entity -> entity.getJavaType() == LAST)
                        .thenComparing(EntityType::getName))
                .flatMap(entity -> path(entity).map(realm -> new RealmEntities(entity.getName(), realm)).stream())
                .toList();
    }

    private static Optional<String> path(ManagedType<?> type) {
        return type.getSingularAttributes().stream()
                .flatMap(attribute -> path(attribute).stream())
                .min(Comparator.comparing(String::length));
    }

    private static Optional<String> path(SingularAttribute<?, ?> attribute) {
        if (REALM.equals(attribute.getName())) {
            return Optional.of(REALM);
        }
        return attribute.getType() instanceof EmbeddableType<?> embedded
                ? path(embedded).map(inner -> attribute.getName() + "." + inner)
                : Optional.empty();
    }
}
