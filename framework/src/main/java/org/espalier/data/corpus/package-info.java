/** The texts a spec can name. */
package org.espalier.data.corpus;
