package org.espalier.train;

import java.util.List;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.kernels.Orthogonality;
import org.espalier.launch.Gemm;
import org.espalier.launch.Launch;
import org.espalier.launch.Residency;

/** A term of the loss that is small where the rows of all A and the columns of all B are orthonormal. */
public final class Orthonormal {
    private final List<LowRank> pairs;
    private final float weight;
    private final int squared;
    private final float[] terms;

    /**
     * @param weight what the mean of ‖A·Aᵀ − I‖ and ‖Bᵀ·B − I‖ over all matrices counts in the loss
     * @param squared whether the norms are squared
     */
    public Orthonormal(List<LowRank> pairs, double weight, boolean squared) {
        this.pairs = List.copyOf(pairs);
        this.weight = (float) (weight / (2 * pairs.size()));
        this.squared = squared ? 1 : 0;
        this.terms = new float[2 * pairs.size()];
    }

    /** Appends it to a loss that was traced. */
    public void trace(Graph g) {
        for (int p = 0; p < pairs.size(); p++) {
            rows(g, pairs.get(p).a(), 2 * p);
            columns(g, pairs.get(p).b(), 2 * p + 1);
        }
    }

    /** What it added to the loss before the last update. */
    public double value() {
        Residency.read(terms);
        double sum = 0;
        for (float term : terms) sum += term;
        return sum;
    }

    private void rows(Graph g, Parameter a, int at) {
        int rank = a.rows(), in = a.columns();
        float[] gram = g.scratch(rank * rank);
        g.launch(Gemm.nt(a.name() + ".gram", gram, a.value(), a.value(), rank, rank, in, false));
        term(g, a, gram, rank, at);
        g.backward(() ->
                g.launch(Gemm.nn(a.name() + ".straighten", a.grad(), gram, a.value(), rank, in, rank, g.keep(a) == 1)));
    }

    private void columns(Graph g, Parameter b, int at) {
        int out = b.rows(), rank = b.columns();
        float[] gram = g.scratch(rank * rank);
        g.launch(Gemm.tn(b.name() + ".gram", gram, b.value(), b.value(), rank, rank, out, false));
        term(g, b, gram, rank, at);
        g.backward(() -> g.launch(
                Gemm.nn(b.name() + ".straighten", b.grad(), b.value(), gram, out, rank, rank, g.keep(b) == 1)));
    }

    private void term(Graph g, Parameter of, float[] gram, int rank, int at) {
        g.launch(Launch.of(
                of.name() + ".orthogonality", 1, Orthogonality::term, terms, gram, rank, weight, squared, at));
    }
}
