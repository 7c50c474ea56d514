package dev.jitapproval.keycloak.risk;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is stored instead of addresses and devices: HMAC-SHA-256 under a key of the realm, over the user too, so that nobody can tell by
 * the rows that two people share an address or a browser.
 */
final class Marks {

    private static final String ALGORITHM = "HmacSHA256";
    /** Only literals, so that no name is ever looked up. */
    private static final Pattern ADDRESS = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}|(?=[^:]*:)[0-9A-Fa-f:.]{2,45}");

    private static final int IPV4_PREFIX_BYTES = 3;
    private static final int IPV6_PREFIX_BYTES = 6;

    private final SecretKey key;

    /** @param key of the realm, for signatures; not used as it is, but only to derive from */
    Marks(SecretKey key) {
        this.key = new SecretKeySpec(hmac(key, "jit-approval risk memory"), ALGORITHM);
    }

    String device(String userId, String deviceId) {
        return mark("device", userId, deviceId);
    }

    Optional<String> ip(String userId, String ip) {
        return address(ip).map(address -> mark("ip", userId, address.getHostAddress()));
    }

    /** Of the network: IPv4 /24, IPv6 /48. */
    Optional<String> prefix(String userId, String ip) {
        return address(ip).map(address -> mark("prefix", userId, network(address)));
    }

    String userAgent(String userId, String userAgent) {
        return mark("user-agent", userId, UserAgent.family(userAgent));
    }

    /** What proves that a device's id was given by this realm. */
    String signature(String realmId, String deviceId) {
        return mark("device-cookie", realmId, deviceId);
    }

    private String mark(String... parts) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hmac(key, parts));
    }

    /** An address as it is written; never a name, which somebody would have to be asked for. */
    static Optional<InetAddress> address(String ip) {
        String literal = ip == null ? "" : ip.replaceFirst("%.*$", "");
        if (!ADDRESS.matcher(literal).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static String network(InetAddress address) {
        int length = address instanceof Inet4Address ? IPV4_PREFIX_BYTES : IPV6_PREFIX_BYTES;
        return length + "/" + Base64.getEncoder().encodeToString(Arrays.copyOf(address.getAddress(), length));
    }

    /** Each part with its length before it, so that no two lists of parts are the same bytes. */
    private static byte[] hmac(SecretKey key, String... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.getEncoded(), ALGORITHM));
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                mac.update(bytes);
            }
            return mac.doFinal();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("the realm's key is no secret key", e);
        }
    }
}
