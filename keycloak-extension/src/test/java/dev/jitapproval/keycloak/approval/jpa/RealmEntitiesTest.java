package dev.jitapproval.keycloak.approval.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Table;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a removed realm leaves behind: nothing, in none of the tables. */
class RealmEntitiesTest {

    /** A table with a realm of its own that no entity maps with {@code realmId} would keep its rows. */
    @Test
    void everyTableWithARealmIsEmptiedWithTheRealm() {
        try (EntityManagerFactory factory = JitTables.open("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
                EntityManager entities = factory.createEntityManager()) {
            @SuppressWarnings("unchecked")
            List<String> tables = entities.createNativeQuery("select TABLE_NAME from INFORMATION_SCHEMA.COLUMNS"
                            + " where COLUMN_NAME = 'REALM_ID' and TABLE_NAME like 'JIT\\_%' order by TABLE_NAME", String.class)
                    .getResultList();
            List<String> emptied = entities.getMetamodel().getEntities().stream()
                    .filter(entity -> RealmEntities.of(entities).stream().anyMatch(of -> of.name().equals(entity.getName())))
                    .map(entity -> entity.getJavaType().getAnnotation(Table.class).name())
                    .sorted()
                    .toList();
            assertThat(tables).contains("JIT_REQUEST");
            assertThat(emptied).isEqualTo(tables);
            entities.getTransaction().begin();
            new RequestStore(entities).removeRealm("a realm that nobody has");
            entities.getTransaction().commit();
        }
    }

    @Test
    void requestsGoLastBecauseOtherRowsMayReferToThem() {
        try (EntityManagerFactory factory = JitTables.open("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
                EntityManager entities = factory.createEntityManager()) {
            assertThat(RealmEntities.of(entities)).last().isEqualTo(new RealmEntities("JitRequest", "realmId"));
        }
    }
}
