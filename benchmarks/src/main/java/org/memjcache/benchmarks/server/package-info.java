/** Starts the servers of the contestants on 127.0.0.1, and stops them with this JVM. */
@NullMarked
package org.memjcache.benchmarks.server;

import org.jspecify.annotations.NullMarked;
