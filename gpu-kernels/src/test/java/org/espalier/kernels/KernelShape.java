package org.espalier.kernels;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.*;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads the bytecode of one class of kernels and says what TornadoVM could not compile. Every public static method is a
 * kernel; other static methods are helpers, which TornadoVM inlines.
 */
final class KernelShape {
    /** Own arguments of a kernel before {@code int first, int count}: TornadoVM's tasks take 15 in all. */
    static final int MOST_ARGUMENTS = 13;

    private static final Set<String> PARAMETERS = Set.of("[F", "[I", "F", "I");
    private static final String MATH = "uk.ac.manchester.tornado.api.math.TornadoMath";

    /** The functions that TornadoVM's back ends replace by the device's own; the rest of TornadoMath is plain Java. */
    private static final Set<String> MAPPED = Set.of(
            "sqrt",
            "exp",
            "log",
            "abs",
            "floor",
            "ceil",
            "min",
            "max",
            "pow",
            "clamp",
            "sin",
            "cos",
            "tan",
            "asin",
            "acos",
            "atan",
            "atan2",
            "tanh",
            "asinh",
            "acosh",
            "toRadians",
            "sinpi",
            "cospi");

    /** What a parameter must not be called: TornadoVM carries its name over into OpenCL C. */
    private static final Set<String> WORDS = Set.of(
            "kernel",
            "global",
            "local",
            "constant",
            "private",
            "generic",
            "half",
            "uchar",
            "ushort",
            "uint",
            "ulong",
            "bool",
            "image",
            "pipe",
            "unsigned",
            "signed",
            "struct",
            "union",
            "enum",
            "typedef",
            "sizeof",
            "register",
            "auto",
            "extern",
            "inline",
            "restrict",
            "volatile",
            "goto",
            "static",
            "const",
            "vector",
            "event",
            "sampler");

    /** What a kernel must not be called: TornadoVM calls its OpenCL kernel the same, and these are functions there. */
    private static final Set<String> FUNCTIONS = Set.of(
            "abs",
            "max",
            "min",
            "clamp",
            "mix",
            "step",
            "sign",
            "degrees",
            "radians",
            "dot",
            "cross",
            "distance",
            "length",
            "normalize",
            "fma",
            "mad",
            "exp",
            "log",
            "pow",
            "sqrt",
            "rsqrt",
            "cbrt",
            "sin",
            "cos",
            "tan",
            "tanh",
            "rotate",
            "select",
            "any",
            "all",
            "shuffle",
            "round",
            "floor",
            "ceil",
            "trunc",
            "rint",
            "fract",
            "hypot",
            "barrier",
            "printf",
            "popcount",
            "clz",
            "ctz",
            "fdim",
            "fmax",
            "fmin",
            "fmod",
            "remainder",
            "nan",
            "erf",
            "prefetch");

    private final ClassModel type;
    private final List<String> refusals = new ArrayList<>();
    private int kernels;

    private KernelShape(ClassModel type) {
        this.type = type;
    }

    static KernelShape of(byte[] classFile) {
        KernelShape shape = new KernelShape(ClassFile.of().parse(classFile));
        shape.check();
        return shape;
    }

    /** What is wrong, one line each. */
    List<String> refusals() {
        return refusals;
    }

    /** How many kernels the class holds. */
    int kernels() {
        return kernels;
    }

    private void refuse(String where, String why) {
        refusals.add(type.thisClass().asInternalName() + "." + where + ": " + why);
    }

    private void check() {
        for (FieldModel field : type.fields())
            if (!field.flags().has(AccessFlag.STATIC)
                    || field.findAttribute(Attributes.constantValue()).isEmpty())
                refuse(field.fieldName().stringValue(), "state; only constants are allowed");
        for (MethodModel method : type.methods()) check(method);
    }

    private void check(MethodModel method) {
        String name = method.methodName().stringValue();
        if (name.equals("<init>")
                && method.flags().has(AccessFlag.PRIVATE)
                && method.methodTypeSymbol().parameterCount() == 0) return; // the constructor that forbids instances
        if (!method.flags().has(AccessFlag.STATIC)) refuse(name, "not static");
        if (method.flags().has(AccessFlag.SYNCHRONIZED)) refuse(name, "synchronized");
        boolean kernel = method.flags().has(AccessFlag.PUBLIC);
        if (kernel) kernels++;
        var body = method.findAttribute(Attributes.code());
        if (body.isEmpty()) {
            refuse(name, "no body");
            return;
        }
        boolean tuned = TunedShape.takesContext(method.methodTypeSymbol());
        if (kernel) signature(name, method.methodTypeSymbol(), tuned);
        if (!body.get().exceptionHandlers().isEmpty()) refuse(name, "handles exceptions");
        for (CodeElement element : body.get()) if (element instanceof Instruction i) instruction(method, i);
        if (kernel && FUNCTIONS.contains(name)) refuse(name, "has the name of a function of OpenCL's");
        if (kernel) names(name, body.get());
        if (kernel && !tuned) new ParallelLoops(method, body.get(), why -> refuse(name, why)).check();
        if (kernel && tuned) new TunedShape(method, this::callees, why -> refuse(name, why)).check();
        reaches(method, name, new ArrayList<>());
    }

