package org.espalier.spec;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On an open interface: its methods are the public records of one package, and a method's name in a spec is its class
 * name with hyphens. There is no list to keep.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Family {
    /** The package below {@code org.espalier}, e.g. {@code methods.score}. */
    String value();
}
