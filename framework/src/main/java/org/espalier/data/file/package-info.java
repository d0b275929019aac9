/** Files that last: safetensors, snapshots, and single files replaced in one step. */
package org.espalier.data.file;
