package org.memjcache.internal.entry;

import java.util.List;
import org.memjcache.internal.namespace.Versions;
import org.memjcache.internal.operation.EntryUpdate;

/**
 * What one round trip read for some steps.
 *
 * @param versions the versions that were in force
 * @param steps who asked
 * @param entries what each of them sees, in the same order
 */
public record Reading<K, V>(
    Versions versions, List<? extends EntryUpdate<K, V>> steps, List<Snapshot<V>> entries) {}
