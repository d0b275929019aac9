/** Tokenizers: the vocabularies that models bring along, and one that is trained on a text. */
package org.espalier.data.text;
