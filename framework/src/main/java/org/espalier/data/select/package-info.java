/**
 * Selection of documents from files too large for memory: n-gram counts, importance weights, and resampling with DSIR's authors'
 * own noise (Xie et al., 2023).
 */
package org.espalier.data.select;
