/** Examples with labels: where they come from and how a batch of them is gathered. */
package org.espalier.data;
