package org.espalier.kernels;

import java.lang.classfile.Attributes;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.*;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** What holds for kernels that say what each work item of a group does: they begin with a context and end in {@code int count}. */
final class TunedShape {
    private static final String CONTEXT = "uk/ac/manchester/tornado/api/KernelContext";
    private static final Set<String> FIELDS = Set.of("localIdx", "groupIdx", "localGroupSizeX");
    private static final String ALLOCATE = "allocateFloatLocalArray";
    private static final Set<String> CALLS = Set.of("localBarrier", ALLOCATE);

    private final MethodModel kernel;
    private final Function<CodeAttribute, Stream<MethodModel>> callees;
    private final Consumer<String> refuse;
    private final Map<String, Integer> reads = new HashMap<>();

    TunedShape(MethodModel kernel, Function<CodeAttribute, Stream<MethodModel>> callees, Consumer<String> refuse) {
        this.kernel = kernel;
        this.callees = callees;
        this.refuse = refuse;
    }

    static boolean takesContext(MethodTypeDesc type) {
        return type.parameterCount() > 0
                && type.parameterType(0).descriptorString().equals("L" + CONTEXT + ";");
    }

    /** One dimension is all that the launches give. */
    static boolean allows(FieldInstruction field) {
        return field.owner().asInternalName().equals(CONTEXT)
                && field.opcode() == Opcode.GETFIELD
                && FIELDS.contains(field.name().stringValue());
    }

    static boolean allows(InvokeInstruction call) {
        String owner = call.owner().asInternalName(), name = call.name().stringValue();
        return owner.equals(CONTEXT) && CALLS.contains(name)
                || owner.equals("java/lang/Integer") && name.equals("intValue");
    }

    void check() {
        follow(kernel, new HashSet<>());
        reads.forEach((field, times) -> {
            if (times > 1)
                refuse.accept("reads " + field + " of the context more than once, which TornadoVM cannot compile");
        });
    }

    /** TornadoVM makes one body of a kernel and its helpers. */
    private void follow(MethodModel method, Set<String> path) {
        String self = method.methodName().stringValue() + method.methodType().stringValue();
        if (!path.add(self)) return; // a recursion, which is refused elsewhere
        CodeAttribute code = method.findAttribute(Attributes.code()).orElseThrow();
        boolean named = code.findAttribute(Attributes.localVariableTable())
                .map(table ->
                        table.localVariables().stream().anyMatch(v -> v.name().equalsString("count")))
                .orElse(false);
        if (method == kernel && !named) refuse.accept("the last parameter is not called count, or compile with -g");
        List<Instruction> body = code.elementStream()
                .filter(Instruction.class::isInstance)
                .map(Instruction.class::cast)
                .toList();
        for (int i = 0; i < body.size(); i++) {
            if (body.get(i) instanceof FieldInstruction f) reads.merge(f.name().stringValue(), 1, Integer::sum);
            if (allocates(body.get(i)) && !(body.get(i - 1) instanceof ConstantInstruction))
                refuse.accept("has an array whose size is not a constant");
        }
        callees.apply(code).forEach(callee -> follow(callee, path));
        path.remove(self);
    }

    /** A group's array in local memory, or a work item's own in registers. */
    private static boolean allocates(Instruction instruction) {
        return instruction instanceof NewPrimitiveArrayInstruction
                || instruction instanceof InvokeInstruction call && call.name().equalsString(ALLOCATE);
    }
}
