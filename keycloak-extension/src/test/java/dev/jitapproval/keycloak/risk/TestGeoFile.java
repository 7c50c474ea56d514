package dev.jitapproval.keycloak.risk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes small database files in MaxMind's format (MaxMind DB 2.0, IPv4, records of 24 bits). */
final class TestGeoFile {

    private static final int EMPTY = -1;

    private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {EMPTY, EMPTY}));
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /** @param value of maps, strings, doubles and whole numbers */
    TestGeoFile add(String network, int bits, Map<String, Object> value) {
        int offset = data.size();
        write(data, value);
        byte[] address = address(network);
        int node = 0;
        for (int bit = 0; bit < bits; bit++) {
            int side = address[bit / 8] >> (7 - bit % 8) & 1;
            if (bit == bits - 1) {
                nodes.get(node)[side] = -2 - offset;
            } else {
                if (nodes.get(node)[side] < 0) {
                    nodes.add(new int[] {EMPTY, EMPTY});
                    nodes.get(node)[side] = nodes.size() - 1;
                }
                node = nodes.get(node)[side];
            }
        }
        return this;
    }

    void save(Path file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int[] node : nodes) {
            for (int record : node) {
                int written = record == EMPTY ? nodes.size() : record < EMPTY ? nodes.size() + 16 - record - 2 : record;
                out.write(written >> 16);
                out.write(written >> 8);
                out.write(written);
            }
        }
        out.writeBytes(new byte[16]);
        out.writeBytes(data.toByteArray());
        out.writeBytes(new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0xef});
        out.writeBytes("MaxMind.com".getBytes(StandardCharsets.US_ASCII));
        write(out, Map.of(
                "binary_format_major_version", 2, "binary_format_minor_version", 0, "build_epoch", 1_700_000_000, "database_type", "Test",
                "ip_version", 4, "node_count", nodes.size(), "record_size", 24, "languages", List.of(), "description", Map.of()));
        try {
            Files.write(file, out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        if (value instanceof Map<?, ?> map) {
            out.write(7 << 5 | map.size());
            map.forEach((key, inner) -> {
                write(out, key);
                write(out, inner);
            });
        } else if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 28) {
                throw new IllegalArgumentException("this writer knows short texts only");
            }
            out.write(2 << 5 | bytes.length);
            out.writeBytes(bytes);
        } else if (value instanceof Double number) {
            out.write(3 << 5 | Double.BYTES);
            out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(number).array());
        } else if (value instanceof Integer number) {
            out.write(6 << 5 | Integer.BYTES);
            out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
        } else if (value instanceof List<?> list && list.isEmpty()) {
            out.write(0);
            out.write(11 - 7);
        } else {
            throw new IllegalArgumentException("this writer knows no " + value);
        }
    }

    private static byte[] address(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
