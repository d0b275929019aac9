package org.espalier.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The static method behind a kernel's reference, and which of its parameters it writes, as its bytecode says.
 *
 * @param owner the class, for example {@code org/espalier/kernels/MatMul}
 * @param name the method's name
 * @param descriptor its parameters and result, as class files write them
 */
public record KernelMethod(String owner, String name, String descriptor) {
    private static final Map<KernelMethod, boolean[]> WRITES = new ConcurrentHashMap<>();
    private static final Map<String, ClassModel> CLASSES = new ConcurrentHashMap<>();

    /** @throws IllegalArgumentException if {@code kernel} is not a plain reference to a static method */
    static KernelMethod of(Kernel kernel) {
        try {
            Method replace = kernel.getClass().getDeclaredMethod("writeReplace");
            replace.setAccessible(true);
            SerializedLambda form = (SerializedLambda) replace.invoke(kernel);
            if (form.getCapturedArgCount() > 0)
                throw new IllegalArgumentException(
                        "a kernel is a plain reference to a static method, and this one captures "
                                + form.getCapturedArgCount() + " values");
            return new KernelMethod(form.getImplClass(), form.getImplMethodName(), form.getImplMethodSignature());
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "a kernel is a reference to a static method, not " + kernel.getClass(), e);
        }
    }

    /** Of each parameter, whether it is an array that the method, or one it calls, may store into. */
    boolean[] writes() {
        boolean[] known = WRITES.get(this);
        if (known == null) WRITES.put(this, known = new ArrayStores(this).find());
        return known;
    }

    /** What the groups of a tuned kernel share: the arrays, of constant sizes, that it and its helpers allocate. */
    int localBytes() {
        int bytes = 0, constant = 0;
        for (CodeElement element : model().findAttribute(Attributes.code()).orElseThrow()) {
            if (element instanceof ConstantInstruction c && c.constantValue() instanceof Integer value)
                constant = value;
            if (!(element instanceof InvokeInstruction call)) continue;
            if (call.name().equalsString("allocateFloatLocalArray")) bytes += Float.BYTES * constant;
            KernelMethod helper = new KernelMethod(
                    call.owner().asInternalName(),
                    call.name().stringValue(),
                    call.type().stringValue());
            if (call.opcode() == Opcode.INVOKESTATIC && helper.owner.equals(owner)) bytes += helper.localBytes();
        }
        return bytes;
    }

    /** The method as its class file holds it. */
    MethodModel model() {
        return CLASSES.computeIfAbsent(owner, KernelMethod::read).methods().stream()
                .filter(m -> m.methodName().equalsString(name) && m.methodType().equalsString(descriptor))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no method " + this));
    }

    private static ClassModel read(String owner) {
        try (InputStream in = KernelMethod.class.getResourceAsStream("/" + owner + ".class")) {
            if (in == null) throw new IllegalArgumentException("the class file of " + owner + " cannot be read");
            return ClassFile.of().parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For example {@code MatMul.nt}. */
    @Override
    public String toString() {
        return owner.substring(owner.lastIndexOf('/') + 1) + "." + name;
    }
}
