package org.espalier.data.select;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.data.file.Digest;

/** What was selected, out of what, and how near it came to the targets: the content of {@code selection.json}. */
final class SelectionAccount {
    private final ResampleRequest request;
    private final ResampleFolder folder;
    private final WeighedCorpus corpus;

    SelectionAccount(ResampleRequest request, ResampleFolder folder, WeighedCorpus corpus) {
        this.request = request;
        this.folder = folder;
        this.corpus = corpus;
    }

    Map<String, Object> of(
            List<NgramCounts> targets, NgramCounts raw, NgramCounts selected, double[] proportions, List<BitSet> chosen)
            throws IOException {
        Map<String, Object> account = new LinkedHashMap<>();
        account.put("method", "dsir");
        account.put("settings", ResampleFolder.settings(request));
        account.put("documents", corpus.documents());
        account.put("candidates", corpus.candidates());
        account.put("chosen", chosen.stream().mapToInt(BitSet::cardinality).sum());
        account.put("chosen-digest", Digest.of(folder.chosen()).sha256());
        account.put("kl-reduction", KlReduction.of(targets, raw, selected));
        account.put("raw", raw(chosen));
        account.put("target", targets(targets, raw, selected, proportions, chosen));
        return account;
    }

    private List<Map<String, Object>> raw(List<BitSet> chosen) throws IOException {
        List<Map<String, Object>> files = new ArrayList<>();
        for (int file = 0; file < request.raw().size(); file++) {
            int first = corpus.first(file);
            int next = corpus.first(file + 1);
            Map<String, Object> one = file(request.raw().get(file).toString(), corpus.extent(file));
            one.put("documents", corpus.documents(file));
            one.put("candidates", corpus.candidates(file));
            one.put(
                    "chosen",
                    chosen.stream()
                            .mapToInt(set -> set.get(first, next).cardinality())
                            .sum());
            files.add(one);
        }
        return files;
    }

    private List<Map<String, Object>> targets(
            List<NgramCounts> targets, NgramCounts raw, NgramCounts selected, double[] proportions, List<BitSet> chosen)
            throws IOException {
        List<Map<String, Object>> files = new ArrayList<>();
        for (int target = 0; target < targets.size(); target++) {
            NgramCounts counts = targets.get(target);
            Map<String, Object> one = file(
                    request.targets().get(target).toString(),
                    folder.extent("fit/target-" + target).orElseThrow());
            one.put("ngrams", counts.total());
            one.put("divergence-of-raw", KlReduction.ofRaw(counts, raw));
            one.put("divergence-of-chosen", KlReduction.ofSelected(counts, raw, selected));
            if (request.separate()) {
                one.put("proportion", proportions[target]);
                one.put("chosen", chosen.get(target).cardinality());
            }
            files.add(one);
        }
        return files;
    }

    private static Map<String, Object> file(String path, DocumentStream.Extent extent) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("path", path);
        one.put("bytes", extent.digest().bytes());
        one.put("sha256", extent.digest().sha256());
        one.put("skipped-lines", extent.skipped());
        return one;
    }
}
