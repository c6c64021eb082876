/** What is measured, and in which order. */
@NullMarked
package org.memjcache.benchmarks.plan;

import org.jspecify.annotations.NullMarked;
