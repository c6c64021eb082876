/**
 * What JCache's operations do to entries: get, put, remove, invoke, loadAll and their relatives.
 *
 * <p>An operation that has to know the old entry is an {@link EntryUpdate}: it sees what was read,
 * decides on a change, and is told when the change is in force. {@link OptimisticUpdater} reads
 * with cas tokens, writes conditionally, and repeats what another process came in between of.
 */
@NullMarked
package org.memjcache.internal.operation;

import org.jspecify.annotations.NullMarked;
