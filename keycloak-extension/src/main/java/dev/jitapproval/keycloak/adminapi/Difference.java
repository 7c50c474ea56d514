package dev.jitapproval.keycloak.adminapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.jitapproval.keycloak.context.ClientSecrets;
import dev.jitapproval.keycloak.context.DecisionContext.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.ModelToRepresentation;
import org.keycloak.util.JsonSerialization;

/**
 * What a change of settings makes different. Of a realm and of a client only what is another value afterwards; of other things, whose state is not
 * read, every member that is sent. Values are told only where they are short and cannot be a secret.
 */
final class Difference {

    private static final int LONGEST = 200;

    private final KeycloakSession session;
    private final RealmModel realm;
    private final AdminCall call;
    private final JsonNode after;

    Difference(KeycloakSession session, RealmModel realm, AdminCall call, JsonNode after) {
        this.session = session;
        this.realm = realm;
        this.call = call;
        this.after = after;
    }

    Change of(AdminAct act) {
        if (call.method().equals("DELETE")) {
            return new Change(List.of("deleted"), null, null);
        }
        JsonNode before = before(act);
        List<String> fields = new ArrayList<>();
        TreeMap<String, List<String>> old = new TreeMap<>();
        TreeMap<String, List<String>> next = new TreeMap<>();
        after.properties().stream().sorted(Map.Entry.comparingByKey(Comparator.naturalOrder())).forEach(member -> {
            JsonNode was = before.path(member.getKey());
            if (!isSame(was, member.getValue())) {
                fields.add(member.getKey());
                tell(old, member.getKey(), was);
                tell(next, member.getKey(), member.getValue());
            }
        });
        return fields.isEmpty() ? null : new Change(ActFacts.whole("field", fields), old.isEmpty() ? null : old, next.isEmpty() ? null : next);
    }

    /** What is not said stays as it is. */
    private static boolean isSame(JsonNode was, JsonNode value) {
        return value.isNull() || was.equals(value) || was.isValueNode() && value.isValueNode() && was.asText().equals(value.asText());
    }

    private JsonNode before(AdminAct act) {
        if (act.type().equals("realm") && (call.path().is() || call.path().starts("ui-ext"))) {
            return JsonSerialization.mapper.valueToTree(ModelToRepresentation.toRepresentation(session, realm, true));
        }
        ClientModel client = act.type().equals("client") && call.path().is("clients", "*") ? realm.getClientById(act.id()) : null;
        return client == null
                ? MissingNode.getInstance()
                : JsonSerialization.mapper.valueToTree(ModelToRepresentation.toRepresentation(client, session));
    }

    private static void tell(Map<String, List<String>> values, String name, JsonNode value) {
        if (value.isValueNode() && !value.isNull() && !ClientSecrets.isSecret(name) && value.asText().length() <= LONGEST) {
            values.put(name, List.of(value.asText()));
        }
    }
}
