/** The sources a spec can name. */
package org.espalier.data.source;
