/** What is compared: one class for each way of keeping entries, behind one interface. */
@NullMarked
package org.memjcache.benchmarks.contestant;

import org.jspecify.annotations.NullMarked;
