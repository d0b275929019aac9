package org.espalier.spec.toy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.spec.Default;
import org.espalier.spec.Node;
import org.espalier.spec.Presentation;

public record ToyExperiment(
        @Presentation String name,
        @Presentation Optional<ToyPaper> paper,
        @Default("1") List<Long> seeds,
        Map<String, ToySource> data,
        ToyModel model,
        List<ToyStep> steps,
        @Default("[]") @Presentation List<Node> report) {
    public record ToyPaper(String title, int year, String id) {}
}
