/**
 * Measures one contestant in a JVM of its own.
 *
 * <p>{@link org.memjcache.benchmarks.worker.WorkerJvm} is the side that gives orders, {@link
 * org.memjcache.benchmarks.worker.Worker} the side that executes them, with JMH, one after the
 * other in the same JVM. So all contestants are warm, none has the others' classes in its profile,
 * and they can take turns second by second.
 */
@NullMarked
package org.memjcache.benchmarks.worker;

import org.jspecify.annotations.NullMarked;
