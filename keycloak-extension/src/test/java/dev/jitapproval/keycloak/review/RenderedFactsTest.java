package dev.jitapproval.keycloak.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.context.DecisionContext.Change;
import dev.jitapproval.keycloak.context.DecisionContext.Target;
import dev.jitapproval.keycloak.gate.ShownFacts;
import freemarker.cache.FileTemplateLoader;
import freemarker.cache.MultiTemplateLoader;
import freemarker.cache.StringTemplateLoader;
import freemarker.cache.TemplateLoader;
import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.theme.beans.MessageFormatterMethod;

/** The jar's own templates and messages, rendered as Keycloak renders them; only Keycloak's frame around them is left out. */
class RenderedFactsTest {

    private static final Path RESOURCES = Path.of("src/main/resources/theme-resources");
    private static final String FACTS = "<#import \"jit-review-common.ftl\" as common><@common.facts of=jit/>";
    private static final String ASKED = "<#import \"jit-common.ftl\" as common><@common.what/>";

    private static final Change PROFILE = new Change(
            List.of("department", "email", "groups"),
            Map.of("department", List.of(), "email", List.of("a@x.example"), "groups", List.of("staff", "night")),
            Map.of("department", List.of("Sales"), "email", List.of("b@x.example"), "groups", List.of("staff")));

    @ParameterizedTest
    @ValueSource(strings = {FACTS, ASKED})
    void whatChangesIsAListThatNamesOldAndNewInWords(String page) throws Exception {
        String text = text(render(page, "en", new ShownFacts.What("update-profile", "account", "Account", List.of(), PROFILE, null)));
        assertThat(text)
                .contains("What changes", "department Added: Sales", "E-mail address Before: a@x.example → Afterwards: b@x.example")
                .contains("groups Removed: night")
                .doesNotContain("staff", "jitTarget", "jitChange", "jitField");
    }

    @Test
    void theQuestionOfAMailNamesWhoGetsWhat() throws Exception {
        ShownFacts.What what = new ShownFacts.What(
                "admin-grant-role", "security-admin-console", "Admin Console", List.of(),
                new Change(List.of("role"), null, Map.of("role", List.of("admin"))), new Target("user", "5b2b", "bob"));
        for (String format : List.of("text", "html")) {
            assertThat(text(render(mail(format), "en", what)))
                    .contains("Let Alice Liddell give the role “admin” to bob?")
                    .contains("Approving lets Alice Liddell give this role once, within 10 minutes.")
                    .containsPattern("On:? (bob|bob –) ?–? user, 5b2b")
                    .containsPattern("What changes:? Role Added: admin");
        }
    }

    /** Nobody signs in to an admin's change again. */
    @Test
    void howAnApprovalIsUsedFitsTheAction() throws Exception {
        String outcome = "<#include \"text/jit-mail-outcome.ftl\">";
        assertThat(text(render(outcome, "en", new ShownFacts.What("login", "account", "Account", List.of(), null, null))))
                .contains("sign in to Account again");
        assertThat(text(render(outcome, "en", new ShownFacts.What("update-profile", "account", "Account", List.of(), PROFILE, null))))
                .contains("do the same at Account again", "E-mail address Before: a@x.example Afterwards: b@x.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es", "ja"})
    void noPageOrMailShowsTheKeyOfAMessage(String language) throws Exception {
        ShownFacts.What what = new ShownFacts.What(
                "delete-credential", "account", "Account", List.of("openid"),
                new Change(List.of("otp", "x"), Map.of("x", List.of("a", "c")), Map.of("x", List.of("\u200B"))),
                new Target("credential", "17", "My phone"));
        for (String template : List.of(FACTS, ASKED, mail("text"), mail("html"))) {
            assertThat(text(render(template, language, what))).contains("My phone").doesNotContainPattern("jit[A-Z]\\w*[^-\\w]");
        }
    }

