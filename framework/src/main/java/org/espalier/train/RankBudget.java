package org.espalier.train;

/**
 * How many ranks all matrices have together as training goes on: all of them at first, then fewer and fewer by a cubic law, at last
 * the target ("Adaptive Budget Allocation for Parameter-Efficient Fine-Tuning", 2023, equation 12).
 *
 * @param initial ranks at first, of all matrices together
 * @param target ranks at the end
 * @param warmup updates during which all are kept
 * @param settled updates at the end during which nothing changes any more
 * @param steps updates in all
 * @param every after how many updates ranks are chosen anew
 */
public record RankBudget(int initial, int target, long warmup, long settled, long steps, int every) {
    public RankBudget {
        if (target > initial)
            throw new IllegalArgumentException("target: " + target + " ranks are more than the initial " + initial);
        if (warmup < 0 || settled < 0 || warmup + settled >= steps)
            throw new IllegalArgumentException("warmup " + warmup + " and settled " + settled + " leave none of "
                    + steps + " updates in which ranks could be given up");
        if (every < 1) throw new IllegalArgumentException("every must be at least 1, got " + every);
    }

    /** The update with which the choice becomes final. */
    public long last() {
        return steps - settled;
    }

    /** @param step updates made so far, counted from 1 */
    public int at(long step) {
        if (step <= warmup) return initial;
        if (step > last()) return target;
        double left = 1 - (step - warmup) / (double) (last() - warmup);
        return (int) (target + (initial - target) * StrictMath.pow(left, 3));
    }

    /** Whether ranks are chosen anew after this update. */
    public boolean chooses(long step) {
        return step == last() || step > warmup && step < last() && step % every == 0;
    }
}
