/**
 * Measures one contestant in a JVM of its own.
 *
 * <p>{@link org.memjcache.benchmarks.worker.WorkerJvm} is the side that gives orders, {@link
 * org.memjcache.benchmarks.worker.Worker} the side that carries them out, with JMH, in the same JVM
 * one after the other. So all contestants are warm, none has the others' classes in its profile,
 * and they can take turns second by second.
 */
@NullMarked
package org.memjcache.benchmarks.worker;

import org.jspecify.annotations.NullMarked;
