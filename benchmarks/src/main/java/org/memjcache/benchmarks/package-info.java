/** The command line of the benchmarks. */
@NullMarked
package org.memjcache.benchmarks;

import org.jspecify.annotations.NullMarked;
