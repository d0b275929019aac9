package org.espalier.spec;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The YAML text that stands for an absent component, e.g. {@code @Default("1e-3")} or
 * {@code @Default("{ adam: { rate: 1e-3 } }")}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    /** Read as if it stood in the spec. */
    String value();
}
