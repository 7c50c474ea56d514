package dev.jitapproval.keycloak.engine;

/**
 * Something that is wrong with a policy's source, or that its author should look at.
 *
 * @param severity {@code error} or {@code warning}
 * @param code stable, explained in the documentation
 * @param message what is wrong, in one sentence
 * @param line from 1
 * @param column from 1, in Unicode characters
 * @param rule the id of the rule it stands in, or null
 * @param help what would be right, or null
 * @param rendered the whole text for people: message, place, source line and help
 */
public record Diagnostic(
        String severity, String code, String message, int line, int column, String rule, String help, String rendered) {}
