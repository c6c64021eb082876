/** What a database sees, and what users wait, when a tenant is cleared whose entries are in use. */
@NullMarked
package org.memjcache.benchmarks.stampede;

import org.jspecify.annotations.NullMarked;
