package org.espalier.track;

import java.util.Objects;

/**
 * A data set that a run read, as MLflow's "dataset input".
 *
 * @param name for instance {@code mnist/train}
 * @param digest checksum of the files; MLflow keeps at most 36 characters, so the first 32 are shown there and all of
 *     them in the source
 * @param context {@code training}, {@code validation} or {@code evaluation}
 * @param source where the data came from, in words or as an address
 * @param examples how many examples it has
 */
public record DatasetInfo(String name, String digest, String context, String source, long examples) {
    public DatasetInfo {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(source, "source");
    }

    /** The digest as it fits MLflow's column. */
    String shortDigest() {
        return digest.length() <= 36 ? digest : digest.substring(0, 32);
    }

    String sourceJson() {
        return MlflowJson.text(java.util.Map.of("uri", source, "digest", digest));
    }

    String profileJson() {
        return MlflowJson.text(java.util.Map.of("num_rows", examples));
    }
}