    @Test
    void whatOthersWroteIsNeitherMarkupNorAMessage() throws Exception {
        String hostile = "<script>alert(1)</script> ${realm} {0} ' \u202E\n&";
        ShownFacts.What what = new ShownFacts.What(
                "admin-grant-role", "account", hostile, List.of(hostile),
                new Change(List.of(hostile), Map.of(hostile, List.of("old" + hostile)), Map.of(hostile, List.of(hostile))),
                new Target("user", "1", hostile));
        for (String template : List.of(FACTS, ASKED, mail("html"))) {
            assertThat(render(template, "en", what))
                    .contains("&lt;script&gt;alert(1)&lt;/script&gt; $ {realm} {0} &#39; &amp;")
                    .doesNotContain("<script", "\u202E");
        }
        assertThat(render(mail("text"), "en", what).lines().filter(line -> line.contains("old<script>")))
                .singleElement()
                .isEqualTo("    Before: old<script>alert(1)</script> $ {realm} {0} ' &");
    }

    @Test
    void thereIsAnEndToALongList() throws Exception {
        List<String> fields = IntStream.range(0, 23).mapToObj(number -> "field-" + number).toList();
        Change change = new Change(fields, Map.of(), Map.of("field-0", IntStream.range(0, 14).mapToObj(Integer::toString).toList()));
        ShownFacts.What what = new ShownFacts.What("update-profile", "account", "Account", List.of(), change, null);
        for (String template : List.of(FACTS, ASKED, mail("text"), mail("html"))) {
            assertThat(text(render(template, "en", what)))
                    .contains("… and 4 more that are not shown here", "… and 3 more that are not shown here", "field-19")
                    .doesNotContain("field-20");
        }
    }

    @Test
    void aSignInHasNoListOfChanges() throws Exception {
        ShownFacts.What what = new ShownFacts.What("login", "account", "Account", List.of(), null, null);
        for (String template : List.of(FACTS, ASKED, mail("text"), mail("html"))) {
            assertThat(text(render(template, "en", what))).doesNotContain("What changes", "On:");
        }
    }

    private static String mail(String format) {
        return "<#include \"" + format + "/jit-mail-ask.ftl\">";
    }

    private static String render(String template, String language, ShownFacts.What what) throws IOException, TemplateException {
        Locale locale = Locale.forLanguageTag(language);
        ShownFacts facts = new ShownFacts(
                1,
                new ShownFacts.Who("u1", "alice", "Alice Liddell", "a@x.example", true, null, false),
                what,
                new ShownFacts.Where("192.0.2.7", null, false, null),
                "2026-11-24T14:32:38.000Z",
                new ShownFacts.Why("demo", "r", null),
                List.of());
        RequestView view = new RequestView(
                RequestViewTest.request(facts.toJson()), locale, Instant.parse("2026-11-24T14:37:38Z"));
        Properties texts = texts(language);
        MessageFormatterMethod msg = new MessageFormatterMethod(locale, texts);
        Map<String, Object> jit = new HashMap<>(view.model());
        jit.put("what", view.question((key, arguments) -> texts.getProperty(key)));
        jit.putAll(Map.of("decidedBy", "", "comment", "", "usable", true));
        jit.put("link", "https://kc.example/review");
        Map<String, Object> data = Map.of("jit", jit, "msg", msg, "realmName", "demo", "url", Map.of("resourcesPath", "/r"));
        StringWriter written = new StringWriter();
        configuration(template).getTemplate("page.ftl").process(data, written);
        return written.toString();
    }

    private static Configuration configuration(String template) throws IOException {
        StringTemplateLoader frame = new StringTemplateLoader();
        frame.putTemplate("page.ftl", template);
        frame.putTemplate("html/template.ftl", "<#macro emailLayout><#nested></#macro>");
        Configuration configuration = new Configuration(Configuration.VERSION_2_3_32);
        configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
        configuration.setLocalizedLookup(false);
        File templates = RESOURCES.resolve("templates").toFile();
        configuration.setTemplateLoader(new MultiTemplateLoader(new TemplateLoader[] {frame, new FileTemplateLoader(templates)}));
        return configuration;
    }

    private static Properties texts(String language) throws IOException {
        Properties texts = new Properties();
        try (Reader reader = Files.newBufferedReader(RESOURCES.resolve("messages/messages_" + language + ".properties"))) {
            texts.load(reader);
        }
        return texts;
    }

    /** As it is read: without tags, and with one blank between words. */
    private static String text(String html) {
        return html.replaceAll("<[a-z/][^>]*>", " ").replaceAll("\\s+", " ");
    }
}
