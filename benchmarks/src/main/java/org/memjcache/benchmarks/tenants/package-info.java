/** Many tenants in one process: what each one costs, and how clears of some affect the others. */
@NullMarked
package org.memjcache.benchmarks.tenants;

import org.jspecify.annotations.NullMarked;
