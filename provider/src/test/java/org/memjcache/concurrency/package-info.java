/**
 * Linearizability: whatever operations on one key, and clears, several threads of one or of two
 * processes do at the same time, their answers are those of a plain map that did one after the
 * other.
 */
@NullMarked
package org.memjcache.concurrency;

import org.jspecify.annotations.NullMarked;
