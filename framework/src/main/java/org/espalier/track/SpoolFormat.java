package org.espalier.track;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A journal of one event per line: eight hexadecimal digits of length, eight of CRC-32C, the event as JSON, a line feed.
 * With the length, a damaged line feed does not take two records with it; with the line feed, a damaged length does not
 * take the rest.
 */
final class SpoolFormat {
    static final int LONGEST = 1 << 24;
    private static final int HEADER = 18;

    private SpoolFormat() {}

    /** An intact record, and where the next one begins. */
    record Entry(Event event, long end) {}

    /**
     * What a stretch of a journal holds.
     *
     * @param next where the first record begins that is not complete, or the end
     * @param damaged records that were passed over
     */
    record Stretch(List<Entry> entries, long next, int damaged) {}

    static byte[] encode(List<Event> events) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Event event : events) {
            byte[] json = MlflowJson.MAPPER.writeValueAsBytes(event);
            if (json.length > LONGEST) {
                throw new IllegalArgumentException("an event of " + json.length + " bytes");
            }
            String header = "%08x %08x ".formatted(json.length, checksum(json, 0, json.length));
            out.write(header.getBytes(StandardCharsets.US_ASCII));
            out.write(json);
            out.write('\n');
        }
        return out.toByteArray();
    }

    /** Reads records from bytes that begin at this offset of the journal, at the start of a record. */
    static Stretch parse(byte[] bytes, long offset) {
        List<Entry> entries = new ArrayList<>();
        int damaged = 0;
        int at = 0;
        while (at < bytes.length) {
            int end = intact(bytes, at);
            Event event = end < 0 ? null : event(bytes, at + HEADER, end - 1);
            if (event != null) {
                entries.add(new Entry(event, offset + end));
                at = end;
                continue;
            }
            int next = afterLine(bytes, at);
            if (next < 0) {
                break;
            }
            damaged++;
            at = next;
        }
        return new Stretch(entries, offset + at, damaged);
    }

    /** The end of the record that begins here, or -1. */
    private static int intact(byte[] bytes, int at) {
        int length = hex(bytes, at);
        int checksum = hex(bytes, at + 9);
        int end = at + HEADER + length;
        boolean whole = length >= 0 && length <= LONGEST && end < bytes.length;
        return whole && checksum == checksum(bytes, at + HEADER, length) ? end + 1 : -1;
    }

    private static Event event(byte[] bytes, int from, int to) {
        try {
            return MlflowJson.MAPPER.readValue(bytes, from, to - from, Event.class);
        } catch (IOException e) {
            return null;
        }
    }

    private static int afterLine(byte[] bytes, int at) {
        for (int i = at; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    /** Eight hexadecimal digits and a space; -1 for anything else, which as a length is refused. */
    private static int hex(byte[] bytes, int at) {
        if (at + 9 > bytes.length || bytes[at + 8] != ' ') {
            return -1;
        }
        int value = 0;
        for (int i = at; i < at + 8; i++) {
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
