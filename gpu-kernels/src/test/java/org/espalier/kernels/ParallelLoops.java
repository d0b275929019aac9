package org.espalier.kernels;

import java.lang.classfile.Attributes;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeAnnotation;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.classfile.instruction.*;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Checks the loops that a kernel asks TornadoVM to run in parallel: from the constant 0, by the constant 1. */
final class ParallelLoops {
    private static final String PARALLEL = "Luk/ac/manchester/tornado/api/annotations/Parallel;";

    private record Range(int slot, int start, int end) {}

    private final CodeAttribute code;
    private final int countSlot;
    private final Consumer<String> refuse;
    private final TreeMap<Integer, Instruction> at = new TreeMap<>();

    ParallelLoops(MethodModel method, CodeAttribute code, Consumer<String> refuse) {
        this.code = code;
        this.countSlot = method.methodTypeSymbol().parameterCount() - 1; // no parameter is wide
        this.refuse = refuse;
        int position = 0;
        for (var element : code) {
            if (!(element instanceof Instruction i)) continue;
            at.put(position, i);
            position += i.sizeInBytes();
        }
    }

    void check() {
        names();
        List<Range> loops = loops();
        if (loops.isEmpty()) refuse.accept("no loop is @Parallel");
        for (Range loop : loops) check(loop, loops);
    }

    /** TornadoVM reads the variables' names and ranges, which javac writes with -g only. */
    private void names() {
        var table = code.findAttribute(Attributes.localVariableTable());
        if (table.isEmpty()) {
            refuse.accept("no table of local variables: compile with -g");
            return;
        }
        List<LocalVariableInfo> variables = table.get().localVariables();
        if (!named(variables, countSlot - 1, "first") || !named(variables, countSlot, "count"))
            refuse.accept("the last two parameters are not called first and count");
    }

    private static boolean named(List<LocalVariableInfo> variables, int slot, String name) {
        return variables.stream()
                .anyMatch(v -> v.startPc() == 0 && v.slot() == slot && v.name().equalsString(name));
    }

    private List<Range> loops() {
        List<Range> loops = new ArrayList<>();
        var table = code.findAttribute(Attributes.runtimeVisibleTypeAnnotations());
        if (table.isEmpty()) return loops;
        for (TypeAnnotation annotation : table.get().annotations())
            if (annotation.annotation().className().equalsString(PARALLEL)
                    && annotation.targetInfo() instanceof TypeAnnotation.LocalVarTarget target)
                for (TypeAnnotation.LocalVarTargetInfo info : target.table())
                    loops.add(new Range(info.index(), position(info.startLabel()), position(info.endLabel())));
        return loops;
    }

    private int position(Label label) {
        return code.labelToBci(label);
    }

    private void check(Range loop, List<Range> all) {
        var store = at.lowerEntry(loop.start());
        var initial = store == null ? null : at.lowerEntry(store.getKey());
        if (store == null
                || !(store.getValue() instanceof StoreInstruction s)
                || s.slot() != loop.slot()
                || initial == null
                || !(initial.getValue() instanceof ConstantInstruction c)
                || !Integer.valueOf(0).equals(c.constantValue()))
            refuse.accept("a parallel loop does not start at the constant 0");
        stride(loop);
        boolean outermost = all.stream().noneMatch(o -> o.start() < loop.start() && loop.end() <= o.end());
        if (outermost && !boundedByCount(loop)) refuse.accept("the outermost parallel loop does not run to count");
    }

    private void stride(Range loop) {
        var inside = at.subMap(loop.start(), loop.end()).values();
        long stores = inside.stream()
                .filter(i -> i instanceof StoreInstruction s && s.slot() == loop.slot())
                .count();
        List<Integer> steps = inside.stream()
                .filter(i -> i instanceof IncrementInstruction s && s.slot() == loop.slot())
                .map(i -> ((IncrementInstruction) i).constant())
                .toList();
        if (stores > 0 || !steps.equals(List.of(1)))
            refuse.accept("a parallel loop does not advance by the constant 1");
    }

    /** The loop's head is {@code load variable; load count; leave if not less}. */
    private boolean boundedByCount(Range loop) {
        List<Instruction> head =
                at.tailMap(loop.start()).values().stream().limit(3).toList();
        return head.size() == 3
                && head.get(0) instanceof LoadInstruction variable
                && variable.slot() == loop.slot()
                && head.get(1) instanceof LoadInstruction bound
                && bound.slot() == countSlot
                && head.get(2).opcode() == Opcode.IF_ICMPGE;
    }
}
