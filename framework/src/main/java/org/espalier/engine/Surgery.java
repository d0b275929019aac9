package org.espalier.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds the groups of parameter dimensions that belong together, and cuts entries out of all of them at once. Axes are joined while a
 * network is traced, so it must have been traced before; afterwards it has to be traced again.
 */
public final class Surgery {
    /**
     * A dimension of a parameter that lies along a group's axis.
     *
     * @param rows whether it is the rows of a weight (or the entries of a vector), or else the columns
     */
    public record Member(Parameter parameter, boolean rows) {
        Span span() {
            return rows ? parameter.rowSpan() : parameter.columnSpan();
        }

        /** The rows or columns that belong to an entry of the axis: {@code positions} of them from this one on. */
        public int first(int entry) {
            return entry * positions();
        }

        /** Rows or columns for each entry of the axis: a channel's kernel positions, or its pixels after flattening. */
        public int positions() {
            return span().inner();
        }
    }

    /** Parameter dimensions that can only be cut together. */
    public record Group(Axis axis, List<Member> members) {
        public Group {
            members = List.copyOf(members);
        }

        /** How many entries there are to choose from. */
        public int size() {
            return axis.size();
        }
    }

    private Surgery() {}

    /** All groups that may be cut, in the order of their first parameter: inputs and outputs of the network are not among them. */
    public static List<Group> groups(Collection<Parameter> parameters) {
        Map<Axis, List<Member>> members = new LinkedHashMap<>();
        for (Parameter p : parameters) {
            add(members, new Member(p, true));
            if (p.columnSpan() != null) add(members, new Member(p, false));
        }
        List<Group> groups = new ArrayList<>();
        members.forEach((axis, on) -> groups.add(new Group(axis, on)));
        return List.copyOf(groups);
    }

    private static void add(Map<Axis, List<Member>> members, Member member) {
        Axis axis = member.span().axis().root();
        if (!axis.pinned())
            members.computeIfAbsent(axis, _ -> new ArrayList<>()).add(member);
    }

    /**
     * Keeps the chosen entries of a group and removes the others from every parameter in it, masks included. Plans and graphs traced
     * before are stale afterwards.
     *
     * @param kept entries to keep, ascending
     * @throws IllegalArgumentException if the axis is pinned, nothing is kept, or an entry is out of range or out of order
     */
    public static void cut(Group group, int... kept) {
        Axis axis = group.axis();
        if (axis.pinned())
            throw new IllegalArgumentException(axis + " is an input or output of the network and stays whole");
        if (kept.length == 0) throw new IllegalArgumentException("at least one entry of " + axis + " has to stay");
        for (int i = 0; i < kept.length; i++)
            if (kept[i] < 0 || kept[i] >= axis.size() || i > 0 && kept[i] <= kept[i - 1])
                throw new IllegalArgumentException("entries of " + axis + " to keep must ascend from 0 to "
                        + (axis.size() - 1) + ", but number " + i + " is " + kept[i]);
        for (Member member : group.members())
            if (member.rows()) shrink(member, kept, member.parameter().rows());
        for (Member member : group.members()) if (!member.rows()) shrink(member, kept, rowsByNow(group, member, kept));
        axis.resize(kept.length);
    }

    /**
     * Puts the entries of a group into another order in every parameter in it, masks included: the network computes the same. Plans
     * traced before are stale afterwards.
     *
     * @param order of each place the entry that goes there
     * @throws IllegalArgumentException if it does not name every entry once
     */
    public static void permute(Group group, int... order) {
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        if (order.length != group.size()
                || !Arrays.equals(sorted, IntStream.range(0, group.size()).toArray()))
            throw new IllegalArgumentException("an order of " + group.axis()
                    + " has to name each of its entries once, not " + Arrays.toString(order));
        for (Member member : group.members())
            shrink(member, order, member.parameter().rows());
    }

    /** The order that undoes {@link #permute} by {@code order}. */
    public static int[] inverse(int... order) {
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) inverse[order[i]] = i;
        return inverse;
    }

    /** A weight between two layers of one group, as in a chain of residual blocks, has lost rows already. */
    private static int rowsByNow(Group group, Member columns, int[] kept) {
        Parameter p = columns.parameter();
        for (Member other : group.members())
            if (other.rows() && other.parameter() == p) return kept.length * other.positions();
        return p.rows();
    }

    private static void shrink(Member member, int[] kept, int rows) {
        int each = member.positions();
        int[] positions = new int[kept.length * each];
        for (int i = 0; i < positions.length; i++) positions[i] = member.first(kept[i / each]) + i % each;
        Parameter p = member.parameter();
        p.retain(positions, member.rows(), rows, p.columns());
    }
}
