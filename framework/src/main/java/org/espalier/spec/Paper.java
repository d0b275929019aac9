package org.espalier.spec;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a method: the paper it comes from. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Paper {
    /** The full title. */
    String title();

    /** The year of the first public version. */
    int year();

    /** The arXiv number or DOI, if there is one. */
    String id() default "";

    /** The survey's taxonomy tags. */
    String[] tags() default {};
}
