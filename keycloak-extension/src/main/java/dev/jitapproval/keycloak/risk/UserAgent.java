package dev.jitapproval.keycloak.risk;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which browser and system a {@code User-Agent} names. Versions are left out: browsers change theirs every few weeks, and nobody is a
 * stranger for it.
 */
final class UserAgent {

    private static final Map<String, String> BROWSERS = new LinkedHashMap<>();
    private static final Map<String, String> SYSTEMS = new LinkedHashMap<>();

    static {
        BROWSERS.put("Edg", "edge");
        BROWSERS.put("OPR/", "opera");
        BROWSERS.put("SamsungBrowser/", "samsung");
        BROWSERS.put("Firefox/", "firefox");
        BROWSERS.put("FxiOS/", "firefox");
        BROWSERS.put("CriOS/", "chrome");
        BROWSERS.put("Chrome/", "chrome");
        BROWSERS.put("Safari/", "safari");
        SYSTEMS.put("iPhone", "iphone");
        SYSTEMS.put("iPad", "ipad");
        SYSTEMS.put("Android", "android");
        SYSTEMS.put("Windows", "windows");
        SYSTEMS.put("Mac OS X", "macos");
        SYSTEMS.put("CrOS", "chromeos");
        SYSTEMS.put("Linux", "linux");
    }

    private UserAgent() {}

    /** The browser and the system; of one that is not known, the first word without its version. */
    static String family(String userAgent) {
        String text = userAgent == null ? "" : userAgent;
        String browser = first(BROWSERS, text);
        return (browser.isEmpty() ? text.split("[/ ]", 2)[0] : browser) + "|" + first(SYSTEMS, text);
    }

    private static String first(Map<String, String> words, String text) {
        return words.entrySet().stream()
                .filter(word -> text.contains(word.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }
}
