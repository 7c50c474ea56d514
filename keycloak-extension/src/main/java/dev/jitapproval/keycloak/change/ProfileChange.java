package dev.jitapproval.keycloak.change;

import dev.jitapproval.keycloak.context.DecisionContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.keycloak.common.util.CollectionUtil;
import org.keycloak.models.UserModel;
import org.keycloak.userprofile.Attributes;
import org.keycloak.userprofile.UserProfile;
import org.keycloak.userprofile.UserProfileUtil;
import org.keycloak.utils.StringUtil;

/**
 * What a profile is about to change in an account: old and new values of the attributes that differ, as Keycloak will write them. An attribute
 * that is not there has no values.
 */
record ProfileChange(Map<String, List<String>> before, Map<String, List<String>> after) {

    static final ProfileChange NONE = new ProfileChange(Map.of(), Map.of());

    private static final Set<String> NEVER_REMOVED = Set.of(UserModel.USERNAME, UserModel.EMAIL);

    /**
     * The change that {@link UserProfile#update} will make.
     *
     * @param profile valid, with the new values
     * @param user as they are now
     * @param removesOthers whether attributes are removed that the profile does not have
     */
    static ProfileChange of(UserProfile profile, UserModel user, boolean removesOthers) {
        ProfileChange change = new ProfileChange(new TreeMap<>(), new TreeMap<>());
        Attributes attributes = profile.getAttributes();
        attributes.getWritable().forEach((name, values) -> {
            boolean isLeftAlone = !removesOthers && values.isEmpty() && !UserProfileUtil.isRootAttribute(name);
            if (!isLeftAlone) {
                change.add(name, current(user, name), values);
            }
        });
        if (removesOthers) {
            Set<String> others = new HashSet<>(user.getAttributes().keySet());
            others.removeAll(attributes.nameSet());
            others.removeAll(NEVER_REMOVED);
            others.stream().filter(name -> !attributes.isReadOnly(name)).forEach(name -> change.add(name, current(user, name), List.of()));
        }
        return change;
    }

    private void add(String name, List<String> old, List<String> values) {
        if (!CollectionUtil.collectionEquals(old, values)) {
            List<String> written = values.stream().filter(StringUtil::isNotBlank).toList();
            if (!(old.isEmpty() && written.isEmpty())) {
                before.put(name, old);
                after.put(name, written);
            }
        }
    }

    private static List<String> current(UserModel user, String name) {
        return new ArrayList<>(user.getAttributeStream(name).filter(Objects::nonNull).toList());
    }

    boolean isNone() {
        return before.isEmpty();
    }

    /** The same without one of its attributes. */
    ProfileChange without(String attribute) {
        TreeMap<String, List<String>> old = new TreeMap<>(before);
        TreeMap<String, List<String>> values = new TreeMap<>(after);
        old.remove(attribute);
        values.remove(attribute);
        return new ProfileChange(old, values);
    }

    /**
     * What is judged: the change of the profile; and as {@code update-email} what it does to the address, or a rule on that would not see an
     * address that is changed in the form of the profile.
     */
    List<Planned> planned() {
        if (isNone()) {
            return List.of();
        }
        Planned profile = new Planned("update-profile", change(), null);
        return before.containsKey(UserModel.EMAIL) ? List.of(profile, email()) : List.of(profile);
    }

    /** What is judged where nothing but the address changes. */
    List<Planned> plannedEmail() {
        return isNone() ? List.of() : List.of(new Planned("update-email", change(), null));
    }

    private Planned email() {
        ProfileChange email = new ProfileChange(
                Map.of(UserModel.EMAIL, before.get(UserModel.EMAIL)), Map.of(UserModel.EMAIL, after.get(UserModel.EMAIL)));
        return new Planned("update-email", email.change(), null);
    }

    private DecisionContext.Change change() {
        return new DecisionContext.Change(List.copyOf(before.keySet()), before, after);
    }
}
