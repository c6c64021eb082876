/**
 * What JCache's operations do to entries: one read–decide–write machine, and the few paths that
 * need less than it.
 *
 * <p>Every operation that has to know the old entry is a {@link org.memjcache.operation.Step}: it
 * sees what was read, decides on a change, and is told when the change is in force. The {@link
 * org.memjcache.operation.Machine} reads with cas tokens, writes conditionally, and does again what
 * another process came in between of.
 */
@NullMarked
package org.memjcache.operation;

import org.jspecify.annotations.NullMarked;
