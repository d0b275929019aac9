package org.espalier.launch;

import java.lang.classfile.Attributes;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.*;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds which array parameters of a kernel are stored into, by following through its bytecode where each value on the operand stack
 * comes from. One pass is enough for what javac makes of a kernel: every value takes one slot (no long, no double), the
 * stack is empty where a loop goes back, and an array parameter is never assigned to. What goes into arrays of a kernel's own, in a
 * group's local memory, does not count.
 */
final class ArrayStores {
    /** What is on the stack and is no parameter. */
    private static final int OTHER = -1;

    private final KernelMethod method;
    private final MethodTypeDesc type;
    private final boolean[] written;
    private final Map<Label, List<Integer>> branches = new HashMap<>();
    private Deque<Integer> stack = new ArrayDeque<>();
    private boolean reachable = true;

    ArrayStores(KernelMethod method) {
        this.method = method;
        this.type = MethodTypeDesc.ofDescriptor(method.descriptor());
        this.written = new boolean[type.parameterCount()];
    }

    boolean[] find() {
        for (CodeElement element :
                method.model().findAttribute(Attributes.code()).orElseThrow()) {
            if (element instanceof LabelTarget target) arrive(target.label());
            else if (element instanceof Instruction instruction && reachable) follow(instruction);
        }
        return written;
    }

    private void follow(Instruction instruction) {
        switch (instruction) {
            case LoadInstruction load -> stack.push(load.typeKind() == TypeKind.REFERENCE ? load.slot() : OTHER);
            case StoreInstruction store -> store(store);
            case ConstantInstruction _ -> stack.push(OTHER);
            case ArrayLoadInstruction _ -> replace(2);
            case ArrayStoreInstruction _ -> {
                pop(2);
                wrote(stack.pop());
            }
            case OperatorInstruction operator -> replace(unary(operator) ? 1 : 2);
            case ConvertInstruction _, NewPrimitiveArrayInstruction _ -> replace(1);
            case FieldInstruction field when field.opcode() == Opcode.GETFIELD -> replace(1);
            case IncrementInstruction _, NopInstruction _ -> {}
            case StackInstruction shuffle -> shuffle(shuffle);
            case InvokeInstruction call -> call(call);
            case BranchInstruction branch -> branch(branch);
            case ReturnInstruction _ -> reachable = false;
            default ->
                throw new IllegalStateException(
                        method + " holds the instruction " + instruction.opcode() + ", which kernels do not have");
        }
    }

    private void store(StoreInstruction store) {
        int value = stack.pop();
        boolean own = store.typeKind() == TypeKind.REFERENCE && store.slot() < written.length;
        if (own || value != OTHER) throw new IllegalStateException(method + " gives an array another name");
    }

    private static boolean unary(OperatorInstruction operator) {
        return switch (operator.opcode()) {
            case INEG, FNEG, ARRAYLENGTH -> true;
            default -> false;
        };
    }

    private void call(InvokeInstruction call) {
        MethodTypeDesc callee = call.typeSymbol();
        int[] given = new int[callee.parameterCount()];
        for (int i = given.length - 1; i >= 0; i--) given[i] = stack.pop();
        if (call.opcode() != Opcode.INVOKESTATIC) stack.pop();
        if (Arrays.stream(given).anyMatch(g -> g != OTHER)) {
            KernelMethod helper = new KernelMethod(
                    call.owner().asInternalName(), call.name().stringValue(), callee.descriptorString());
            if (Arrays.stream(given).anyMatch(g -> g >= written.length))
                throw new IllegalStateException(
                        method + " hands a local array to " + helper + ", where TornadoVM takes it for a global one");
            boolean[] writes = helper.writes();
            for (int i = 0; i < given.length; i++) if (writes[i]) wrote(given[i]);
        }
        if (!callee.returnType().descriptorString().equals("V")) stack.push(OTHER);
    }

    private void branch(BranchInstruction branch) {
        switch (branch.opcode()) {
            case GOTO, GOTO_W -> {}
            case IF_ICMPEQ, IF_ICMPNE, IF_ICMPLT, IF_ICMPGE, IF_ICMPGT, IF_ICMPLE -> pop(2);
            default -> pop(1);
        }
        branches.putIfAbsent(branch.target(), List.copyOf(stack));
        switch (branch.opcode()) {
            case GOTO, GOTO_W -> reachable = false;
            default -> {}
        }
    }

    /** After a jump away, what follows begins with the stack of those who jump here. */
    private void arrive(Label label) {
        List<Integer> from = branches.get(label);
        if (reachable) return;
        if (from != null) {
            stack = new ArrayDeque<>(from);
            reachable = true;
        }
    }

    private void shuffle(StackInstruction shuffle) {
        switch (shuffle.opcode()) {
            case POP -> pop(1);
            case POP2 -> pop(2);
            case DUP -> copy(1, 0);
            case DUP_X1 -> copy(1, 1);
            case DUP_X2 -> copy(1, 2);
            case DUP2 -> copy(2, 0);
            case DUP2_X1 -> copy(2, 1);
            case DUP2_X2 -> copy(2, 2);
            case SWAP -> {
                int top = stack.pop();
                int below = stack.pop();
                stack.push(top);
                stack.push(below);
            }
            default -> throw new IllegalStateException(shuffle.opcode().toString());
        }
    }

    /** Puts a copy of the top {@code count} values below the {@code under} values that lie under them. */
    private void copy(int count, int under) {
        int[] top = new int[count + under];
        for (int i = top.length - 1; i >= 0; i--) top[i] = stack.pop();
        for (int i = under; i < top.length; i++) stack.push(top[i]);
        for (int value : top) stack.push(value);
    }

    private void replace(int operands) {
        pop(operands);
        stack.push(OTHER);
    }

    private void pop(int count) {
        for (int i = 0; i < count; i++) stack.pop();
    }

    /** Kernels have no wide parameters, so a parameter's slot is its number. */
    private void wrote(int slot) {
        if (slot == OTHER) throw new IllegalStateException(method + " writes an array that has no name");
        if (slot < written.length) written[slot] = true;
    }
}
