/** From a language model's files to a network: which entry of the zoo it is, and where its weights stand. */
package org.espalier.models.pretrained;
