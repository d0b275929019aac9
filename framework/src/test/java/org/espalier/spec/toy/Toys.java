package org.espalier.spec.toy;

/** A spec of the size and shape of a real one. */
public final class Toys {
    public static final String TICKET = """
            # winning tickets in a small network
            name: lottery_ticket
            paper: { title: The Lottery Ticket Hypothesis, year: 2019, id: "1803.03635" }
            seeds: [1, 2, 3]
            data:
              train: { mnist: { part: train, holdout: 5000 } }
              valid: { mnist: { part: holdout, holdout: 5_000 } }
              test:  { mnist: { part: test } }
            model: { lenet: { hidden: [300, 100], init: glorot-normal } }
            steps:
              - save: init
              - repeat:
                  times: 22
                  steps:
                    - train:
                        data: train
                        batch: 60
                        steps: 50_000
                        optimise: { adam: { rate: 0.0012 } }
                        watch: { data: valid, every: 100, metrics: [loss, accuracy] }
                    - evaluate: { data: test, metrics: [accuracy, sparsity] }
                    - prune:
                        score: magnitude
                        allocate: { per-layer: { rates: { output: 0.1 } } }   # half as much per round
                        pattern: { unstructured: { within: layer } }
                        ratio: 0.2
                        of: remaining
                    - reinit: { seed: 7 }
                    - train: { as: control, data: train, steps: 2000, optimise: { sgd: { rate: 1e-1, momentum: 0.5 } } }
                    - rewind: init
            report:
              - line: { x: weights-left, y: [evaluate.accuracy, train.early-stop], over: repeat, band: seeds }
            """;

    private Toys() {}
}
