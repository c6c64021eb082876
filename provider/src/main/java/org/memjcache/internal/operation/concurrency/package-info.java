/** What keeps those who want one entry out of each other's way: locks, turns and shared loads. */
@NullMarked
package org.memjcache.internal.operation.concurrency;

import org.jspecify.annotations.NullMarked;
