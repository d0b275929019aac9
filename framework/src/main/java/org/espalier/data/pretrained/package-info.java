/** The files of language models: Hugging Face folders and GGUF files behind one interface, and the writing of folders. */
package org.espalier.data.pretrained;
