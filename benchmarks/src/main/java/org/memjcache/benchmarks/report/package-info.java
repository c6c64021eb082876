/** Writes down what came out: a table, the raw figures, a chart. */
@NullMarked
package org.memjcache.benchmarks.report;

import org.jspecify.annotations.NullMarked;
