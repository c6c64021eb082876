/** Many tenants in one process: what each of them costs, and what clearing some does to others. */
@NullMarked
package org.memjcache.benchmarks.tenants;

import org.jspecify.annotations.NullMarked;
