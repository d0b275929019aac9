/**
 * Hashed n-grams of documents, exactly as DSIR's authors count them (Xie et al., 2023; package data-selection 1.0.3), on UTF-8
 * bytes and without a string per token.
 */
package org.espalier.data.ngram;
