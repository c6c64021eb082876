/**
 * Runs memcached as a process of this machine that can't outlive the JVM.
 *
 * <p>Not part of the test kit's API.
 */
@NullMarked
package org.memjcache.testkit.local;

import org.jspecify.annotations.NullMarked;
