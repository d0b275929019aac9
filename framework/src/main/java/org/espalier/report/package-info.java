/**
 * Reports of runs. {@link org.espalier.report.RunReport} reads a run directory and writes one HTML file, CSV tables and
 * figures; nothing else of the project is asked. A {@code Chart} is drawn twice, by {@code Plotly} for the page and by
 * {@code Still} for papers; a {@code Sheet} is written twice, as HTML and as CSV.
 */
package org.espalier.report;
