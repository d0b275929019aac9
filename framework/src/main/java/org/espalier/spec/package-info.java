/**
 * Reads specs: YAML text becomes nodes that remember where they were written, nodes become records.
 *
 * <p>A leaf package: it knows no other package of the project. SnakeYAML is used here and nowhere else, and only its
 * parser: nothing is ever constructed from a tag.
 */
package org.espalier.spec;