    private void names(String name, CodeAttribute code) {
        var table = code.findAttribute(Attributes.localVariableTable());
        if (table.isEmpty()) return; // which is refused below
        for (var variable : table.get().localVariables()) {
            String called = variable.name().stringValue();
            if (WORDS.contains(called)) refuse(name, "a variable called " + called + ", which is a word of OpenCL's");
        }
    }

    private void signature(String name, MethodTypeDesc descriptor, boolean tuned) {
        int own = descriptor.parameterCount() - 2;
        List<ClassDesc> types = descriptor.parameterList();
        if (tuned) types = types.subList(1, own + 2);
        if (!descriptor.returnType().descriptorString().equals("V")) refuse(name, "returns a value");
        if (own < 0
                || types.subList(own, types.size()).stream()
                        .anyMatch(t -> !t.descriptorString().equals("I")))
            refuse(name, "does not end in int first, int count");
        if (own > MOST_ARGUMENTS) refuse(name, own + " own arguments, more than " + MOST_ARGUMENTS);
        for (ClassDesc t : types)
            if (!PARAMETERS.contains(t.descriptorString())) refuse(name, "parameter of type " + t.displayName());
    }

    private void instruction(MethodModel method, Instruction instruction) {
        String name = method.methodName().stringValue();
        switch (instruction) {
            case NewObjectInstruction _,
                    NewReferenceArrayInstruction _,
                    NewMultiArrayInstruction _,
                    InvokeDynamicInstruction _ -> refuse(name, "allocates");
            case NewPrimitiveArrayInstruction _ -> {
                if (!TunedShape.takesContext(method.methodTypeSymbol())) refuse(name, "allocates");
            }
            case ThrowInstruction _ -> refuse(name, "throws");
            case MonitorInstruction _ -> refuse(name, "synchronizes");
            case TypeCheckInstruction _ -> refuse(name, "looks at types");
            case OperatorInstruction o
            when o.opcode() == Opcode.IUSHR ->
                refuse(
                        name,
                        "shifts by >>>, which in OpenCL C becomes a shift that keeps the sign: shift by >> and mask");
            case FieldInstruction f -> {
                if (!TunedShape.allows(f))
                    refuse(name, "touches the field " + f.name().stringValue());
            }
            case InvokeInstruction call -> call(name, call);
            default -> {}
        }
        if (wide(instruction)) refuse(name, "computes in long or double");
    }

    private void call(String name, InvokeInstruction call) {
        String owner = call.owner().asInternalName().replace('/', '.');
        String callee = owner + "." + call.name().stringValue();
        if (call.opcode() != Opcode.INVOKESTATIC) {
            if (!TunedShape.allows(call)) refuse(name, "calls the instance method " + callee);
        } else if (owner.equals(MATH)) {
            if (!MAPPED.contains(call.name().stringValue())) refuse(name, "calls " + callee + ", which no device maps");
        } else if (!samePackage(owner)) refuse(name, "calls " + callee);
        if (call.typeSymbol().descriptorString().matches(".*[JD].*")
                && Stream.concat(Stream.of(call.typeSymbol().returnType()), call.typeSymbol().parameterList().stream())
                        .anyMatch(t -> t.descriptorString().matches("[JD]")))
            refuse(name, "computes in long or double");
    }

    private boolean samePackage(String owner) {
        String own = type.thisClass().asInternalName().replace('/', '.');
        return owner.substring(0, owner.lastIndexOf('.') + 1).equals(own.substring(0, own.lastIndexOf('.') + 1));
    }

    private static boolean wide(Instruction instruction) {
        TypeKind kind = switch (instruction) {
            case LoadInstruction i -> i.typeKind();
            case StoreInstruction i -> i.typeKind();
            case OperatorInstruction i -> i.typeKind();
            case ConstantInstruction i -> i.typeKind();
            case ArrayLoadInstruction i -> i.typeKind();
            case ArrayStoreInstruction i -> i.typeKind();
            case ConvertInstruction i -> wide(i.fromType()) ? i.fromType() : i.toType();
            default -> TypeKind.VOID;
        };
        return wide(kind);
    }

    private static boolean wide(TypeKind kind) {
        return kind == TypeKind.LONG || kind == TypeKind.DOUBLE;
    }

    /** Walks the calls from {@code method} within its class; a path that comes back to a method on it is a recursion. */
    private void reaches(MethodModel method, String root, List<String> path) {
        String self = method.methodName().stringValue() + method.methodType().stringValue();
        if (path.contains(self)) {
            if (path.getFirst().equals(self)) refuse(root, "calls itself");
            return;
        }
        path.add(self);
        method.findAttribute(Attributes.code())
                .ifPresent(code -> callees(code).forEach(callee -> reaches(callee, root, path)));
        path.removeLast();
    }

    private Stream<MethodModel> callees(CodeAttribute code) {
        return code.elementStream()
                .filter(InvokeInstruction.class::isInstance)
                .map(InvokeInstruction.class::cast)
                .filter(call ->
                        call.owner().asInternalName().equals(type.thisClass().asInternalName()))
                .flatMap(call -> type.methods().stream()
                        .filter(m -> m.methodName().equalsString(call.name().stringValue())
                                && m.methodType().equalsString(call.type().stringValue())))
                .distinct();
    }
}
