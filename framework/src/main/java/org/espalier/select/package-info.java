/** Choosing examples: what a selector is asked, what it answers. */
package org.espalier.select;
