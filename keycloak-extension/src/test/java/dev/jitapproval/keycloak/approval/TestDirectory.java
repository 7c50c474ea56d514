package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.approval.spi.EligibilityLookup.Eligible;
import dev.jitapproval.keycloak.engine.Selector;
import dev.jitapproval.keycloak.engine.Stage;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** People for tests: everybody whom a stage names exists, unless they were removed. */
final class TestDirectory {

    private final Set<String> removed = ConcurrentHashMap.newKeySet();

    void remove(String username) {
        removed.add(username);
    }

    Eligible eligible(Stage stage) {
        List<String> people = stage.approvers().stream()
                .flatMap(selector -> names(selector).stream())
                .filter(name -> !removed.contains(name))
                .map(TestDirectory::personKey)
                .distinct()
                .toList();
        return new Eligible(people.size(), people);
    }

    List<Integer> matches(Stage stage, Actor actor) {
        if (removed.contains(actor.username())) {
            return List.of();
        }
        return IntStream.range(0, stage.approvers().size())
                .filter(i -> names(stage.approvers().get(i)).contains(actor.username()))
                .boxed()
                .toList();
    }

    static Actor actor(String username) {
        return Actor.user("id-" + username, username, personKey(username));
    }

    static String personKey(String username) {
        return "person-" + username;
    }

    private static List<String> names(Selector selector) {
        if (selector instanceof Selector.User user) {
            return List.of(user.username());
        }
        if (selector instanceof Selector.Users users) {
            return users.usernames();
        }
        throw new IllegalArgumentException("tests name users only, not " + selector);
    }
}
