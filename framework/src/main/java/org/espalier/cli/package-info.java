/**
 * The command line: one class per command. The only package that prints; results go to standard output, everything else
 * to standard error.
 */
package org.espalier.cli;
