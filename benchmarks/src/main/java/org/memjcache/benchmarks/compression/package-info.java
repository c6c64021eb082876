/** What compression saves, and what it costs. */
@NullMarked
package org.memjcache.benchmarks.compression;

import org.jspecify.annotations.NullMarked;
