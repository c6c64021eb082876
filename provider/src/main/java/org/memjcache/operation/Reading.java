package org.memjcache.operation;

import java.util.List;
import org.memjcache.namespace.Versions;

/**
 * What one round trip read for some steps.
 *
 * @param versions the versions that were in force
 * @param steps who asked
 * @param entries what each of them sees, in the same order
 */
record Reading<K, V>(
    Versions versions, List<? extends Step<K, V>> steps, List<Snapshot<V>> entries) {}
