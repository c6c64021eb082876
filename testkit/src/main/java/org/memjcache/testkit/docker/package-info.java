/**
 * Runs memcached in a container. Only this package knows Testcontainers, an optional dependency.
 *
 * <p>Not part of the test kit's API.
 */
@NullMarked
package org.memjcache.testkit.docker;

import org.jspecify.annotations.NullMarked;
